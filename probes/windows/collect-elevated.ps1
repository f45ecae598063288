# What only an administrator may read; elevated-script.ts puts it between parts of collect.ps1, whose rules hold here too.
# It changes nothing but pktmon's counters, which it starts for ten seconds where nobody else uses them.
Write-Host 'wsl-trace reads: Hyper-V firewall, NetNat, HNS, extensions of the switch, the last drops of WFP, and counters of pktmon (10 s).'
Write-Host "It sends nothing, changes nothing else, and writes $file, which goes back to the distro."

Add-Rows 'Get-VMSwitchExtension' 'Name Vendor SwitchName Enabled' {
  Get-VMSwitch -ErrorAction Stop | Get-VMSwitchExtension -ErrorAction Stop
}

# By its text: ConstrainedLanguage has no methods of XML, and in front of it may stand a line of words.
function Get-Wfp($what, $between) {
  $text = [string]::Join("`n", @(Get-Program (netsh.exe wfp show $what file=-)))
  if ($text -notmatch '<\w+') { throw "netsh wfp show $what printed no XML" }
  return @($text -split $between | Select-Object -Skip 1)
}

function Get-Tag($text, $name) {
  if ($text -notmatch "<$name>([^<]*)</$name>") { return '' }
  return $Matches[1].Replace('&lt;', '<').Replace('&gt;', '>').Replace('&quot;', '"').Replace('&apos;', "'").Replace('&amp;', '&')
}

# The last drops, with the filter that made each; those of other machines' packets too.
Add-Rows 'wfpDrops' 'FilterId Filter Description Protocol LocalAddress LocalPort RemoteAddress RemotePort' {
  $drops = @(Get-Wfp 'netevents' '<header>' | Where-Object { $_ -match '<type>[A-Z_]*DROP' } | Select-Object -First 200)
  if ($drops.Count -eq 0) { return }
  $filters = @{}
  foreach ($filter in (Get-Wfp 'filters' '<filterKey>')) { $filters[(Get-Tag $filter 'filterId')] = $filter }
  foreach ($drop in $drops) {
    $id = Get-Tag $drop 'filterId'
    $filter = "$($filters[$id])"
    New-Object PSObject -Property @{
      FilterId = $id; Filter = (Get-Tag $filter 'name'); Description = (Get-Tag $filter 'description'); Protocol = (Get-Tag $drop 'ipProtocol')
      LocalAddress = (Get-Tag $drop 'localAddrV4') + (Get-Tag $drop 'localAddrV6'); LocalPort = (Get-Tag $drop 'localPort')
      RemoteAddress = (Get-Tag $drop 'remoteAddrV4') + (Get-Tag $drop 'remoteAddrV6'); RemotePort = (Get-Tag $drop 'remotePort')
    }
  }
}

function Invoke-Pktmon {
  $said = @(pktmon.exe @args | ForEach-Object { "$_" } | Where-Object { $_.Trim() })
  if ($LASTEXITCODE) { throw "pktmon $($args -join ' '): $($said -join ' / ') ($LASTEXITCODE)" }
  return $said
}

# Of the distro's own packets alone: everybody else's drops would tell nothing of it.
Add-Value 'pktmon' {
  if ($guests.Count -eq 0) { throw 'the distro has no address of its own' }
  $own = @(Get-NetIPAddress -ErrorAction Stop | ForEach-Object { "$($_.IPAddress)" })
  if (@($guests | Where-Object { $own -contains $_ }).Count -gt 0) { throw 'the distro has the addresses of Windows, whose packets would be counted with its own' }
  if (@(Invoke-Pktmon filter list | Where-Object { $_ -match '^\s*\d+\s' }).Count -gt 0) { throw 'pktmon has filters of somebody else' }
  if (@(Invoke-Pktmon status).Count -gt 1) { throw 'pktmon is capturing for somebody else' }
  try {
    foreach ($guest in $guests) { $null = Invoke-Pktmon filter add wsl-trace -i $guest }
    $null = Invoke-Pktmon start --capture --counters-only
    Start-Sleep -Seconds 10
    [string]::Join("`n", @(Invoke-Pktmon counters --json))
  } finally {
    try { $null = Invoke-Pktmon stop } catch { }
    $null = Invoke-Pktmon filter remove
  }
}

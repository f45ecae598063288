# Prints the network configuration of Windows as one JSON (schema wsl-trace.host/1).
#
# By hand:  powershell -NoProfile -ExecutionPolicy Bypass -File collect.ps1 > host.json
# It changes nothing and needs no administrator; what it may not read is reported as unread.
#
# Rules that keep it working everywhere:
# - ASCII only: Windows PowerShell 5.1 reads a file without a byte order mark in the ANSI code page.
# - Nothing that ConstrainedLanguage refuses (about_Language_Modes), but behind a test of the mode.
# - Each source is read, and turned into JSON, on its own: a failure costs that source.
# - Questions come as lines on standard input and stay data: "resolve NAME", "reach HOST PORT".
# - What no finding needs stands between "#region extras" and "#endregion": a command line may have no room for it.

#region shared
# Cmdlets that are functions of a module do not see this when it runs as a file: each gets the preference.
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$WarningPreference = 'SilentlyContinue'
# Whoever read this script from standard input leaves the rest of it in $lines.
if ($null -eq $lines) { $lines = $input }
$asked = @($lines | ForEach-Object { "$_".Trim() })
$started = Get-Date
$budgetSeconds = 15
$services = 'HKLM:\SYSTEM\CurrentControlSet\Services'
$mode = "$($ExecutionContext.SessionState.LanguageMode)"

# Plain values only: enums and addresses become their text, dates ISO 8601, lists stay lists.
function ConvertTo-Plain($value, $depth) {
  if ($null -eq $value) { return $null }
  if ($value -is [string]) { return "$value" }
  if ($value -is [bool] -or $value -is [int] -or $value -is [uint32] -or $value -is [byte] -or
    $value -is [int16] -or $value -is [uint16] -or $value -is [double]) { return $value }
  if ($value -is [datetime]) { return $value.ToUniversalTime().ToString('o') }
  # 64 bits do not fit the numbers of JSON's readers.
  if ($value -is [long] -or $value -is [uint64]) { return "$value" }
  if ($value -is [array]) {
    if ($depth -gt 3) { return "$value" }
    $list = @($value | ForEach-Object { ConvertTo-Plain $_ ($depth + 1) })
    return , $list
  }
  if ($value -is [hashtable] -or $value -is [System.Collections.Specialized.OrderedDictionary]) {
    $copy = [ordered]@{}
    foreach ($key in @($value.Keys)) { $copy["$key"] = ConvertTo-Plain $value[$key] ($depth + 1) }
    return $copy
  }
  return "$value"
}

# ASCII, so that no code page between here and the reader matters.
function ConvertTo-AsciiJson($value) {
  $json = "$(ConvertTo-Json -InputObject $value -Depth 6 -Compress)"
  # Case-sensitive: in the other kind U+212A counts as "k", which is ASCII.
  while ($json -cmatch '[^\x20-\x7e]') {
    $char = $Matches[0]
    $json = $json.Replace($char, ('\u{0:x4}' -f [int][char]$char))
  }
  return $json
}

function Get-Reason($record) {
  $exception = $record.Exception
  while ($exception.InnerException) { $exception = $exception.InnerException }
  return "$($exception.Message)".Trim()
}

function Get-ErrorJson($record) {
  $id = "$($record.FullyQualifiedErrorId)"
  $text = Get-Reason $record
  if ($id -like 'CommandNotFoundException*') { $text = "this Windows has no command $($record.TargetObject)" }
  if ("$($record.CategoryInfo.Category)" -eq 'PermissionDenied') { $text = "access denied: $text" }
  if ($text -eq '') { $text = 'failed without a reason' }
  return ConvertTo-AsciiJson @{ error = $text; id = $id }
}

$script:parts = @()

# One source: its JSON, or the reason why it could not be read.
function Add-Source($name, $work) {
  try {
    if (((Get-Date) - $started).TotalSeconds -gt $budgetSeconds) { throw 'not asked: Windows had been too slow before' }
    $json = & $work
  } catch { $json = Get-ErrorJson $_ }
  $script:parts += "`"$name`":$json"
}

function Add-Value($name, $read) { Add-Source $name { ConvertTo-AsciiJson (ConvertTo-Plain (& $read) 0) } }

# A list of rows with these properties.
function Add-Rows($name, $properties, $read) {
  Add-Source $name {
    $rows = @(& $read | Where-Object { $null -ne $_ } | ForEach-Object {
        $row = [ordered]@{}
        foreach ($property in $properties.Split(' ')) { $row[$property] = ConvertTo-Plain $_.$property 0 }
        ConvertTo-AsciiJson $row
      })
    '[' + [string]::Join(',', $rows) + ']'
  }
}

function Get-KeyValues($path) {
  if (-not (Test-Path -LiteralPath $path)) { return }
  $key = Get-ItemProperty -LiteralPath $path
  foreach ($property in $key.PSObject.Properties) {
    if ($property.Name -like 'PS*') { continue }
    @{ Path = $path; Name = $property.Name; Value = $property.Value }
  }
}

function Get-Program($lines) { return @($lines | ForEach-Object { "$_" -replace "`0", '' }) }

# A password may stand in a proxy's address.
function Hide-Password($text) { return "$text" -replace '//[^/@\s]*@', '//***@' }

#endregion

$ipLinks = @{}
Add-Rows 'Get-NetIPInterface' 'ifIndex InterfaceAlias AddressFamily NlMtu InterfaceMetric AutomaticMetric Dhcp ConnectionState Forwarding Store' {
  Get-NetIPInterface -ErrorAction Stop | ForEach-Object { $ipLinks["$($_.ifIndex)"] = 1; $_ }
}
# Hidden ones include WSL's switch and dozens of filter drivers; those that carry no IP are left out.
Add-Rows 'Get-NetAdapter' 'Name InterfaceDescription ifIndex Status MacAddress LinkSpeed MtuSize InterfaceType Virtual Hidden HardwareInterface ConnectorPresent DriverDescription MediaType' {
  Get-NetAdapter -IncludeHidden -ErrorAction Stop | Where-Object { -not $_.Hidden -or $ipLinks.Count -eq 0 -or $ipLinks.ContainsKey("$($_.ifIndex)") }
}
Add-Rows 'Get-NetIPAddress' 'InterfaceIndex InterfaceAlias IPAddress AddressFamily PrefixLength PrefixOrigin SuffixOrigin AddressState Store' { Get-NetIPAddress -ErrorAction Stop }
Add-Rows 'Get-NetRoute' 'DestinationPrefix NextHop RouteMetric InterfaceMetric ifIndex InterfaceAlias AddressFamily Protocol Store' { Get-NetRoute -ErrorAction Stop }
Add-Rows 'Get-DnsClientServerAddress' 'InterfaceIndex InterfaceAlias AddressFamily ServerAddresses' { Get-DnsClientServerAddress -ErrorAction Stop }
Add-Rows 'Get-DnsClientNrptPolicy' 'Namespace QueryPolicy NameServers DirectAccessEnabled DirectAccessDnsServers DnsSecValidationRequired NameEncoding' { Get-DnsClientNrptPolicy -Effective -ErrorAction Stop }
Add-Rows 'Get-DnsClientNrptRule' 'Name Version Namespace NameServers DirectAccessEnabled DirectAccessDnsServers DnsSecEnabled DisplayName Comment' { Get-DnsClientNrptRule -ErrorAction Stop }
Add-Rows 'Get-DnsClientGlobalSetting' 'UseSuffixSearchList SuffixSearchList UseDevolution' { Get-DnsClientGlobalSetting -ErrorAction Stop }
Add-Rows 'Get-VpnConnection' 'Name ServerAddress AllUserConnection TunnelType AuthenticationMethod ConnectionStatus SplitTunneling DnsSuffix' {
  Get-VpnConnection -ErrorAction Stop
  Get-VpnConnection -AllUserConnection -ErrorAction Stop
}
Add-Rows 'registry' 'Path Name Value' {
  foreach ($root in 'HKLM:\SOFTWARE\Policies\Microsoft\Windows NT\DNSClient\DnsPolicyConfig', "$services\Dnscache\Parameters\DnsPolicyConfig") {
    if (-not (Test-Path -LiteralPath $root)) { continue }
    foreach ($key in @(Get-ChildItem -LiteralPath $root)) { Get-KeyValues "$root\$($key.PSChildName)" }
  }
  Get-KeyValues 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\WSL'
  Get-KeyValues "$services\PortProxy\v4tov4\tcp"
  foreach ($wanted in @('Tcpip', 'EnablePMTUDiscovery'), @('Tcpip', 'EnablePMTUBHDetect'), @('Tcpip', 'PortTrackerEnabledMode'), @('Tcpip6', 'DisabledComponents')) {
    Get-KeyValues "$services\$($wanted[0])\Parameters" | Where-Object { $_.Name -eq $wanted[1] }
  }
}
Add-Rows 'Get-NetFirewallProfile' 'Name Enabled DefaultInboundAction DefaultOutboundAction AllowInboundRules AllowLocalFirewallRules' { Get-NetFirewallProfile -PolicyStore ActiveStore -ErrorAction Stop }
Add-Rows 'Get-Service' 'Name Status StartType' {
  foreach ($service in 'SharedAccess', 'hns', 'vmcompute', 'FSE', 'WslService', 'LxssManager', 'winnat', 'Dnscache', 'iphlpsvc', 'RasMan', 'IKEEXT', 'BFE', 'mpssvc') {
    try { Get-Service -Name $service -ErrorAction Stop }
    catch { if ("$($_.FullyQualifiedErrorId)" -notlike 'NoServiceFound*') { throw } }
  }
}
#region extras
Add-Rows 'Get-NetFirewallHyperVVMSetting' 'Name Enabled DefaultInboundAction DefaultOutboundAction LoopbackEnabled AllowHostPolicyMerge' { Get-NetFirewallHyperVVMSetting -PolicyStore ActiveStore -ErrorAction Stop }
Add-Rows 'Get-NetFirewallHyperVRule' 'Name DisplayName Enabled Direction Action VMCreatorId Protocol LocalAddresses LocalPorts RemoteAddresses RemotePorts RulePriority' {
  Get-NetFirewallHyperVRule -PolicyStore ActiveStore -ErrorAction Stop
}
Add-Rows 'Get-NetAdapterBinding' 'Name DisplayName ComponentID Enabled' {
  Get-NetAdapterBinding -IncludeHidden -ErrorAction Stop | Where-Object { "$($_.ComponentID)" -notlike 'ms_*' }
}
Add-Rows 'Get-NetNat' 'Name InternalIPInterfaceAddressPrefix ExternalIPInterfaceAddressPrefix Active Store' { Get-NetNat -ErrorAction Stop }
Add-Rows 'Get-NetAdapterLso' 'Name InterfaceDescription V1IPv4Enabled IPv4Enabled IPv6Enabled' { Get-NetAdapterLso -ErrorAction Stop }
Add-Rows 'excludedPortRanges' 'StartPort EndPort Administered' {
  foreach ($line in (Get-Program (netsh.exe interface ipv4 show excludedportrange protocol=tcp))) {
    if ($line -match '^\s*(\d{1,5})\s+(\d{1,5})\s*(\*?)\s*$') {
      @{ StartPort = [int]$Matches[1]; EndPort = [int]$Matches[2]; Administered = ($Matches[3] -eq '*') }
    }
  }
}
#endregion
Add-Value 'proxy' {
  $found = [ordered]@{}
  foreach ($value in @(Get-KeyValues 'HKCU:\Software\Microsoft\Windows\CurrentVersion\Internet Settings')) {
    if ('ProxyEnable', 'ProxyServer', 'ProxyOverride', 'AutoConfigURL', 'AutoDetect' -contains $value.Name) { $found[$value.Name] = Hide-Password $value.Value }
  }
  foreach ($name in 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY') {
    if (Test-Path -LiteralPath "env:$name") { $found[$name] = Hide-Password (Get-Item -LiteralPath "env:$name").Value }
  }
  $found
}
Add-Value 'wslconfig' {
  $file = Join-Path $env:USERPROFILE '.wslconfig'
  if (Test-Path -LiteralPath $file) { "$(Get-Content -LiteralPath $file -Raw -Encoding UTF8)" } else { '' }
}
Add-Value 'clock' { @{ utc = (Get-Date).ToUniversalTime().ToString('o') } }
Add-Value 'wsl' {
  # Without it wsl.exe writes UTF-16. Labels are translated, the order of the lines is not.
  $env:WSL_UTF8 = '1'
  $said = @(Get-Program (wsl.exe --version) | Where-Object { $_ -match ':\s*(\d+(\.\d+)+\S*)\s*$' } | ForEach-Object { $Matches[1] })
  $build = @(Get-KeyValues 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion')
  $number = "$(($build | Where-Object { $_.Name -eq 'CurrentBuildNumber' }).Value).$(($build | Where-Object { $_.Name -eq 'UBR' }).Value)"
  $answer = [ordered]@{ version = $null; kernel = $null; windows = $null }
  if ($number -match '^\d+\.\d+$') { $answer.windows = "10.0.$number" }
  # The WSL that comes with Windows knows no --version: no line has this shape then.
  if ($said.Count -ge 2) { $answer.version = $said[0]; $answer.kernel = $said[1] }
  $answer
}
#region extras
# When Windows last came out of sleep. No such event is no failure: it has not slept.
Add-Rows 'Get-WinEvent' 'TimeCreated Id ProviderName' {
  $resumed = @{ LogName = 'System'; ProviderName = 'Microsoft-Windows-Power-Troubleshooter', 'Microsoft-Windows-Kernel-Power'; Id = 1, 107 }
  try { Get-WinEvent -FilterHashtable $resumed -MaxEvents 1 -ErrorAction Stop }
  catch { if ("$($_.FullyQualifiedErrorId)" -notlike 'NoMatchingEventsFound*') { throw } }
}
Add-Rows 'Get-HnsNetwork' 'ID Name Type Subnet' {
  Get-HnsNetwork -ErrorAction Stop | ForEach-Object {
    @{ ID = "$($_.ID)"; Name = $_.Name; Type = "$($_.Type)"; Subnet = @($_.Subnets | ForEach-Object { "$($_.AddressPrefix)" }) }
  }
}
#endregion

$resolved = @{}
function Resolve-Asked($name) {
  $began = Get-Date
  $row = [ordered]@{ name = $name; addresses = @(); servers = @(); ms = 0; error = $null }
  try {
    $answers = @(Resolve-DnsName -Name $name -Type A_AAAA -QuickTimeout -ErrorAction Stop)
    $row.addresses = @($answers | Where-Object { $_.IPAddress } | ForEach-Object { "$($_.IPAddress)" })
    if ($row.addresses.Count -eq 0) { $row.error = 'no address in the answer' }
  } catch { $row.error = Get-Reason $_ }
  $row.ms = [int]((Get-Date) - $began).TotalMilliseconds
  $resolved[$name] = $row.addresses
  $row
}

function Connect-Asked($address, $port) {
  $began = Get-Date
  $row = [ordered]@{ address = $address; port = $port; ok = $false; ms = 0; error = $null }
  try {
    if ($mode -eq 'FullLanguage') {
      $family = [System.Net.Sockets.AddressFamily]'InterNetwork'
      if ($address.Contains(':')) { $family = [System.Net.Sockets.AddressFamily]'InterNetworkV6' }
      $client = New-Object System.Net.Sockets.TcpClient $family
      try {
        $wait = $client.BeginConnect([ipaddress]$address, $port, $null, $null)
        if ($wait.AsyncWaitHandle.WaitOne(3000)) { $client.EndConnect($wait); $row.ok = $true }
        else { $row.error = 'no answer in 3 s' }
      } finally { $client.Close() }
    } else {
      # Test-NetConnection waits 21 s for a silent port, and no parameter changes that.
      $place = "$([ipaddress]$address)"
      if ($place.Contains(':')) { $place = "[$place]" }
      $took = "$(curl.exe -s -o NUL --noproxy '*' --connect-timeout 3 --max-time 4 -w '%{time_connect}' "http://${place}:$port/")"
      $row.ok = $took -match '[1-9]'
      if (-not $row.ok) { $row.error = 'no connection' }
    }
  } catch { $row.error = Get-Reason $_ }
  $row.ms = [int]((Get-Date) - $began).TotalMilliseconds
  $row
}

$names = @($asked | ForEach-Object { if ($_ -match '^resolve ([A-Za-z0-9_][A-Za-z0-9._-]{0,252})$') { $Matches[1] } })
$targets = @($asked | ForEach-Object { if ($_ -match '^reach ([0-9A-Za-z_:.%-]{1,253}) (\d{1,5})$') { @{ to = $Matches[1]; port = [int]$Matches[2] } } })
if ($names.Count -gt 0) { Add-Rows 'resolve' 'name addresses servers ms error' { foreach ($name in $names) { Resolve-Asked $name } } }
if ($targets.Count -gt 0) {
  Add-Rows 'reach' 'address port ok ms error' {
    foreach ($target in $targets) {
      $to = @($target.to)
      if ($resolved.ContainsKey($target.to)) {
        $to = @(@($resolved[$target.to] | Where-Object { $_ -notmatch ':' })[0], @($resolved[$target.to] | Where-Object { $_ -match ':' })[0])
      }
      foreach ($address in $to) { if ("$address" -match '^[0-9a-fA-F:.]+(%\d+)?$') { Connect-Asked "$address" $target.port } }
    }
  }
}

#region answer
$elevated = 'null'
try {
  # The integrity level "high" by its number, which no language changes.
  $groups = [string]::Join(' ', @(Get-Program (whoami.exe /groups)))
  if ($groups -match 'S-1-16-\d+') { $elevated = "$(@('false', 'true')[[int]($groups -match 'S-1-16-(12288|16384)')])" }
} catch { $elevated = 'null' }

$head = '"schema":"wsl-trace.host/1","collectedAt":' + (ConvertTo-AsciiJson $started.ToUniversalTime().ToString('o'))
$head += ',"elevated":' + $elevated + ',"languageMode":' + (ConvertTo-AsciiJson $mode)
'{' + $head + ",`"sources`":{`n" + [string]::Join(",`n", $script:parts) + "`n}}"
#endregion

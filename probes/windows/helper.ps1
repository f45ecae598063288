# Answers questions about the network from Windows, one JSON line each, until its standard input ends.
#
# A question: {"token":"t1","ask":"connect","address":"192.0.2.80","port":443,"timeoutMs":3000}
# Its answer: {"token":"t1","ok":true,"ms":12,"error":null,"code":null}
# Several at once, each answered on its own as soon as it can be: {"questions":[...]}
#
# The rules are those of collect.ps1: ASCII, nothing that ConstrainedLanguage refuses but behind a test of the mode, and
# what comes in stays data. An address is read as an address before anything uses it.

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$WarningPreference = 'SilentlyContinue'
$full = "$($ExecutionContext.SessionState.LanguageMode)" -eq 'FullLanguage'

function Get-Cause($exception) {
  while ($exception.InnerException) { $exception = $exception.InnerException }
  return $exception
}

function Get-Elapsed($began) { return [int]((Get-Date) - $began).TotalMilliseconds }

# A whole number between two bounds, whatever came in.
function Get-Number($value, $least, $most) {
  $number = [int]"$value"
  if ($number -lt $least -or $number -gt $most) { throw "not between $least and $most" }
  return $number
}

# Only what is written as one: .NET takes "5" for an address too.
function Get-Address($value) {
  if ("$value" -notmatch '^(\d+(\.\d+){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*(%\d+)?)$') { throw 'that is no address' }
  return [ipaddress]"$value"
}

function Get-Limit($question) { return Get-Number $question.timeoutMs 1 60000 }

function Resolve-Name($question) {
  if ("$($question.name)" -notmatch '^[A-Za-z0-9_][A-Za-z0-9._-]{0,252}$') { throw 'that is no name' }
  $how = @{ Name = "$($question.name)"; Type = 'A' }
  if ("$($question.type)" -eq 'AAAA') { $how.Type = 'AAAA' }
  if ($question.server) { $how.Server = "$(Get-Address $question.server)" }
  $answers = @(Resolve-DnsName @how -QuickTimeout -ErrorAction Stop)
  return @{ addresses = @($answers | Where-Object { $_.IPAddress } | ForEach-Object { "$($_.IPAddress)" }) }
}

# The state of a neighbour in ARP or neighbour discovery, on each interface with an entry.
function Get-Neighbour($question) {
  $address = Get-Address $question.address
  $rows = @(Get-NetNeighbor -IPAddress "$address" -ErrorAction Stop)
  return @{ states = @($rows | ForEach-Object { "$($_.State)" }) }
}

# Without sockets curl.exe connects: Test-NetConnection waits 21 s for a silent port, and no parameter changes that.
function Test-PortByProgram($question) {
  $place = "$(Get-Address $question.address)"
  if ($place.Contains(':')) { $place = "[$place]" }
  $port = Get-Number $question.port 1 65535
  $seconds = 1 + [int]((Get-Limit $question) / 1000)
  $took = "$(curl.exe -s -o NUL --noproxy '*' --connect-timeout $seconds --max-time $seconds -w '%{time_connect}' "http://${place}:$port/")"
  if ($took -notmatch '[1-9]') { throw 'no connection' }
  return @{}
}

# ping.exe prints everything in the language of Windows, but for "TTL=", which only a reply has.
function Send-EchoByProgram($question) {
  $address = "$(Get-Address $question.address)"
  $size = Get-Number $question.payloadBytes 0 65000
  $ttl = Get-Number $question.ttl 1 255
  $flags = @('-n', '1', '-w', "$(Get-Limit $question)", '-l', "$size", '-i', "$ttl")
  if (-not $address.Contains(':')) { $flags += '-f' }
  $lines = @(ping.exe @flags $address | ForEach-Object { "$_" })
  $reply = @($lines | Where-Object { $_ -match 'TTL=\d' })
  # IPv6 replies have no TTL: only their time shows a reply.
  if ($address.Contains(':')) { $reply = @($lines | Where-Object { $_ -match '[=<]\s*\d+\s*ms' }) }
  if ($reply.Count -gt 0) { return @{ status = 'reply'; from = $address; by = 'program'; detail = "$($reply[0])".Trim() } }
  return @{ status = 'no-reply'; from = $null; by = 'program'; detail = ([string]::Join(' / ', @($lines | Where-Object { $_.Trim() }))) }
}

# The mandatory label "high" or "system" (S-1-16-12288, S-1-16-16384): started as administrator.
function Test-Elevated {
  try { return @(whoami.exe /groups | Where-Object { "$_" -match 'S-1-16-(12288|16384)' }).Count -gt 0 } catch { return $false }
}

# pktmon is one for the whole machine: nothing is started beside somebody's capture or filters, and what was started is
# stopped when it was read, and with the input's end at the latest.
$script:filtered = $false
$script:counting = $false

function Invoke-Pktmon {
  $lines = @(pktmon.exe @args | ForEach-Object { "$_" } | Where-Object { $_.Trim() })
  if ($LASTEXITCODE) { throw "pktmon $($args -join ' '): $($lines -join ' / ') ($LASTEXITCODE)" }
  return $lines
}

function Stop-Watch {
  if ($script:counting) { $script:counting = $false; try { $null = Invoke-Pktmon stop } catch { } }
  if ($script:filtered) { $script:filtered = $false; $null = Invoke-Pktmon filter remove }
}

# In every language the list of filters is a table below a row of dashes, and "not running" is one line.
function Start-Watch($question) {
  $addresses = @($question.addresses | ForEach-Object { "$(Get-Address $_)" })
  $list = @(Invoke-Pktmon filter list)
  if ($list.Count -gt 2 -or @($list | Where-Object { $_ -match '--' }).Count -gt 0) {
    $rows = @($list | Where-Object { $_ -match '^\s*\d+\s' })
    $own = @($rows | Where-Object { $_ -match '^\s*\d+\s+wsl-trace\s' })
    if ($rows.Count -eq 0 -or $own.Count -ne $rows.Count) { throw 'pktmon has filters of somebody else' }
    # Left by a run that was killed.
    $script:filtered = $true
    $script:counting = $true
    Stop-Watch
  }
  if (@(Invoke-Pktmon status).Count -gt 1) { throw 'pktmon is capturing for somebody else' }
  try {
    $script:filtered = $true
    foreach ($address in $addresses) { $null = Invoke-Pktmon filter add wsl-trace -i $address }
    $null = Invoke-Pktmon start --capture --counters-only
    $script:counting = $true
  } catch { $why = "$_"; Stop-Watch; throw $why }
  return @{}
}

function Get-Answer($question) {
  switch ("$($question.ask)") {
    'hello' { return @{ version = 3; languageMode = "$($ExecutionContext.SessionState.LanguageMode)"; elevated = (Test-Elevated) } }
    'watch' { return Start-Watch $question }
    'counters' { return @{ counters = "$(Invoke-Pktmon counters --json)" } }
    'unwatch' { Stop-Watch; return @{} }
    'resolve' { return Resolve-Name $question }
    'neighbour' { return Get-Neighbour $question }
    'connect' { return Test-PortByProgram $question }
    'echo' { return Send-EchoByProgram $question }
    'tls' { throw 'not possible in ConstrainedLanguage' }
    default { throw 'unknown question' }
  }
}

# Starts what .NET does beside everything else; $work.task stays empty for what is answered in its turn.
function Start-Work($work) {
  $question = $work.question
  $work.limit = Get-Limit $question
  $address = Get-Address $question.address
  if ("$($question.ask)" -eq 'echo') {
    $size = Get-Number $question.payloadBytes 0 65000
    $options = New-Object System.Net.NetworkInformation.PingOptions (Get-Number $question.ttl 1 255), $true
    $ping = New-Object System.Net.NetworkInformation.Ping
    $work.task = $ping.SendPingAsync($address, $work.limit, (New-Object byte[] $size), $options)
    # It keeps its own time.
    $work.limit += 1000
    return
  }
  $port = Get-Number $question.port 1 65535
  $work.client = New-Object System.Net.Sockets.TcpClient $address.AddressFamily
  $work.task = $work.client.ConnectAsync($address, $port)
}

# The answer once there is one; $null while there is none.
function Get-Result($work) {
  if (-not $work.task.IsCompleted) {
    if ((Get-Elapsed $work.began) -lt $work.limit) { return $null }
    $work.code = 'TimedOut'
    throw 'no answer in time'
  }
  if ($work.task.IsFaulted) { return Get-Fault $work (Get-Cause $work.task.Exception) }
  if ("$($work.question.ask)" -eq 'echo') { return Get-Echo $work.task.Result }
  if ("$($work.question.ask)" -eq 'connect') { return @{} }
  if ($work.stream) { return @{ protocol = "$($work.stream.SslProtocol)"; trusted = $true } }
  $work.stream = New-Object System.Net.Security.SslStream $work.client.GetStream()
  $work.task = $work.stream.AuthenticateAsClientAsync("$($work.question.name)")
  return $null
}

function Get-Fault($work, $cause) {
  # Whoever judges a certificate, or refuses, has been answered.
  if ($work.stream -and $cause.GetType().Name -eq 'AuthenticationException') {
    return @{ protocol = $null; trusted = $false; detail = "$($cause.Message)" }
  }
  if ($cause.SocketErrorCode) { $work.code = "$($cause.SocketErrorCode)" }
  throw "$($cause.Message)"
}

# Words of IPStatus become the names that the tool uses.
function Get-Echo($reply) {
  $names = @{ Success = 'reply'; PacketTooBig = 'too-big'; TtlExpired = 'ttl-expired'; TimeExceeded = 'ttl-expired'; TimedOut = 'no-reply' }
  $status = $names["$($reply.Status)"]
  if (-not $status) { $status = 'unreachable' }
  $from = $null
  if ($reply.Address -and $status -ne 'no-reply') { $from = "$($reply.Address)" }
  return @{ status = $status; from = $from; by = 'class'; detail = "$($reply.Status)" }
}

function Write-Answer($work, $more, $problem) {
  $answer = [ordered]@{ token = $work.token; ok = $null -eq $problem; ms = (Get-Elapsed $work.began); error = $problem; code = $work.code }
  if ($more) { foreach ($key in @($more.Keys)) { $answer[$key] = $more[$key] } }
  if ($work.client) { $work.client.Close() }
  $json = "$(ConvertTo-Json -InputObject $answer -Depth 4 -Compress)"
  while ($json -cmatch '[^\x20-\x7e]') {
    $char = $Matches[0]
    $json = $json.Replace($char, ('\u{0:x4}' -f [int][char]$char))
  }
  $json
}

function Write-Failure($work, $record) {
  Write-Answer $work $null "$((Get-Cause $record.Exception).Message)".Trim()
}

# What can run beside others is started first; then the rest in turn; then whatever ends, as it ends.
function Write-Answers($questions) {
  $running = @()
  $rest = @()
  foreach ($question in $questions) {
    $work = @{ token = "$($question.token)"; question = $question; began = (Get-Date); code = $null }
    if (-not $full -or 'connect', 'tls', 'echo' -notcontains "$($question.ask)") { $rest += $work; continue }
    try { Start-Work $work; $running += $work } catch { Write-Failure $work $_ }
  }
  foreach ($work in $rest) {
    $work.began = Get-Date
    try { Write-Answer $work (Get-Answer $work.question) $null } catch { Write-Failure $work $_ }
  }
  while ($running.Count -gt 0) {
    $left = @()
    foreach ($work in $running) {
      try {
        $result = Get-Result $work
        if ($null -eq $result) { $left += $work } else { Write-Answer $work $result $null }
      } catch { Write-Failure $work $_ }
    }
    $running = $left
    if ($running.Count -gt 0) { Start-Sleep -Milliseconds 5 }
  }
}

# Whoever read this script from standard input leaves the rest of it in $lines.
if ($null -eq $lines) { $lines = $input }
try {
  $lines | ForEach-Object {
    try {
      $question = "$_" | ConvertFrom-Json
      if ($question.questions) { Write-Answers @($question.questions) } else { Write-Answers @($question) }
    } catch { Write-Failure @{ token = $null; began = (Get-Date); code = $null } $_ }
  }
} finally { try { Stop-Watch } catch { } }

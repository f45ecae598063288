# Answers questions about the network from Windows, one JSON line each, until its standard input ends.
#
# A question: {"token":"t1","ask":"connect","address":"192.0.2.80","port":443,"timeoutMs":3000}
# Its answer: {"token":"t1","ok":true,"ms":12,"error":null}
#
# The rules are those of collect.ps1: ASCII, nothing that ConstrainedLanguage refuses but behind a test of the mode, and
# what comes in stays data. An address is read as an address before anything uses it.

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$WarningPreference = 'SilentlyContinue'
$full = "$($ExecutionContext.SessionState.LanguageMode)" -eq 'FullLanguage'

function Get-Reason($record) {
  $exception = $record.Exception
  while ($exception.InnerException) { $exception = $exception.InnerException }
  return "$($exception.Message)".Trim()
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

function Resolve-Name($question) {
  if ("$($question.name)" -notmatch '^[A-Za-z0-9_][A-Za-z0-9._-]{0,252}$') { throw 'that is no name' }
  $type = 'A'
  if ("$($question.type)" -eq 'AAAA') { $type = 'AAAA' }
  $answers = @(Resolve-DnsName -Name "$($question.name)" -Type $type -QuickTimeout -ErrorAction Stop)
  return @{ addresses = @($answers | Where-Object { $_.IPAddress } | ForEach-Object { "$($_.IPAddress)" }) }
}

function Open-Connection($question) {
  $address = Get-Address $question.address
  $port = Get-Number $question.port 1 65535
  if (-not $full) {
    # Test-NetConnection waits 21 s for a silent port, and no parameter changes that.
    $place = "$address"
    if ($place.Contains(':')) { $place = "[$place]" }
    $seconds = 1 + [int]((Get-Number $question.timeoutMs 1 60000) / 1000)
    $took = "$(curl.exe -s -o NUL --noproxy '*' --connect-timeout $seconds --max-time $seconds -w '%{time_connect}' "http://${place}:$port/")"
    if ($took -notmatch '[1-9]') { throw 'no connection' }
    return $null
  }
  $client = New-Object System.Net.Sockets.TcpClient $address.AddressFamily
  $wait = $client.BeginConnect($address, $port, $null, $null)
  if (-not $wait.AsyncWaitHandle.WaitOne((Get-Number $question.timeoutMs 1 60000))) {
    $client.Close()
    throw 'no answer in time'
  }
  try { $client.EndConnect($wait) } catch { $client.Close(); throw }
  return $client
}

function Test-Tls($question) {
  if (-not $full) { throw 'not possible in ConstrainedLanguage' }
  $client = Open-Connection $question
  try {
    $stream = New-Object System.Net.Security.SslStream $client.GetStream()
    $wait = $stream.AuthenticateAsClientAsync("$($question.name)")
    if (-not $wait.Wait((Get-Number $question.timeoutMs 1 60000))) { throw 'no answer in time' }
    return @{ protocol = "$($stream.SslProtocol)" }
  } finally { $client.Close() }
}

# One echo that must not be fragmented. Words of IPStatus become the names that the tool uses.
function Send-Echo($question) {
  $address = Get-Address $question.address
  $size = Get-Number $question.payloadBytes 0 65000
  $ttl = Get-Number $question.ttl 1 255
  $limit = Get-Number $question.timeoutMs 1 60000
  if (-not $full) { return Send-EchoByProgram $address $size $ttl $limit }
  $options = New-Object System.Net.NetworkInformation.PingOptions $ttl, $true
  $ping = New-Object System.Net.NetworkInformation.Ping
  $reply = $ping.Send($address, $limit, (New-Object byte[] $size), $options)
  $names = @{ Success = 'reply'; PacketTooBig = 'too-big'; TtlExpired = 'ttl-expired'; TimeExceeded = 'ttl-expired'; TimedOut = 'no-reply' }
  $status = $names["$($reply.Status)"]
  if (-not $status) { $status = 'unreachable' }
  $from = $null
  if ($reply.Address -and $status -ne 'no-reply') { $from = "$($reply.Address)" }
  return @{ status = $status; from = $from; by = 'class'; detail = "$($reply.Status)" }
}

# ping.exe says everything in the language of Windows, but for "TTL=", which only a reply has.
function Send-EchoByProgram($address, $size, $ttl, $limit) {
  $flags = @('-n', '1', '-w', "$limit", '-l', "$size", '-i', "$ttl")
  if (-not "$address".Contains(':')) { $flags += '-f' }
  $lines = @(ping.exe @flags "$address" | ForEach-Object { "$_" })
  $reply = @($lines | Where-Object { $_ -match 'TTL=\d' })
  # IPv6 replies have no TTL: their time alone tells.
  if ("$address".Contains(':')) { $reply = @($lines | Where-Object { $_ -match '[=<]\s*\d+\s*ms' }) }
  if ($reply.Count -gt 0) { return @{ status = 'reply'; from = "$address"; by = 'program'; detail = "$($reply[0])".Trim() } }
  return @{ status = 'no-reply'; from = $null; by = 'program'; detail = ([string]::Join(' / ', @($lines | Where-Object { $_.Trim() }))) }
}

function Get-Answer($question) {
  switch ("$($question.ask)") {
    'hello' { return @{ version = 1; languageMode = "$($ExecutionContext.SessionState.LanguageMode)" } }
    'resolve' { return Resolve-Name $question }
    'connect' { $client = Open-Connection $question; if ($client) { $client.Close() }; return @{} }
    'tls' { return Test-Tls $question }
    'echo' { return Send-Echo $question }
    default { throw 'unknown question' }
  }
}

$input | ForEach-Object {
  $began = Get-Date
  $answer = [ordered]@{ token = $null; ok = $false; ms = 0; error = $null }
  try {
    $question = "$_" | ConvertFrom-Json
    $answer.token = "$($question.token)"
    $more = Get-Answer $question
    foreach ($key in @($more.Keys)) { $answer[$key] = $more[$key] }
    $answer.ok = $true
  } catch { $answer.error = Get-Reason $_ }
  $answer.ms = Get-Elapsed $began
  $json = "$(ConvertTo-Json -InputObject $answer -Depth 4 -Compress)"
  while ($json -cmatch '[^\x20-\x7e]') {
    $char = $Matches[0]
    $json = $json.Replace($char, ('\u{0:x4}' -f [int][char]$char))
  }
  $json
}

// Runs the tool's own PowerShell scripts in this network namespace: node windows-host.mjs SOCKET PWSH NAMESERVER
// A powershell.exe elsewhere (windows-relay.mjs) hands its arguments and streams over by the socket.
import { spawn } from "node:child_process";
import { chmodSync } from "node:fs";
import { createServer } from "node:net";

const [socketPath, pwsh, nameServer] = process.argv.slice(2);
const ASK = new URL("./ask-name.mjs", import.meta.url).pathname;

// Cmdlets that Linux lacks, answered by what this namespace really does. Everything else is .NET's own.
const STUBS = `
function Get-NetNeighbor { [CmdletBinding()] param($IPAddress)
  $names = @{ REACHABLE = 'Reachable'; STALE = 'Stale'; DELAY = 'Delay'; PROBE = 'Probe'; FAILED = 'Unreachable'; INCOMPLETE = 'Incomplete' }
  $rows = @("$(ip -j neigh show $IPAddress)" | ConvertFrom-Json)
  if ($rows.Count -eq 0) { throw 'No matching MSFT_NetNeighbor objects found' }
  foreach ($row in $rows) { @{ State = $names["$(@($row.state)[0])"] } } }
function Resolve-DnsName { [CmdletBinding()] param($Name, $Type, $Server, [switch]$QuickTimeout)
  $found = @(& '${process.execPath}' '${ASK}' '${nameServer}' $Name $Type)
  if ($found.Count -eq 0) { throw "$Name : no server answers" }
  foreach ($address in $found) { @{ IPAddress = $address } } }
`;

const server = createServer((socket) => {
  let head = "";
  socket.on("error", () => socket.destroy());
  const begin = (chunk) => {
    head += chunk;
    const end = head.indexOf("\n");
    if (end < 0) return;
    socket.off("data", begin);
    const child = spawn(pwsh, JSON.parse(head.slice(0, end)), {
      stdio: ["pipe", "pipe", "ignore"],
      detached: true,
    });
    child.stdin.on("error", () => undefined);
    writeWithStubs(socket, child.stdin, head.slice(end + 1));
    child.stdout.pipe(socket);
    socket.on("close", () => child.stdin.end());
    child.on("exit", () => socket.end());
  };
  socket.setEncoding("utf8");
  socket.on("data", begin);
});

/** The first line of standard input carries the script. */
function writeWithStubs(socket, input, begun) {
  let line = begun;
  const take = (chunk) => {
    line += chunk;
    const end = line.indexOf("\n");
    if (end < 0) return;
    socket.off("data", take);
    const { script } = JSON.parse(line.slice(0, end));
    input.write(`${JSON.stringify({ script: `${STUBS}${script}` })}\n${line.slice(end + 1)}`);
    socket.pipe(input);
  };
  socket.on("data", take);
  take("");
}

server.listen(socketPath, () => {
  chmodSync(socketPath, 0o777);
  process.stdout.write("ready\n");
});
// Ends with the test that started it.
process.stdin.on("end", () => process.exit()).resume();

// A real sshd for each connection: node sshd.mjs PORT CONFIGURATION
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import net from "node:net";

const [port, configuration] = process.argv.slice(2);
// Debian's sshd wants it, also where no service made it.
mkdirSync("/run/sshd", { recursive: true });
const server = net.createServer({ pauseOnConnect: true }, (socket) => {
  const argv = ["-i", "-f", configuration];
  spawn("/usr/sbin/sshd", argv, { stdio: [socket, socket, "ignore"] }).on("spawn", () =>
    socket.destroy(),
  );
});
server.listen(Number(port), "::", () => process.stdout.write("ready\n"));
process.stdin.on("end", () => process.exit()).resume();

// Plays powershell.exe: hands arguments and streams to windows-host.mjs, which is in another network namespace.
// Unix sockets with a path know no network namespace.
import { connect } from "node:net";

const [socketPath, ...args] = process.argv.slice(2);
const socket = connect(socketPath, () => {
  socket.write(`${JSON.stringify(args)}\n`);
  process.stdin.pipe(socket);
});
socket.pipe(process.stdout);
socket.on("error", () => process.exit(1));
socket.on("close", () => process.exit());

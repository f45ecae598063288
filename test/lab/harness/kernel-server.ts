// A TCP server that answers every line with a line. Argument: the port.

import { createServer } from "node:net";

createServer((socket) => {
  socket.on("data", () => socket.write("an answer\n"));
  socket.on("error", () => socket.destroy());
}).listen(Number(process.argv[2]), () => process.stdout.write("ready\n"));

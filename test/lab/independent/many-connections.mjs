// A program with many connections: node many-connections.mjs ADDRESS PORT COUNT ODD-PORT MS; asks on each once, and on one of another port.
import net from "node:net";

const [address, port, count, oddPort, ms] = process.argv.slice(2);
const ask = (to) => {
  const socket = net.connect(Number(to), address, () =>
    socket.write(`GET / HTTP/1.1\r\nHost: ${address}\r\n\r\n`),
  );
  socket.on("error", () => undefined).resume();
};
for (let n = 1; n < Number(count); n += 1) ask(port);
ask(oddPort);
setTimeout(() => process.exit(0), Number(ms));

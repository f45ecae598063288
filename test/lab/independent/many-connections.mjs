// A program with many connections: node many-connections.mjs COUNT MS URL ODD-URL; asks on each once, and on the last one for the odd page.
import net from "node:net";

const [count, ms, url, oddUrl] = process.argv.slice(2);
const ask = (text) => {
  const { hostname, port, pathname } = new URL(text);
  const socket = net.connect(Number(port || 80), hostname, () =>
    socket.write(`GET ${pathname} HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`),
  );
  socket.on("error", () => undefined).resume();
};
for (let n = 1; n < Number(count); n += 1) ask(url);
ask(oddUrl);
setTimeout(() => process.exit(0), Number(ms));

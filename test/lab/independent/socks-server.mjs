// A SOCKS 5 proxy of a test network: node socks-server.mjs ADDRESS PORT TO-ADDRESS; every requested connection leads there.
import net from "node:net";

const [address, port, to] = process.argv.slice(2);
net
  .createServer((client) => {
    client.on("error", () => client.destroy());
    client.once("data", () => {
      client.write(Buffer.from([5, 0]));
      client.once("data", (request) => {
        const server = net.connect(request.readUInt16BE(request.length - 2), to, () => {
          client.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
          client.pipe(server).pipe(client);
        });
        server.on("error", () => client.end(Buffer.from([5, 5, 0, 1, 0, 0, 0, 0, 0, 0])));
      });
    });
  })
  .listen(Number(port), address, () => process.stdout.write("ready\n"));
process.stdin.on("end", () => process.exit()).resume();

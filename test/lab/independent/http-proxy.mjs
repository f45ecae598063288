// An HTTP proxy of a test network: node http-proxy.mjs ADDRESS PORT [STATUS]; with a status it refuses every CONNECT.
import http from "node:http";
import net from "node:net";

const [address, port, status] = process.argv.slice(2);
const proxy = http.createServer((request, response) => {
  // A request to a server, not to a proxy.
  if (request.url.startsWith("/")) {
    response.end("here");
    return;
  }
  const { hostname, port: to, pathname } = new URL(request.url);
  const onward = http.get({ host: hostname, port: to || 80, path: pathname }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  onward.on("error", () => response.writeHead(502).end());
});
proxy.on("connect", (request, client, head) => {
  client.on("error", () => client.destroy());
  if (status) {
    client.end(`HTTP/1.1 ${status} Refused\r\n\r\n`);
    return;
  }
  // It resolves names itself: it knows one server.
  const { port: to } = new URL(`http://${request.url}`);
  const server = net.connect(Number(to) || 443, "198.51.100.44", () => {
    client.write("HTTP/1.1 200 Connection established\r\n\r\n");
    server.write(head);
    client.pipe(server).pipe(client);
  });
  server.on("error", () => client.destroy());
});
proxy.listen(Number(port), address, () => process.stdout.write("ready\n"));
process.stdin.on("end", () => process.exit()).resume();

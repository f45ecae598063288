// A login page of a test network: node captive-portal-server.mjs ADDRESS STATUS LOCATION; every request to port 80 gets it.
import http from "node:http";

const [address, status, location] = process.argv.slice(2);
http
  .createServer((_request, response) => {
    response.writeHead(Number(status), location ? { Location: location } : {}).end("log in");
  })
  .listen(80, address, () => process.stdout.write("ready\n"));
process.stdin.on("end", () => process.exit()).resume();

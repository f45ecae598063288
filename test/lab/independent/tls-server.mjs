// A TLS and HTTP server of a test network: node tls-server.mjs KEY CERTIFICATE PORT BODY-BYTES [ALT-SVC] [DATE]
import { readFileSync } from "node:fs";
import https from "node:https";

const [key, certificate, port, bytes, altSvc, date] = process.argv.slice(2);
const options = { key: readFileSync(key), cert: readFileSync(certificate) };
https
  .createServer(options, (_request, response) => {
    if (altSvc) response.setHeader("Alt-Svc", altSvc);
    if (date) response.setHeader("Date", date);
    response.end("x".repeat(Number(bytes)));
  })
  .listen(Number(port), "::", () => process.stdout.write("ready\n"));
// Ends with the test that started it.
process.stdin.on("end", () => process.exit()).resume();

// A middlebox on the path that reads ClientHellos: node sni-middlebox.mjs MODE NAME SERVER CERTIFICATES
//
// MODE: reset or mute (what names NAME), short (resets a hello that is longer than a segment), or inspect (ends TLS
// itself, with the certificates of the JSON file: {name: {key, cert}}). What is let through goes to SERVER port 443.
import { readFileSync } from "node:fs";
import net from "node:net";
import tls from "node:tls";

const [mode, name, site, certificates] = process.argv.slice(2);
const PORT = 8443;
const SEGMENT_BYTES = 1160;

function forward(client, first) {
  const server = net.connect(443, site, () => server.write(first));
  client.pipe(server).pipe(client);
  for (const socket of [client, server]) socket.on("error", () => client.destroy());
}

function isCut(hello) {
  // The record's own length: how many segments it came in is no longer to be seen here.
  if (mode === "short") return hello.readUInt16BE(3) > SEGMENT_BYTES;
  return hello.includes(name);
}

function judge(client) {
  client.on("error", () => client.destroy());
  client.once("data", (hello) => {
    if (!isCut(hello)) forward(client, hello);
    else if (mode === "mute") client.resume();
    else client.resetAndDestroy();
  });
}

function inspector() {
  const known = JSON.parse(readFileSync(certificates, "utf8"));
  const context = (wanted) => tls.createSecureContext(known[wanted] ?? known[name]);
  return tls.createServer(
    { ...known[name], SNICallback: (wanted, done) => done(null, context(wanted)) },
    (socket) => {
      socket.on("error", () => socket.destroy());
      socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"));
    },
  );
}

const server = mode === "inspect" ? inspector() : net.createServer(judge);
server.on("tlsClientError", () => undefined);
server.listen(PORT, "::", () => process.stdout.write("ready\n"));
process.stdin.on("end", () => process.exit()).resume();

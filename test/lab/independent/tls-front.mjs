// TLS before a plain server of a test network: node tls-front.mjs KEY CERTIFICATE ADDRESS PORT TO-PORT
import { readFileSync } from "node:fs";
import net from "node:net";
import tls from "node:tls";

const [key, certificate, address, port, to] = process.argv.slice(2);
tls
  .createServer({ key: readFileSync(key), cert: readFileSync(certificate) }, (client) => {
    const server = net.connect(Number(to), address);
    for (const one of [client, server]) one.on("error", () => one.destroy());
    client.pipe(server).pipe(client);
  })
  .listen(Number(port), address, () => process.stdout.write("ready\n"));
process.stdin.on("end", () => process.exit()).resume();

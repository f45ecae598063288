// An SSH server's part up to its reply to the key exchange, as an OpenSSH 9.2 with an RSA key once sent it; counts connections.

import { readFileSync, writeFileSync } from "node:fs";
import net from "node:net";

const [port, countFile] = process.argv.slice(2);
const file = new URL("../../probes/protocols/captured.json", import.meta.url);
const { ssh } = JSON.parse(readFileSync(file, "utf8"));
const messages = [Buffer.from(ssh.kexInit, "base64"), Buffer.from(ssh.reply, "base64")];
/** Bytes of the client after which each of them goes out: its KEXINIT is there, its public key as well. */
const AFTER = [500, 1900];

let all = 0;
const server = net.createServer((socket) => {
  let received = 0;
  let next = 0;
  all += 1;
  writeFileSync(countFile, String(all));
  socket.on("error", () => undefined);
  socket.on("data", (bytes) => {
    received += bytes.length;
    while (next < AFTER.length && received > AFTER[next]) {
      socket.write(messages[next]);
      next += 1;
    }
  });
  socket.write(ssh.identification);
});
server.listen(Number(port), "::", () => process.stdout.write("ready\n"));

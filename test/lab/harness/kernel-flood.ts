// Sends UDP datagrams with cookies at a rate. Arguments: address, port, session, count, datagrams a second.

import { AF_INET, SOCK_DGRAM } from "../../../probes/native/constants.ts";
import { loadLibc } from "../../../probes/native/libc.ts";
import { encodeSockaddr } from "../../../probes/native/sockaddr.ts";
import { cookieOf, writeCookie } from "../../../probes/packet/cookie.ts";

const [address = "", ...numbers] = process.argv.slice(2);
const [port = 0, session = 0, count = 0, rate = 1] = numbers.map(Number);

const libc = await loadLibc();
const fd = libc.socket(AF_INET, SOCK_DGRAM, 0);
const to = encodeSockaddr(address, port);
const payload = Buffer.alloc(48);
const start = performance.now();
let sent = 0;
while (sent < count) {
  const due = Math.min(count, Math.floor(((performance.now() - start) / 1000) * rate) + 1);
  for (; sent < due; sent += 1) {
    writeCookie(payload, cookieOf(session, sent));
    if (libc.sendto(fd, payload, payload.length, 0, to, to.length) < 0) process.exit(1);
  }
  await new Promise((resolve) => setTimeout(resolve, 1));
}
process.stdout.write(`${Math.round(count / ((performance.now() - start) / 1000))}\n`);

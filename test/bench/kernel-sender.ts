// Sends foreign UDP datagrams as fast as it can: for each line of standard input one burst, answered by its ns a packet.
// Arguments: address, port, packets in a burst.

import { createInterface } from "node:readline";
import { AF_INET, SOCK_DGRAM } from "../../probes/native/constants.ts";
import { loadLibc } from "../../probes/native/libc.ts";
import { encodeSockaddr } from "../../probes/native/sockaddr.ts";

const [address = "", port = "", count = ""] = process.argv.slice(2);
const libc = await loadLibc();
const fd = libc.socket(AF_INET, SOCK_DGRAM, 0);
const to = encodeSockaddr(address, Number(port));
const payload = Buffer.alloc(48);
const packets = Number(count);
const NS_PER_US = 1000;

/** Of processor time: whatever else the machine does, it does not count. */
function burst(): number {
  const start = process.cpuUsage();
  for (let n = 0; n < packets; n += 1) libc.sendto(fd, payload, payload.length, 0, to, to.length);
  const { user, system } = process.cpuUsage(start);
  return ((user + system) * NS_PER_US) / packets;
}

burst();
process.stdout.write("ready\n");
for await (const _ of createInterface({ input: process.stdin })) {
  process.stdout.write(`${burst()}\n`);
}

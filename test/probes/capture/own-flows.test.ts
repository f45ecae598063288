// Which ports were this run's, of connections that are over before anybody looks.

import { once } from "node:events";
import { createServer } from "node:net";
import os from "node:os";
import { expect, it } from "vitest";
import { createOwnFlows } from "../../../probes/capture/own-flows.ts";
import { AF_INET, SOCK_NONBLOCK, SOCK_STREAM } from "../../../probes/native/constants.ts";
import { decodeSockaddr, encodeSockaddr, SOCKADDR_MAX } from "../../../probes/native/sockaddr.ts";
import { PROTOCOL } from "../../../probes/packet/ip.ts";
import { openLibc } from "../../../probes/privileged/open.ts";

it("notes the port of a connection with its call, and leaves errno to it", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  const libc = await openLibc();
  const flows = createOwnFlows();
  const calls = flows.observe(libc);
  const fd = calls.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  const to = encodeSockaddr("127.0.0.1", port);
  try {
    expect(calls.connect(fd, to, to.length)).toBe(-1);
    expect(calls.errno()).toBe(os.constants.errno.EINPROGRESS);
    const name = Buffer.alloc(SOCKADDR_MAX);
    const size = Buffer.alloc(4);
    size.writeUInt32LE(SOCKADDR_MAX);
    libc.getsockname(fd, name, size);
    // As Node closes a stream: nothing tells of it.
    libc.close(fd);
    flows.settle();
    const own = decodeSockaddr(name)?.port ?? 0;
    expect(flows.find(PROTOCOL.tcp, own, libc.realtimeNs())).toBeDefined();
    expect(flows.find(PROTOCOL.tcp, port, libc.realtimeNs())).toBeUndefined();
  } finally {
    server.close();
  }
});

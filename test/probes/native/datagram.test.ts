// Real sockets on the loopback interface: what comes in, with the time that it waited, and what comes back as an error.

import dgram from "node:dgram";
import { once } from "node:events";
import { afterEach, expect, test } from "vitest";
import { datagramConnector } from "../../../probes/native/datagram.ts";
import { loadLibc } from "../../../probes/native/libc.ts";

const open: { close(): void }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

async function connect(address: string, port: number) {
  const opened = datagramConnector(await loadLibc(), () => 0)(address, port);
  if (opened.kind === "failed") throw new Error(opened.error);
  open.push(opened.socket);
  return opened.socket;
}

/** A server that sends back what it gets, twice. */
async function echo(address: string) {
  const server = dgram.createSocket(address.includes(":") ? "udp6" : "udp4");
  server.bind(0, address);
  await once(server, "listening");
  const answered = once(server, "message").then(async ([data, { port }]) => {
    await new Promise((sent) => server.send(data, port, address, sent));
    await new Promise((sent) => server.send(data, port, address, sent));
  });
  open.push(server);
  return { port: server.address().port, answered };
}

test.each(["127.0.0.1", "::1"])(
  "an answer from %s has waited as long as nobody read it, and then there is none",
  async (address) => {
    const { port, answered } = await echo(address);
    const socket = await connect(address, port);
    expect(socket.receive()).toBeUndefined();
    expect(socket.send(Buffer.from("asked"))).toBeNull();
    await answered;
    const first = socket.receive();
    expect(first).toMatchObject({ data: Buffer.from("asked") });
    // How long, is the machine's affair.
    expect(first !== undefined && "waitedMs" in first ? first.waitedMs : -1).toBeGreaterThanOrEqual(
      0,
    );
    expect(socket.receive()).toMatchObject({ data: Buffer.from("asked") });
    expect(socket.receive()).toBeUndefined();
  },
);

test("a port that nobody listens on gives errno's name, once", async () => {
  const { port } = await echo("127.0.0.1");
  for (const one of open.splice(0)) one.close();
  const socket = await connect("127.0.0.1", port);
  expect(socket.send(Buffer.from("asked"))).toBeNull();
  expect(socket.receive()).toEqual({ error: "ECONNREFUSED" });
  expect(socket.receive()).toBeUndefined();
});

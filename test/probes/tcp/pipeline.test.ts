// Many requests at once, over real connections on loopback: what is sent, in how many writes, and what is held back meanwhile.

import { once } from "node:events";
import net from "node:net";
import { expect, test } from "vitest";
import { manyRequests, sendHeld } from "../../../probes/tcp/pipeline.ts";

const OPTIONS = {
  scheme: "http",
  host: "web.example.test",
  port: 8080,
  path: "/a/path/that/nobody/needs?here=1",
  userAgent: "wsl-trace/0",
  verify: false,
  padBytes: null,
  secureContext: null,
} as const;

const REQUEST = "GET / HTTP/1.1\r\nHost: web.example.test:8080\r\n\r\n";

async function connected() {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const accepted = once(server, "connection");
  const client = net.connect(address.port, "127.0.0.1");
  const [peer] = await accepted;
  if (!(peer instanceof net.Socket)) throw new Error("no connection");
  let received = "";
  peer.on("data", (chunk: Buffer) => {
    received += chunk.toString("latin1");
  });
  const close = () => {
    client.destroy();
    peer.destroy();
    server.close();
  };
  return { client, received: () => received, close };
}

test("as many requests as fit in one small segment, and one more when nothing is held any longer", async () => {
  const { client, received, close } = await connected();
  const held: [boolean, number][] = [];
  const holdAcks = (on: boolean) => held.push([on, client.bytesWritten]);
  sendHeld(client, manyRequests(OPTIONS), { holdAcks }, { talked: () => undefined }, () => false);
  const once = Math.floor(1150 / REQUEST.length) * REQUEST.length;
  const first = REQUEST.repeat(once / REQUEST.length);
  await expect.poll(() => received().length, { timeout: 5000 }).toBeGreaterThan(once);
  expect(received().slice(0, once)).toBe(first);
  expect(received().slice(once)).toMatch(/^GET \/a\/path.*\r\nConnection: close\r\n\r\n$/s);
  expect(held).toEqual([
    [true, once],
    [false, once],
  ]);
  close();
});

test("nothing follows on a connection that is over meanwhile", async () => {
  const { client, received, close } = await connected();
  const held: boolean[] = [];
  const holdAcks = (on: boolean) => held.push(on);
  sendHeld(
    client,
    manyRequests(OPTIONS),
    { holdAcks },
    { talked: () => undefined },
    () => held.length > 0,
  );
  await expect.poll(() => received().length, { timeout: 5000 }).toBeGreaterThan(0);
  const first = received().length;
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect([held, received().length]).toEqual([[true], first]);
  close();
});

// The check of a round, against servers of each kind on loopback.

import net from "node:net";
import { afterEach, expect, it } from "vitest";
import { answers } from "../../../probes/watch/cheap-check.ts";
import type { Scheme } from "../../../src/schema/run-choices.ts";

const open: net.Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

function serve(onConnection: (socket: net.Socket) => void): Promise<number> {
  return new Promise((resolve) => {
    const server = net.createServer((socket) => onConnection(socket.on("error", () => undefined)));
    open.push(server);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
}

const check = (port: number, scheme: Scheme, signal = new AbortController().signal) =>
  answers({ host: "127.0.0.1", port, scheme }, signal);

it("a server that greets is up when it has, and one that only accepts is not", async () => {
  const greeting = await serve((socket) => socket.end("SSH-2.0-x\r\n"));
  expect(await check(greeting, "ssh")).toEqual({ isUp: true, isWhole: false });
  expect(await check(await serve((socket) => socket.end()), "ssh")).toMatchObject({ isUp: false });
});

it("a web server is asked, and is up with the first byte of its answer", async () => {
  const requests: string[] = [];
  const port = await serve((socket) =>
    socket.once("data", (bytes) => {
      requests.push(bytes.toString());
      socket.end("HTTP/1.1 200 OK\r\n\r\n");
    }),
  );
  expect(await check(port, "http")).toEqual({ isUp: true, isWhole: false });
  expect(requests[0]).toMatch(/^GET \/ HTTP\/1\.1\r\nHost: 127\.0\.0\.1\r\n/);
});

it("a port without a protocol is up when it accepts, and TLS when its handshake ends", async () => {
  const port = await serve((socket) => socket.end("hello, this is no TLS\r\n"));
  expect(await check(port, "tcp")).toEqual({ isUp: true, isWhole: false });
  expect(await check(port, "https")).toEqual({ isUp: false, isWhole: true });
});

it("nothing is known of datagrams", async () => {
  expect(await check(9, "udp")).toEqual({ isUp: null, isWhole: false });
});

it("a check that is ended is over, whatever the server does", async () => {
  const ended = new AbortController();
  const port = await serve(() => ended.abort());
  expect(await check(port, "ssh", ended.signal)).toMatchObject({ isUp: false });
});

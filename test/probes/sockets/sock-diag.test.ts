// Rows of the kernel's table of sockets, as a 6.18 kernel gave them to an ordinary user.

import fc from "fast-check";
import { expect, it } from "vitest";
import { decodeSocketRow, socketsRequest, TCP_LISTEN } from "../../../probes/sockets/sock-diag.ts";
import captured from "./captured.json" with { type: "json" };

const bytes = (hex: string) => Buffer.from(hex, "hex");

it("a TCP connection has its ends, its inode and its counters", () => {
  expect(decodeSocketRow(bytes(captured.established4), "tcp")).toMatchObject({
    protocol: "tcp",
    family: 4,
    state: 1,
    timer: "none",
    localPort: 56982,
    address: "127.0.0.1",
    port: captured.port,
    inode: 948300,
    info: { bytesAcked: 1, bytesReceived: 5, dataSegsIn: 1 },
    ages: { lastDataSentMs: 60, lastDataReceivedMs: 60 },
  });
});

it("an IPv6 connection is one, and an IPv4 peer of an IPv6 socket is of IPv4", () => {
  expect(decodeSocketRow(bytes(captured.established6), "tcp")).toMatchObject({
    family: 6,
    address: "::1",
  });
  expect(decodeSocketRow(bytes(captured.mapped), "tcp")).toMatchObject({
    family: 4,
    address: "127.0.0.1",
    localAddress: "127.0.0.1",
  });
});

it("a connected UDP socket has ends and no counters", () => {
  expect(decodeSocketRow(bytes(captured.udp), "udp")).toMatchObject({
    protocol: "udp",
    port: 53,
    info: null,
    ages: null,
  });
});

it("a connection that was refused is told at its end, with its protocol", () => {
  expect(decodeSocketRow(bytes(captured.refused), null)).toMatchObject({
    protocol: "tcp",
    port: 1,
    inode: 0,
    info: { bytesReceived: 0, segsOut: 1 },
  });
});

it("a row that is cut off anywhere is read as far as it goes, or not at all", () => {
  const whole = bytes(captured.established4);
  fc.assert(
    fc.property(fc.nat({ max: whole.length }), (size) => {
      const row = decodeSocketRow(whole.subarray(0, size), "tcp");
      expect(row === undefined).toBe(size < 72);
    }),
    { numRuns: 100 },
  );
});

it("a request asks for TCP_INFO of TCP alone, and for listeners too", () => {
  const request = socketsRequest("tcp", 6);
  expect([request.length, request[0], request[1], request[2]]).toEqual([56, 10, 6, 2]);
  expect(request.readUInt32LE(4) & (1 << TCP_LISTEN)).not.toBe(0);
  expect([...socketsRequest("udp", 4).subarray(0, 3)]).toEqual([2, 17, 0]);
});

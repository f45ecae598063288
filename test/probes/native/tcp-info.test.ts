// struct tcp_info by the length that a kernel returned; offsets from linux/tcp.h.

import { describe, expect, test } from "vitest";
import { decodeTcpInfo, TCP_INFO_MAX } from "../../../probes/native/tcp-info.ts";

/** Each field at its offset, with a value of its own. */
function sample(): Buffer {
  const bytes = Buffer.alloc(TCP_INFO_MAX, 0xff);
  bytes.writeUInt8(1, 0);
  bytes.writeUInt8(2, 2);
  bytes.writeUInt8(3, 4);
  bytes.writeUInt8(7, 5);
  const words = [
    [16, 1448],
    [20, 1348],
    [24, 4],
    [28, 2],
    [60, 1500],
    [68, 12_345],
    [84, 1460],
    [100, 5],
    [136, 6],
    [152, 8],
    [224, 9],
  ] as const;
  for (const [offset, value] of words) bytes.writeUInt32LE(value, offset);
  bytes.writeBigUInt64LE(300n, 120);
  bytes.writeBigUInt64LE(5200n, 128);
  return bytes;
}

test("every field of a new kernel is read at its offset", () => {
  expect(decodeTcpInfo(sample(), 248)).toEqual({
    state: 1,
    retransmits: 2,
    backoff: 3,
    timestamps: true,
    sndMss: 1448,
    rcvMss: 1348,
    advMss: 1460,
    unacked: 4,
    sacked: 2,
    rttMs: 12.345,
    pmtu: 1500,
    totalRetrans: 5,
    bytesAcked: 300,
    bytesReceived: 5200,
    segsOut: 6,
    dataSegsIn: 8,
    rcvOooPack: 9,
    ecn: false,
  });
});

test("timestamps are one bit of the options", () => {
  const bytes = sample();
  bytes.writeUInt8(6, 5);
  expect(decodeTcpInfo(bytes, 248)?.timestamps).toBe(false);
});

describe("a kernel whose struct is shorter", () => {
  test.each([
    { size: 104, missing: ["bytesAcked", "bytesReceived", "segsOut", "dataSegsIn", "rcvOooPack"] },
    { size: 127, missing: ["bytesAcked", "bytesReceived", "segsOut", "dataSegsIn", "rcvOooPack"] },
    { size: 128, missing: ["bytesReceived", "segsOut", "dataSegsIn", "rcvOooPack"] },
    { size: 136, missing: ["segsOut", "dataSegsIn", "rcvOooPack"] },
    { size: 140, missing: ["dataSegsIn", "rcvOooPack"] },
    { size: 192, missing: ["rcvOooPack"] },
    { size: 227, missing: ["rcvOooPack"] },
    { size: 228, missing: [] },
  ])("($size bytes) leaves $missing unknown, never 0", ({ size, missing }) => {
    const info = decodeTcpInfo(sample(), size);
    const unknown = Object.entries(info ?? {}).flatMap(([name, value]) =>
      value === null ? [name] : [],
    );
    expect(unknown).toEqual(missing);
  });

  test.each([0, 1, 103])("than its base (%d bytes) reports nothing", (size) => {
    expect(decodeTcpInfo(sample(), size)).toBeUndefined();
  });
});

test("no length makes it read past what the kernel wrote", () => {
  const bytes = sample();
  for (let size = 0; size <= TCP_INFO_MAX; size++) {
    expect(() => decodeTcpInfo(bytes.subarray(0, size), size)).not.toThrow();
  }
});

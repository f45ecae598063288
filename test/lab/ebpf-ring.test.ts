// A program on skb:kfree_skb that tells every packet a firewall rule drops, through a ring buffer:
//
//   this process -> 127.0.0.1:7777 inside a namespace of its own, where nft drops it on input

import { createSocket } from "node:dgram";
import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import {
  attachProgram,
  createCounter,
  createRingBuffer,
  emitCount,
  emitReserve,
  emitSubmit,
  enableStatistics,
  loadProgram,
  openBpf,
  openRing,
  programInfo,
  type RingOptions,
  readKernelBtf,
} from "../../probes/ebpf-ts-bindings/src/index.ts";
import { inside } from "./foreign/inside.ts";
import { createNet, type Net } from "./foreign/net.ts";
import {
  dropTarget,
  leave,
  namespaceInode,
  offsetOf,
  onlyDropsIn,
  whyNoEbpf,
} from "./harness/ebpf.ts";

const missing = whyNoEbpf();
let net: Net | undefined;
beforeAll(async () => {
  if (missing !== null) return;
  net = await createNet(["a"]);
  await net.nft(
    "a",
    "table inet wall { chain in { type filter hook input priority 0; udp dport 7777 drop; }; }",
  );
});
afterAll(() => net?.remove());
beforeEach(({ skip }) => skip(missing !== null, missing ?? ""));

/** u32 length of the packet, u64 reason, and the length again where a record's end is. */
const RECORD_BYTES = 44;
const HEADER_BYTES = 8;
/** IPv4 and UDP headers. */
const PACKET_OVER_PAYLOAD = 28;

const bpf = await openBpf();

/** Everything in place and running; `stop` takes all of it away. */
function trace(name: string, sizeBytes: number, options?: RingOptions) {
  const btf = readKernelBtf();
  const map = createRingBuffer(bpf, { name, sizeBytes });
  const lost = createCounter(bpf, { name: "lost" });
  const seen = createCounter(bpf, { name: "seen" });
  const target = dropTarget(btf);
  const code = onlyDropsIn(btf, namespaceInode(net?.name("a") ?? ""));
  emitCount(code, seen);
  emitReserve(code, { ring: map, lost, sizeBytes: RECORD_BYTES, full: "out" });
  code
    .mov("r8", "r0")
    .load("u32", "r1", "r7", offsetOf(btf, "sk_buff", "len"))
    .store("u32", "r8", 0, "r1")
    .store("u32", "r8", RECORD_BYTES - 4, "r1");
  // Before Linux 5.17 the tracepoint has no reason.
  if (target.parameters.length >= 3) code.load("u64", "r1", "r6", 16);
  else code.mov("r1", 0);
  code.store("u64", "r8", 8, "r1");
  emitSubmit(code, "r8");
  const program = loadProgram(bpf, { name, target, instructions: leave(code) });
  const link = attachProgram(bpf, program);
  const ring = openRing(bpf, map, options);
  const reasons = new Map(btf.enumValues("skb_drop_reason")?.map((e) => [e.value, e.name]));
  return {
    map,
    lost,
    seen,
    program,
    link,
    ring,
    hasReason: target.parameters.length >= 3,
    reasonOf: (record: Buffer) => reasons.get(record.readBigUInt64LE(8)),
    stop: async () => {
      link.close();
      await ring.close();
      for (const handle of [program, map, lost, seen]) handle.close();
    },
  };
}

/** Sends payloads of these lengths into the rule, one after the other. */
async function sendInto(lengths: readonly number[]): Promise<void> {
  if (net === undefined) return;
  await inside(net, "a", async () => {
    const socket = createSocket("udp4");
    for (const length of lengths) {
      await new Promise((resolve) => socket.send(Buffer.alloc(length), 7777, "127.0.0.1", resolve));
    }
    socket.close();
  });
}

const lengthsIn = (records: readonly Buffer[]) =>
  records.map((record) => record.readUInt32LE(0) - PACKET_OVER_PAYLOAD);

const upTo = (count: number) => Array.from({ length: count }, (_, n) => n + 1);

it("each dropped packet is one record, with the reason that the kernel gives", async () => {
  const tracing = trace("drops", 65_536);
  await sendInto([10, 20, 30]);
  const got: Buffer[] = [];
  for await (const records of tracing.ring.batches()) {
    got.push(...records);
    if (got.length >= 3) break;
  }
  expect(lengthsIn(got)).toEqual([10, 20, 30]);
  if (tracing.hasReason) {
    expect(got.map(tracing.reasonOf)).toEqual(Array(3).fill("SKB_DROP_REASON_NETFILTER_DROP"));
  }
  expect({ seen: tracing.seen.read(), lost: tracing.lost.read() }).toEqual({ seen: 3n, lost: 0n });
  await tracing.stop();
});

it("nothing is lost or changed while the positions go round the ring many times", async () => {
  const tracing = trace("round", 4096, { gapMs: 1, batchMax: 7 });
  const got: Buffer[] = [];
  const reading = (async () => {
    for await (const records of tracing.ring.batches()) {
      expect(records.length).toBeLessThanOrEqual(7);
      got.push(...records);
    }
  })();
  const sent: number[] = [];
  for (let round = 0; round < 30; round++) {
    const lengths = upTo(50).map((n) => n + round);
    sent.push(...lengths);
    await sendInto(lengths);
    // The next ones would not fit otherwise: 4096 bytes are 73 records.
    await vi.waitFor(() => expect(got).toHaveLength(sent.length), { timeout: 20_000, interval: 2 });
  }
  await tracing.ring.close();
  await reading;
  expect(lengthsIn(got)).toEqual(sent);
  for (const record of got) {
    expect(record).toHaveLength(RECORD_BYTES);
    expect(record.readUInt32LE(RECORD_BYTES - 4)).toBe(record.readUInt32LE(0));
  }
  expect(tracing.lost.read()).toBe(0n);
  await tracing.stop();
});

it("what does not fit into a full ring is counted as lost by the program itself", async () => {
  const tracing = trace("full", 4096);
  const room = Math.floor(4095 / (RECORD_BYTES + 4 + HEADER_BYTES));
  await sendInto(upTo(200));
  await vi.waitFor(() => expect(tracing.seen.read()).toBe(200n), { timeout: 20_000 });
  const kept = tracing.ring.drain();
  expect(lengthsIn(kept)).toEqual(upTo(room));
  expect(tracing.lost.read()).toBe(200n - BigInt(room));
  // Room again.
  await sendInto([5]);
  await vi.waitFor(() => expect(tracing.seen.read()).toBe(201n), { timeout: 20_000 });
  expect(lengthsIn(tracing.ring.drain())).toEqual([5]);
  await tracing.stop();
});

it("a detached program sees nothing more, though it is still loaded", async () => {
  const tracing = trace("detach", 65_536);
  const statistics = enableStatistics(bpf);
  await sendInto([1]);
  await vi.waitFor(() => expect(tracing.seen.read()).toBe(1n), { timeout: 20_000 });
  tracing.link.close();
  await sendInto([2, 3]);
  expect(tracing.seen.read()).toBe(1n);
  const { runCount, runTimeNs } = programInfo(bpf, tracing.program);
  expect(runCount).toBeGreaterThanOrEqual(1n);
  expect(runTimeNs).toBeGreaterThan(0n);
  statistics.close();
  await tracing.stop();
});

it("closing ends the reader, whoever waits, and again is no harm", async () => {
  const abort = new AbortController();
  const tracing = trace("closing", 65_536, { signal: abort.signal });
  const batches = tracing.ring.batches();
  const next = batches.next();
  await expect(tracing.ring.batches().next()).rejects.toThrow(/"closing" has a reader already/);
  // The map's own descriptor is not what the reader waits on.
  tracing.map.close();
  abort.abort();
  expect(await next).toEqual({ done: true, value: undefined });
  await Promise.all([tracing.ring.close(), tracing.ring.close()]);
  expect(tracing.ring.drain()).toEqual([]);
  await tracing.stop();
});

it("a ring that is opened with an aborted signal is closed", async () => {
  const map = createRingBuffer(bpf, { name: "aborted", sizeBytes: 65_536 });
  const ring = openRing(bpf, map, { signal: AbortSignal.abort() });
  expect(ring.drain()).toEqual([]);
  expect(await ring.batches().next()).toEqual({ done: true, value: undefined });
  await ring.close();
  map.close();
});

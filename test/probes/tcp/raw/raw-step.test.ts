// A connection of our own without a socket: what each segment, write and wait changes, and what is sent for it.

import { describe, expect, test } from "vitest";
import { TCP_FLAG, type TcpSegment } from "../../../../probes/packet/tcp.ts";
import { decodeOptions } from "../../../../probes/packet/tcp-options.ts";
import {
  type RawInput,
  type RawOffer,
  type RawState,
  type RawStep,
  startRaw,
} from "../../../../probes/tcp/raw/raw-state.ts";
import { stepRaw } from "../../../../probes/tcp/raw/raw-step.ts";

const OFFER: RawOffer = {
  mss: 1460,
  timestamps: true,
  sack: true,
  windowScaling: true,
  ecn: false,
};
/** Close to where numbers wrap, ours and the server's. */
const OURS = 0xffff_fffe;
const THEIRS = 0xffff_fff0;

const segment = (more: Partial<TcpSegment> = {}): TcpSegment => ({
  sourcePort: 443,
  destinationPort: 40_000,
  sequence: (THEIRS + 1) >>> 0,
  acknowledgement: (OURS + 1) >>> 0,
  flags: TCP_FLAG.ack,
  window: 500,
  checksum: 0,
  mss: null,
  windowScale: null,
  sackPermitted: false,
  timestamps: { value: 7, echo: 1 },
  optionKinds: "8",
  payload: Buffer.alloc(0),
  ...more,
});
const SYN_ACK = segment({
  sequence: THEIRS,
  flags: TCP_FLAG.syn | TCP_FLAG.ack,
  mss: 1400,
  windowScale: 7,
  sackPermitted: true,
});

const arrives = (one: TcpSegment, pieceBytes = Math.max(1, one.payload.length)): RawInput => ({
  kind: "segment",
  segment: one,
  pieceBytes,
  congestion: false,
});

/** The last step of several; each input at its time. */
function run(before: RawState, ...inputs: readonly (readonly [number, RawInput])[]): RawStep {
  let step: RawStep = { state: before, segments: [], delivered: [] };
  for (const [nowMs, input] of inputs) step = stepRaw(step.state, input, nowMs);
  return step;
}

const begin = (offer: Partial<RawOffer> = {}) =>
  stepRaw(startRaw({ ...OFFER, ...offer }, OURS), { kind: "started" }, 0);
const open = (offer: Partial<RawOffer> = {}, answer = SYN_ACK) =>
  run(begin(offer).state, [20, arrives(answer)]).state;
const optionsOf = (step: RawStep) => step.segments.map(({ options }) => decodeOptions(options));
const data = (offset: number, bytes: number) =>
  segment({ sequence: (THEIRS + 1 + offset) >>> 0, payload: Buffer.alloc(bytes, offset) });

describe("connecting", () => {
  test("offers what it is told to, and repeats itself after one second and after three", () => {
    expect(optionsOf(begin())[0]?.kinds).toBe("2,4,8,3");
    expect(optionsOf(begin({ sack: false, windowScaling: false }))[0]?.kinds).toBe("2,8");
    const { state } = begin();
    expect(run(state, [999, { kind: "watched" }]).segments).toHaveLength(0);
    const again = run(state, [1000, { kind: "watched" }]);
    expect(again.segments[0]?.flags).toBe(TCP_FLAG.syn);
    expect(run(again.state, [2999, { kind: "watched" }]).segments).toHaveLength(0);
    expect(run(again.state, [3000, { kind: "watched" }]).segments).toHaveLength(1);
  });

  test("agrees on no more than both have", () => {
    expect(open().agreed).toEqual({
      timestamps: true,
      sack: true,
      windowScaling: true,
      ecn: false,
    });
    const bare = segment({ ...SYN_ACK, windowScale: null, sackPermitted: false, timestamps: null });
    expect(Object.values(open({}, bare).agreed)).toEqual([false, false, false, false]);
    expect(open().peer).toMatchObject({ mss: 1400, scale: 7 });
  });

  test("takes a reset of its SYN for a refusal, and what acknowledges another for nobody's", () => {
    const reset = segment({ flags: TCP_FLAG.reset | TCP_FLAG.ack });
    expect(run(begin().state, [5, arrives(reset)]).state.error).toBe("ECONNREFUSED");
    const other = { ...reset, acknowledgement: 5 };
    expect(run(begin().state, [5, arrives(other)]).state.phase).toBe("connecting");
  });
});

describe("what did not arrive", () => {
  test("shows by the number of a segment without data, which a keep-alive asks for", () => {
    const asked = run(open(), [30, { kind: "kept-alive" }]);
    expect(asked.segments.map(({ sequence }) => sequence)).toEqual([OURS]);
    const ahead = segment({ sequence: (THEIRS + 1 + 900) >>> 0 });
    const { counts, reassembly } = run(asked.state, [40, arrives(ahead)]).state;
    expect(counts).toMatchObject({ empty: 1, aheadBytes: 900, received: 0 });
    expect(reassembly.expected).toBe((THEIRS + 1) >>> 0);
  });
});

describe("what arrives", () => {
  test("is delivered in order and acknowledged, over the wrap of its numbers", () => {
    const step = run(open(), [30, arrives(data(0, 100))]);
    expect(step.delivered.map(({ length }) => length)).toEqual([100]);
    expect(step.segments[0]?.acknowledgement).toBe((THEIRS + 101) >>> 0);
  });

  test("behind a gap is kept, told by SACK and delivered with what fills it", () => {
    const behind = run(open(), [30, arrives(data(100, 50))]);
    expect(behind.delivered).toEqual([]);
    expect(behind.state.counts.aheadOfGap).toBe(1);
    expect(optionsOf(behind)[0]?.kinds).toBe("8,5");
    const filled = run(behind.state, [40, arrives(data(0, 120))]);
    expect(Buffer.concat(filled.delivered)).toHaveLength(150);
    expect(optionsOf(filled)[0]?.kinds).toBe("8");
  });

  test("behind a gap is told by nothing where SACK was not agreed on", () => {
    const state = open({ sack: false });
    expect(optionsOf(run(state, [30, arrives(data(100, 50))]))[0]?.kinds).toBe("8");
  });

  test("is measured by its segments, not by what was joined of them", () => {
    const { counts } = run(open(), [30, arrives(data(0, 4000), 1388)]).state;
    expect(counts).toMatchObject({ largest: 1388, dataSegmentsIn: 3, received: 4000 });
  });

  test("once more changes nothing and is acknowledged again", () => {
    const twice = run(open(), [30, arrives(data(0, 100))], [31, arrives(data(0, 100))]);
    expect(twice.delivered).toEqual([]);
    expect(twice.segments).toHaveLength(1);
    expect(twice.state.counts.received).toBe(100);
  });

  test("ends with the end only once nothing before it is missing", () => {
    const end = segment({ ...data(100, 10), flags: TCP_FLAG.fin | TCP_FLAG.ack });
    const early = run(open(), [30, arrives(end)]);
    expect(early.state.finReceived).toBe(false);
    const whole = run(early.state, [31, arrives(data(0, 100))], [32, arrives(end)]);
    expect(whole.state.finReceived).toBe(true);
    expect(whole.segments.at(-1)?.acknowledgement).toBe((THEIRS + 112) >>> 0);
  });

  test("a reset counts at the edge alone", () => {
    const reset = { flags: TCP_FLAG.reset };
    const wrong = segment({ ...reset, sequence: 77 });
    expect(run(open(), [30, arrives(wrong)]).state.phase).toBe("open");
    expect(run(open(), [30, arrives(segment(reset))]).state.error).toBe("ECONNRESET");
  });
});

describe("what is written", () => {
  const written = (bytes: number): RawInput => ({ kind: "written", bytes: Buffer.alloc(bytes) });
  const roomy = (state: RawState) => run(state, [25, arrives(segment())]).state;

  test("leaves in segments that fit any path, once the far side takes it", () => {
    const sent = run(roomy(open()), [30, written(3000)]);
    expect(sent.segments.map(({ payload }) => payload.length)).toEqual([1200, 1200, 600]);
    const acked = segment({ acknowledgement: (OURS + 1 + 3000) >>> 0 });
    const done = run(sent.state, [40, arrives(acked)]).state;
    expect(done.counts.acknowledged).toBe(3000);
    expect(run(done, [9000, { kind: "watched" }]).segments).toEqual([]);
  });

  test("is repeated until it is acknowledged, each time later", () => {
    const sent = run(roomy(open()), [30, written(100)]);
    const once = run(sent.state, [230, { kind: "watched" }]);
    expect(once.segments[0]?.payload).toHaveLength(100);
    expect(run(once.state, [629, { kind: "watched" }]).segments).toEqual([]);
    expect(run(once.state, [630, { kind: "watched" }]).segments).toHaveLength(1);
  });

  test("our end follows all of it, and dropping the connection resets it", () => {
    const ended = run(roomy(open()), [30, written(10)], [31, { kind: "finished" }]);
    expect(ended.segments[0]?.flags).toBe(TCP_FLAG.fin | TCP_FLAG.ack);
    const dropped = run(ended.state, [32, { kind: "dropped" }]);
    expect(dropped.segments[0]?.flags).toBe(TCP_FLAG.reset | TCP_FLAG.ack);
    expect(dropped.state.phase).toBe("over");
  });
});

// `wsl-trace drops`: lines as drops come, rates once a second, the summary, and JSON.

import { describe, expect, it } from "vitest";
import { type DropsCommand, drops } from "../../../src/commands/drops.ts";
import type { DropsSeen } from "../../../src/commands/drops-seen.ts";
import type { DropsWatch } from "../../../src/drops-port.ts";
import type { LiveDrop } from "../../../src/schema/live-drop.ts";
import { virtualClock } from "../../builders/clock.ts";

const DROP: LiveDrop = {
  kind: "drop",
  at: "2026-11-22T10:00:01.234Z",
  reason: "NO_SOCKET",
  inferred: false,
  meaning: "nothing listens on that port",
  symbol: "__udp4_lib_rcv",
  interface: "eth0",
  namespace: null,
  protocol: 17,
  source: "192.0.2.1",
  destination: "198.51.100.2",
  sourcePort: 4000,
  destinationPort: 9,
  ttl: 63,
  sizeBytes: 36,
  quoted: false,
  icmpSent: "3/3",
  cookie: null,
  mark: null,
};
const REQUEST = {
  scope: { kind: "all" as const },
  timeoutMs: null,
  ebpf: true,
  allNetns: false,
  theme: "dark" as const,
  ascii: false,
};

/** Each step: how long to wait, then what comes. */
type Step = readonly [waitMs: number, ...drops: readonly LiveDrop[]];

interface Options {
  readonly json?: boolean;
  readonly lost?: number;
  readonly peers?: readonly string[];
  readonly redaction?: DropsCommand["redaction"];
}

const AS_IT_IS = { applied: false, target: false };

async function run(steps: readonly Step[], options: Options = {}) {
  const clock = virtualClock();
  async function* come() {
    for (const [waitMs, ...all] of steps) {
      await clock.sleep(waitMs);
      yield* all;
    }
  }
  const watch: DropsWatch = {
    kind: "watching",
    drops: come(),
    peers: options.peers ?? [],
    note: "watching everybody's packets",
    lost: () => options.lost ?? 0,
  };
  const printed: string[] = [];
  const code = await drops(
    { ...REQUEST, json: options.json === true, redaction: options.redaction ?? AS_IT_IS },
    {
      watch: async () => watch,
      clock,
      print: (text) => printed.push(text),
      drained: async () => undefined,
      notify: () => undefined,
    },
  );
  return { code, lines: printed.join("").split("\n") };
}

it("many kinds are listed up to a number, and all are counted", async () => {
  const scan = Array.from({ length: 3000 }, (_, port) => ({ ...DROP, destinationPort: port }));
  const { lines } = await run([[10, ...scan]]);
  expect(lines.filter((line) => line.includes(" UDP "))).toHaveLength(2001);
  expect(lines.join("\n")).toMatch(/3000 drops in .*\n +3000 {2}NO_SOCKET/s);
});

describe("as text", () => {
  it("the first of a kind comes at once, with what its reason means", async () => {
    const { code, lines } = await run([[10, DROP], [10]]);
    expect(code).toBe(0);
    expect(lines.slice(0, 2)).toEqual([
      "10:00:01.234            NO_SOCKET        at __udp4_lib_rcv on eth0: UDP 192.0.2.1:4000 -> 198.51.100.2:9, 36 bytes, answered by ICMP 3/3",
      "             NO_SOCKET: nothing listens on that port",
    ]);
  });

  it("what follows comes once a second as a rate, and the end is a summary", async () => {
    const many = Array.from({ length: 50 }, () => DROP);
    const { lines } = await run([[500, DROP, ...many], [1600]]);
    expect(lines.filter((line) => line.includes("50/s"))).toHaveLength(1);
    expect(lines).toContain("51 drops in 2.1 s, 24/s");
    expect(lines.at(-2)).toBe(
      "      51  NO_SOCKET        at __udp4_lib_rcv on eth0: nothing listens on that port",
    );
  });

  it("nothing at all, and what was lost, are reported", async () => {
    const { lines } = await run([[3000]], { lost: 12 });
    expect(lines).toContain("no drops in 3.0 s");
    expect(lines).toContain("12 more were lost: there was no room to report them");
  });

  it("other namespaces are named, and names cannot drive the terminal", async () => {
    const other = { ...DROP, namespace: "box\u001b[31m", interface: "e\u0007" };
    const { lines } = await run([[10, other]]);
    expect(lines[0]).toContain("on e\\x07 [namespace box\\x1b[31m]");
  });
});

it("as JSON it is one object a line, the summary last", async () => {
  const { lines } = await run(
    [
      [10, DROP, DROP],
      [5, { ...DROP, reason: null, meaning: null }],
    ],
    {
      json: true,
      lost: 3,
    },
  );
  const objects = lines.slice(0, -1).map((line) => JSON.parse(line));
  expect(objects.slice(0, 3)).toEqual([DROP, DROP, { ...DROP, reason: null, meaning: null }]);
  expect(objects[3]).toMatchObject({
    kind: "summary",
    dropped: 3,
    lost: 3,
    reasons: [
      { reason: "NO_SOCKET", count: 2 },
      { reason: null, count: 1 },
    ],
  });
});

it("as JSON it has nothing that drives a terminal or turns its direction", async () => {
  const { lines } = await run([[10, { ...DROP, interface: "e\u009b\u202e" }]], { json: true });
  expect(lines.join("\n")).not.toMatch(/[\u0080-\u009f\u202e]/);
  expect(lines[0]).toContain('"e\\u009b\\u202e"');
  expect(lines[1]).toContain('"e\\u009b\\u202e"');
});

describe("as JSON, redacted", () => {
  const seen = {
    ...DROP,
    source: "81.2.69.142",
    destination: "93.184.216.34",
    interface: "zorgatron0",
    namespace: "zorgatron-box",
  };
  const run1 = (peers: readonly string[], target: boolean) =>
    run([[10, seen, { ...seen, source: "10.0.0.5" }]], {
      json: true,
      peers,
      redaction: { applied: true, target },
    });

  it("others stand for addresses and names, equal ones for equal ones, and the summary says so", async () => {
    const { lines } = await run1([], false);
    expect(lines.join("\n")).not.toMatch(/zorgatron|81\.2\.69|93\.184/);
    const [one, other, summary] = lines.slice(0, -1).map((line) => JSON.parse(line));
    expect(one.destination).toBe(other.destination);
    expect(one.source).not.toBe(one.destination);
    expect(other.source).toBe("10.0.0.5");
    expect({ ...one, source: null, destination: null }).toEqual({
      ...seen,
      source: null,
      destination: null,
      interface: one.interface,
      namespace: one.namespace,
    });
    expect(summary.redaction).toMatchObject({
      applied: true,
      replaced: expect.arrayContaining([{ kind: "address", values: 2, times: 3 }]),
    });
  });

  it("the target stays, unless it is to be replaced too", async () => {
    const [kept = ""] = (await run1(["93.184.216.34"], false)).lines;
    expect(JSON.parse(kept)).toMatchObject({ destination: "93.184.216.34" });
    const { lines } = await run1(["93.184.216.34"], true);
    expect(lines.join("\n")).not.toContain("93.184");
  });

  it("a scan's addresses are numbered up to a number, and none is shown behind it", async () => {
    const scan = Array.from({ length: 10_100 }, (_, n) => ({
      ...DROP,
      source: `81.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`,
    }));
    const redaction = { applied: true, target: false };
    const { lines } = await run([[10, ...scan]], { json: true, redaction });
    const sources = new Set(lines.slice(0, -2).map((line) => JSON.parse(line).source));
    expect(sources.has("unlisted")).toBe(true);
    expect(sources.size).toBeLessThanOrEqual(10_001);
    expect([...sources].filter((one) => /^81\./.test(one))).toEqual([]);
  });
});

it("without privilege it ends with exit code 3 and the reason", async () => {
  const deps = {
    watch: async () => ({ kind: "unavailable" as const, reason: "lacks CAP_BPF" }),
    clock: virtualClock(),
    print: () => undefined,
    drained: async () => undefined,
    notify: () => undefined,
  };
  await expect(drops({ ...REQUEST, json: false, redaction: AS_IT_IS }, deps)).rejects.toMatchObject(
    {
      exitCode: 3,
      message: "drops of this kernel cannot be watched: lacks CAP_BPF",
    },
  );
});

it("on a screen it shows what is known so far, and leaves the summary alone behind", async () => {
  const clock = virtualClock();
  const printed: string[] = [];
  const seen: DropsSeen[] = [];
  const watch: DropsWatch = {
    kind: "watching",
    drops: (async function* () {
      yield DROP;
      await clock.sleep(600);
      yield DROP;
      yield { ...DROP, destination: "198.51.100.3" };
      await clock.sleep(600);
    })(),
    peers: [],
    note: "watching everybody's packets",
    lost: () => 1,
  };
  const code = await drops(
    { ...REQUEST, json: false, redaction: AS_IT_IS },
    {
      watch: async () => watch,
      clock,
      print: (text) => printed.push(text),
      drained: async () => undefined,
      notify: () => undefined,
      show: async (values) => {
        for await (const one of values) seen.push(one);
      },
    },
  );
  expect(code).toBe(0);
  const last = seen.at(-1);
  expect(last).toMatchObject({ total: 3, lost: 1, note: "watching everybody's packets" });
  // One location, whatever the hosts.
  expect(last?.groups).toMatchObject([{ count: 3, meaning: "nothing listens on that port" }]);
  expect(last?.newest).toHaveLength(3);
  expect(printed.join("")).toContain("3 drops in 1.2 s");
  expect(printed.join("")).not.toContain("10:00:01.234");
});

// Which flows are dead, which lose packets, and which are ambiguous.

import { describe, expect, test } from "vitest";
import { enoughRounds, isMixed, tcpFlows } from "../../../../src/facts/loss/tcp-flows.ts";
import { branchesAt, udpFlows } from "../../../../src/facts/loss/udp-flows.ts";
import type { EventBody } from "../../../../src/schema/event.ts";
import type { ProbeOutcome } from "../../../../src/schema/events/probe.ts";
import { pathOf, TARGET, targetAddresses } from "../../../builders/events.ts";
import { exceeded, fromTarget, NO_REPLY } from "../../../builders/probes.ts";

const SYN_ACK: ProbeOutcome = {
  kind: "reply",
  with: "syn-ack",
  from: TARGET,
  rttMs: 2,
  replyTtl: null,
};

let cookie = 0;

function probe(more: Partial<Extract<EventBody, { kind: "probe" }>>): EventBody {
  cookie += 1;
  return {
    kind: "probe",
    protocol: "tcp",
    purpose: "flow",
    address: TARGET,
    flow: 1,
    ttl: 64,
    sizeBytes: 60,
    cookie,
    outcome: NO_REPLY,
    labels: [],
    quote: null,
    sentAtMs: 0,
    ...more,
  };
}

/** "!" is a router's ICMP error instead of the target's answer; its rate is limited. */
const OUTCOMES: Readonly<Record<string, ProbeOutcome>> = {
  "+": SYN_ACK,
  "!": exceeded("192.0.2.1"),
};

/** A row for each flow, a column for each round. */
function syns(...rows: readonly string[]) {
  const probes = rows.flatMap((row, n) =>
    [...row].map((sign) =>
      probe({ flow: n + 1, sourcePort: 40_000 + n, outcome: OUTCOMES[sign] ?? NO_REPLY }),
    ),
  );
  return tcpFlows(pathOf(targetAddresses(), ...probes));
}

const AMBIGUOUS = { quickCheck: false, connected: false };

describe("SYNs from several ports", () => {
  test("that are silent each time for some, and answered each time for others, show a dead branch", () => {
    const seen = syns("----", "++++", "++++", "----", "++++", "++++");
    expect(seen.isDeadBranch).toBe(true);
    expect(seen.dead.map(({ sourcePort }) => sourcePort)).toEqual([40_000, 40_003]);
    expect(enoughRounds(seen, AMBIGUOUS)).toBe(true);
  });

  test.each([
    ["one round", ["-", "+", "+", "+", "+", "+", "+", "+"]],
    ["two rounds", ["--", "++", "++", "++", "++", "++", "++", "++"]],
    ["answers here and there", ["----", "+-+-", "-+-+", "--+-", "+---", "-+--"]],
    ["no answer at all", ["--------", "--------"]],
    ["a router's errors here and there", ["!!!", "---", "!--", "---", "---", "-!-"]],
    ["every answer", ["+++", "+++"]],
  ])("%s show none", (_, rows) => {
    expect(syns(...rows).isDeadBranch).toBe(false);
  });

  test.each([
    { rows: [], after: { silent: false, connected: false, quickCheck: false } },
    { rows: ["-", "+"], after: { silent: false, connected: false, quickCheck: false } },
    { rows: ["+", "+"], after: { silent: false, connected: false, quickCheck: true } },
    { rows: ["-", "-"], after: { silent: true, connected: false, quickCheck: false } },
    { rows: ["---", "---"], after: { silent: true, connected: true, quickCheck: true } },
    { rows: ["!!!", "---"], after: { silent: true, connected: true, quickCheck: true } },
    { rows: ["++", "++"], after: { silent: true, connected: true, quickCheck: true } },
    {
      rows: ["----------", "+-+--+-+-+"],
      after: { silent: true, connected: true, quickCheck: true },
    },
  ])("$rows are probed again only while another round may show more", ({ rows, after }) => {
    const seen = syns(...rows);
    expect({
      silent: enoughRounds(seen, AMBIGUOUS),
      connected: enoughRounds(seen, { ...AMBIGUOUS, connected: true }),
      quickCheck: enoughRounds(seen, { quickCheck: true, connected: true }),
    }).toEqual(after);
  });
});

test.each([
  { rows: ["-+", "++", "++", "++", "++", "++", "++", "++"], mixed: false },
  { rows: ["-+++", "+-++", "++-+", "+++-"], mixed: true },
  { rows: ["-+", "+-", "-+"], mixed: true },
  { rows: ["----", "++++", "++++", "++++", "++++", "++++"], mixed: false },
  { rows: ["---", "---"], mixed: false },
])("$rows are a mixture that no port explains: $mixed", ({ rows, mixed }) => {
  expect(isMixed(syns(...rows))).toBe(mixed);
});

describe("UDP flows", () => {
  const udp = (flow: number, ttl: number, outcome: ProbeOutcome) =>
    probe({ protocol: "udp", purpose: "hop", flow, ttl, outcome });
  const through = (flow: number, middle: string) => [
    udp(flow, 1, exceeded("192.0.2.1")),
    udp(flow, 2, exceeded(middle)),
    udp(flow, 3, fromTarget()),
  ];
  const ended = (flow: number, attempts: number) => [
    udp(flow, 1, exceeded("192.0.2.1")),
    ...Array.from({ length: attempts }, () => [
      udp(flow, 2, NO_REPLY),
      udp(flow, 3, NO_REPLY),
    ]).flat(),
  ];

  test("that meet other routers are branches at that TTL", () => {
    const path = pathOf(
      targetAddresses(),
      ...through(0, "192.0.2.2"),
      ...through(1, "192.0.2.9"),
      ...through(2, "192.0.2.2"),
    );
    expect(branchesAt(path, 2)).toEqual([
      { address: "192.0.2.2", flows: [0, 2] },
      { address: "192.0.2.9", flows: [1] },
    ]);
    expect(udpFlows(path).dead).toEqual([]);
  });

  test("that end early each time are dead", () => {
    const probes = [0, 1, 2, 4, 5].flatMap((flow) => through(flow, "192.0.2.2"));
    const path = pathOf(targetAddresses(), ...probes, ...ended(3, 4));
    const { dead, isDeadBranch } = udpFlows(path);
    expect(isDeadBranch).toBe(true);
    expect(dead).toMatchObject([{ flow: 3, lastTtl: 1, lastFrom: "192.0.2.1", missed: 8 }]);
  });

  test("that are seen by another router first are dead behind it", () => {
    const behind = (flow: number, seen: ProbeOutcome) => [
      udp(flow, 1, exceeded("192.0.2.1")),
      udp(flow, 2, seen),
      ...Array.from({ length: 8 }, () => udp(flow, 3, NO_REPLY)),
    ];
    const probes = [0, 1, 2, 4, 8].flatMap((flow) => through(flow, "192.0.2.2"));
    const b = exceeded("192.0.2.9");
    const halves = [...behind(3, b), ...behind(5, b), ...behind(6, NO_REPLY), ...behind(7, b)];
    const { dead, isDeadBranch } = udpFlows(pathOf(targetAddresses(), ...probes, ...halves));
    expect(isDeadBranch).toBe(true);
    expect(dead.map(({ flow }) => flow).sort()).toEqual([3, 5, 6, 7]);
  });

  test("that lost one answer are not", () => {
    const probes = [0, 1, 2].flatMap((flow) => through(flow, "192.0.2.2"));
    const path = pathOf(targetAddresses(), ...probes, ...ended(3, 1));
    expect(udpFlows(path).isDeadBranch).toBe(false);
  });
});

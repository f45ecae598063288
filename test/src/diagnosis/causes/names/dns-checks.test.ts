// The rules about what a resolver cuts short, loses or never said: what fires, and what only looks like it.

import { describe, expect, test } from "vitest";
import { diagnosisOf as diagnose } from "../../../../../src/report/diagnosis.ts";
import type { EventBody } from "../../../../../src/schema/event.ts";
import type { DnsCheck } from "../../../../../src/schema/events/dns.ts";
import type { DnsOutcome } from "../../../../../src/schema/events/dns-replies.ts";
import {
  answer,
  dnsReply,
  NAME,
  NO_DNS_REPLY,
  pathOf,
  RESOLVER,
  rcode,
  resolverConfig,
  TARGET,
  targetAddresses,
} from "../../../../builders/events.ts";
import { run } from "../../../../builders/runs.ts";

const CUT: DnsOutcome = { kind: "answer", rcode: "NOERROR", addresses: [], truncated: true };
const OTHER = "203.0.113.66";

const causes = (...names: readonly EventBody[]) => {
  const { findings } = diagnose(pathOf(...run({ names: [...names, targetAddresses()] })));
  return findings.map(({ cause, severity }) => `${cause} ${severity}`);
};

function check(more: Partial<DnsCheck>): EventBody {
  return {
    kind: "dns-check",
    purpose: "size",
    server: RESOLVER,
    origin: "resolv.conf",
    transport: "udp",
    name: NAME,
    type: "A",
    ednsBytes: null,
    round: 1,
    sent: 1,
    outcome: answer(TARGET),
    rttMs: 1,
    ...more,
  };
}

const sized = (sizeBytes: number, truncated = false): DnsOutcome => ({
  kind: "answer",
  rcode: "NOERROR",
  addresses: truncated ? [] : [TARGET],
  truncated,
  sizeBytes,
});

/** Three controls with 512 bytes, two silences with 4096, and the whole answer over TCP. */
function lost(more: { control?: DnsOutcome; whole?: DnsOutcome; last?: DnsOutcome } = {}) {
  const { control = sized(34, true), whole = sized(1800), last = NO_DNS_REPLY } = more;
  return [
    resolverConfig(),
    dnsReply(RESOLVER, answer(TARGET)),
    check({ transport: "tcp", ednsBytes: 4096, outcome: whole }),
    ...[1, 2, 3].map((round) => check({ ednsBytes: 512, round, outcome: control })),
    check({ ednsBytes: 4096, outcome: NO_DNS_REPLY }),
    check({ ednsBytes: 4096, round: 2, outcome: last }),
  ];
}

describe("dns-tcp-blocked", () => {
  const tcp = (outcome: DnsOutcome) => dnsReply(RESOLVER, outcome, { transport: "tcp" });

  test.each([
    { what: "is silent", outcome: NO_DNS_REPLY },
    { what: "is refused", outcome: { kind: "refused" as const, from: null } },
    { what: "ends without a word", outcome: { kind: "malformed" as const, why: "closed" } },
  ])("is a fault where the answer is cut short and TCP $what", ({ outcome }) => {
    expect(causes(resolverConfig(), dnsReply(RESOLVER, CUT), tcp(outcome))).toEqual([
      "dns-tcp-blocked fault",
    ]);
  });

  test("is a fault although half of the answer has addresses: no resolver takes them", () => {
    const half = { ...CUT, addresses: [TARGET] };
    expect(causes(resolverConfig(), dnsReply(RESOLVER, half), tcp(NO_DNS_REPLY))).toEqual([
      "dns-tcp-blocked fault",
    ]);
  });

  test("is a warning where a second server answers", () => {
    const second = dnsReply("192.0.2.2", answer(TARGET));
    const config = resolverConfig([RESOLVER, "192.0.2.2"]);
    expect(causes(config, dnsReply(RESOLVER, CUT), tcp(NO_DNS_REPLY), second)).toEqual([
      "dns-tcp-blocked warning",
    ]);
  });

  test("is none where TCP answered the second time", () => {
    const again = [tcp(NO_DNS_REPLY), tcp(answer(TARGET))];
    expect(causes(resolverConfig(), dnsReply(RESOLVER, CUT), ...again)).toEqual([]);
  });

  test("is none where nothing needed TCP", () => {
    const whole = dnsReply(RESOLVER, answer(TARGET));
    expect(causes(resolverConfig(), whole, tcp(NO_DNS_REPLY))).toEqual([]);
  });
});

describe("dns-large-answer-lost", () => {
  test("fires on silence between answers, with the answer known from TCP", () => {
    expect(causes(...lost())).toEqual(["dns-large-answer-lost warning"]);
  });

  test.each([
    { what: "the second round is answered", change: { last: sized(1800) } },
    { what: "the control is silent as well", change: { control: NO_DNS_REPLY } },
    { what: "TCP brings a small answer", change: { whole: sized(30) } },
    { what: "TCP is silent", change: { whole: NO_DNS_REPLY } },
  ])("does not when $what", ({ change }) => {
    expect(causes(...lost(change))).toEqual([]);
  });

  test("does not when an answer as large came over UDP", () => {
    const large = check({ ednsBytes: 1232, outcome: sized(1900) });
    expect(causes(...lost(), large)).toEqual([]);
  });
});

describe("dns-answer-forged", () => {
  const race = (...outcomes: readonly DnsOutcome[]): EventBody => ({
    kind: "dns-race",
    server: RESOLVER,
    origin: "resolv.conf",
    name: NAME,
    type: "A",
    answers: outcomes.map((outcome, n) => ({ afterMs: n + 1, outcome })),
    sent: 1,
  });
  const first = [resolverConfig(), dnsReply(RESOLVER, answer(OTHER))];
  const tcp = dnsReply(RESOLVER, answer(TARGET), { transport: "tcp" });
  const raced = race(answer(OTHER), answer(TARGET));

  test("fires on two races of which one side is TCP's answer", () => {
    expect(causes(...first, tcp, raced, raced)).toEqual(["dns-answer-forged fault"]);
  });

  test("fires without TCP where one answer is in every race", () => {
    const more = race(answer("203.0.113.67"), answer(TARGET));
    expect(causes(...first, raced, more)).toEqual(["dns-answer-forged fault"]);
  });

  test("does not on a single race", () => {
    expect(causes(...first, tcp, raced, race(answer(OTHER)))).toEqual([]);
  });

  test("does not where every answer is another one, as in a rotation", () => {
    const rotation = [1, 3, 5].map((n) =>
      race(answer(`203.0.113.${n}`), answer(`203.0.113.${n + 1}`)),
    );
    expect(causes(...first, ...rotation)).toEqual([]);
  });

  test("does not where TCP gives both answers", () => {
    const both = dnsReply(RESOLVER, answer(TARGET, OTHER), { transport: "tcp" });
    expect(causes(...first, both, raced, raced)).toEqual([]);
  });

  const turns = (udp: DnsOutcome, over: DnsOutcome) =>
    [1, 2, 3].flatMap((round) => [
      check({ purpose: "compare", transport: "tcp", round, outcome: over }),
      check({ purpose: "compare", round, outcome: udp }),
    ]);
  const compared = (udp: DnsOutcome, over: DnsOutcome) => [
    resolverConfig(),
    dnsReply(RESOLVER, udp),
    dnsReply(RESOLVER, over, { transport: "tcp" }),
    ...turns(udp, over),
  ];

  test("fires where UDP denies in every turn what TCP has", () => {
    expect(causes(...compared(rcode("NXDOMAIN"), answer(TARGET)))).toEqual([
      "dns-answer-forged fault",
    ]);
  });

  test("does not where UDP denied once and has it now", () => {
    const [config, udp, over, ...rest] = compared(answer(TARGET), answer(TARGET));
    const denied = dnsReply(RESOLVER, rcode("NXDOMAIN"));
    const events = [config, denied, udp, over, ...rest].filter((event) => event !== undefined);
    expect(causes(...events)).not.toContain("dns-answer-forged fault");
  });

  test("is a note where only the addresses differ", () => {
    expect(causes(...compared(answer(OTHER), answer(TARGET)))).toEqual(["dns-answer-forged note"]);
  });
});

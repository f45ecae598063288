// Faults on the host and behind it: which side fails decides the segment, and without a word nothing is sure.

import { describe, expect, test } from "vitest";
import { diagnosisOf as diagnose } from "../../../../../src/report/diagnosis.ts";
import type { EventBody } from "../../../../../src/schema/event.ts";
import type { ProbeOutcome } from "../../../../../src/schema/events/probe.ts";
import {
  answer,
  dnsReply,
  NO_DNS_REPLY,
  pathOf,
  resolverConfig,
  TARGET,
  targetAddresses,
  vantage,
} from "../../../../builders/events.ts";
import { plainHost, VPN_SERVER, vpnHost } from "../../../../builders/host.ts";
import {
  control,
  hostConnects,
  hostCounters,
  hostEcho,
  hostNeighbour,
  hostResolves,
} from "../../../../builders/host-tries.ts";
import { exceeded, hops, probeSent, NO_REPLY as SILENT } from "../../../../builders/probes.ts";
import { RESOLVED, type RunOptions, run } from "../../../../builders/runs.ts";
import { NO_REPLY, passing, unconnected } from "../../../../builders/tcp.ts";
import { LAN, plainHostWith, route } from "../../../host/example.ts";

const GATEWAY = "198.51.100.1";
const ROUTER = "192.0.2.1";
/** Windows answers at the first hop, and nobody behind it. */
const CUT: readonly EventBody[] = hops([GATEWAY, null, null], false);

function diagnosed(events: readonly EventBody[], options: RunOptions = {}) {
  const base = { host: plainHost, tcp: unconnected(NO_REPLY), names: TYPED, ...options };
  return diagnose(pathOf(...run({ ...base, udp: [...CUT, ...events] })));
}
const faults = (...args: Parameters<typeof diagnosed>) =>
  diagnosed(...args)
    .findings.filter(({ severity }) => severity !== "note")
    .map(({ cause }) => cause);
/** An address was typed: no name server behind the host has answered anything. */
const TYPED = [resolverConfig([]), targetAddresses(TARGET, "literal", null)];
const withReach = (ok: boolean) =>
  plainHostWith({ reach: [{ address: TARGET, port: 443, ok, error: ok ? null : "timeout" }] });

describe("host-forwarding-blocked", () => {
  test("fires when only the host reaches the target, with the NAT as a candidate beside it", () => {
    const { findings, chain, verdict } = diagnosed([hostConnects("connected")]);
    expect(verdict).toBe("fault");
    expect(findings.map(({ cause, severity }) => `${cause} ${severity}`)).toEqual([
      "host-forwarding-blocked fault",
      "nat-source-not-translated note",
    ]);
    expect(findings[0]).toMatchObject({ segment: "windows-stack", confidence: 0.95 });
    expect(chain.find(({ kind }) => kind === "windows-stack")?.outbound).toBe("broken");
    expect(chain.find(({ kind }) => kind === "lan-gateway")?.outbound).toBe("ok");
  });

  test("names what pktmon counted inside Windows, which no segment is blamed for alone", () => {
    const dropped = hostCounters("tcpip.sys", "Inspection drop");
    const { findings, chain } = diagnosed([hostConnects("connected"), dropped]);
    expect(findings[0]?.summary).toContain("7 packets of about 60 bytes received, by tcpip.sys");
    const counted = chain.find(({ kind }) => kind === "windows-stack");
    expect(counted?.evidence).toEqual(
      expect.arrayContaining(findings[0]?.evidence.slice(-1) ?? []),
    );
    const card = hostCounters("Realtek", null);
    const elsewhere = diagnosed([hostConnects("no-reply"), card, dropped]);
    expect(elsewhere.findings.map(({ cause }) => cause)).not.toContain("host-forwarding-blocked");
    expect(elsewhere.chain.filter(({ outbound }) => outbound === "broken")).toEqual([]);
  });

  test("takes a refusal for the target's answer, and an echo", () => {
    expect(faults([hostConnects("refused")])).toEqual(["host-forwarding-blocked"]);
    const echoed = hostEcho("reply", { from: TARGET });
    expect(faults([hostConnects("failed"), echoed])).toEqual(["host-forwarding-blocked"]);
  });

  test("is less sure by a saved word, and hardly by none", () => {
    const saved = diagnosed([], { host: withReach(true) }).findings[0];
    expect(saved).toMatchObject({ cause: "host-forwarding-blocked", confidence: 0.8 });
    const without = diagnosed([]).findings[0];
    expect(without).toMatchObject({
      cause: "host-forwarding-blocked",
      confidence: 0.5,
      segment: null,
      between: ["windows-stack", "lan-gateway"],
    });
  });

  test.each<[string, readonly EventBody[], RunOptions]>([
    ["the host fails too", [hostConnects("no-reply")], {}],
    ["the host failed when the snapshot was made", [], { host: withReach(false) }],
    [
      "a router behind the host answers",
      [probeSent(exceeded("203.0.113.7"), { ttl: 3 }), hostConnects("connected")],
      {},
    ],
    ["there is no Windows host", [], { host: null, vantage: vantage("linux") }],
  ])("does not fire when %s", (_, events, options) => {
    expect(faults(events, options)).toEqual(["attempt-failed"]);
  });

  test("does not fire when this side got its answer", () => {
    expect(faults([hostConnects("connected")], { tcp: passing("t1") })).toEqual([]);
  });

  test("does not fire where not even Windows answers the distro", () => {
    const udp = [...hops([null, null], false), hostConnects("connected")];
    const base = { host: plainHost, names: TYPED, tcp: unconnected(NO_REPLY), udp };
    expect(diagnose(pathOf(...run(base))).findings).toMatchObject([{ cause: "attempt-failed" }]);
  });

  test("is less sure, and leaves the NAT out, when something else passes", () => {
    const { findings } = diagnosed([hostConnects("connected")], { names: RESOLVED });
    expect(findings.map(({ cause, confidence }) => `${cause} ${confidence}`)).toEqual([
      "host-forwarding-blocked 0.8",
    ]);
    expect(faults([], { names: RESOLVED })).toEqual(["attempt-failed"]);
  });

  test("hears Windows in its DNS proxy, and in the answer to a probe of its own", () => {
    const silent = hops([null, null], false);
    const base = { host: plainHost, names: TYPED, tcp: unconnected(NO_REPLY) };
    const answered: ProbeOutcome = {
      kind: "unreachable",
      from: GATEWAY,
      type: 3,
      code: 3,
      rttMs: 1,
      replyTtl: 128,
    };
    for (const more of [
      [dnsReply(GATEWAY, answer(TARGET))],
      [control("gateway", GATEWAY, answered)],
    ]) {
      const udp = [...silent, ...more, hostConnects("connected")];
      const { findings } = diagnose(pathOf(...run({ ...base, udp })));
      expect(findings[0]).toMatchObject({ cause: "host-forwarding-blocked", confidence: 0.8 });
    }
  });

  test("does not fire when the distro's own firewall refuses to send", () => {
    const refused = probeSent({ kind: "send-failed", error: "EPERM" });
    expect(faults([hostConnects("connected"), refused])).toEqual(["attempt-failed"]);
  });
});

describe("lan-gateway-unreachable", () => {
  const fails = hostConnects("unreachable");

  test("fires when the first router answers the host no ARP", () => {
    const { findings, chain } = diagnosed([fails, hostNeighbour("no-answer", ROUTER)]);
    expect(findings.map(({ cause }) => cause)).toEqual(["lan-gateway-unreachable"]);
    expect(findings[0]).toMatchObject({ segment: "lan-gateway", direction: "both" });
    expect(chain.find(({ kind }) => kind === "lan-gateway")?.outbound).toBe("broken");
  });

  test("fires when Windows itself says unreachable, to itself or to the distro", () => {
    const own = hostEcho("unreachable", { address: ROUTER, from: null });
    expect(faults([fails, own])).toEqual(["lan-gateway-unreachable"]);
    const reported: ProbeOutcome = {
      kind: "unreachable",
      from: GATEWAY,
      type: 3,
      code: 1,
      rttMs: 3000,
      replyTtl: 128,
    };
    expect(faults([probeSent(reported, { purpose: "control" })])).toEqual([
      "lan-gateway-unreachable",
    ]);
  });

  test.each<[string, readonly EventBody[]]>([
    ["the router is merely silent", [hostEcho("no-reply", { address: ROUTER })]],
    ["the router's entry is old", [hostNeighbour("unsure", ROUTER)]],
    ["nobody has asked for the router", [hostNeighbour("absent", ROUTER)]],
    ["the router answers", [hostNeighbour("answers", ROUTER)]],
    [
      "somebody behind it answers",
      [hostEcho("ttl-expired", { from: "203.0.113.9" }), hostNeighbour("no-answer", ROUTER)],
    ],
    [
      "somebody else says unreachable",
      [hostEcho("unreachable", { address: ROUTER, from: "203.0.113.9" })],
    ],
  ])("does not fire when %s", (_, events) => {
    expect(faults([fails, ...events])).toEqual(["attempt-failed"]);
  });

  test("is the physical adapter's when no adapter leads anywhere", () => {
    const down = plainHostWith({ "Get-NetRoute": [] });
    const host = { ...down, sources: { ...down.sources, "Get-NetRoute": [] } };
    const { findings } = diagnosed([fails], { host });
    expect(findings[0]).toMatchObject({
      cause: "lan-gateway-unreachable",
      segment: "physical-nic",
    });
  });

  test("is not said of a host that has a way out over the other family alone", () => {
    const down = plainHostWith({});
    const six = [route(LAN, "::/0", "fe80::1")];
    const host = { ...down, sources: { ...down.sources, "Get-NetRoute": six } };
    const { findings } = diagnosed([fails], { host });
    expect(findings.map(({ cause }) => cause)).toEqual(["host-without-ipv4"]);
    const ruledOut = findings[0]?.ruledOut.find(({ cause }) => cause === "lan-gateway-unreachable");
    expect(ruledOut?.because).toContain("over IPv6 alone");
  });
});

describe("vpn-tunnel-dead", () => {
  const host = vpnHost();
  const silentInside = [
    hostConnects("no-reply"),
    ...[1, 2, 3].map((ttl) => hostEcho("no-reply", { ttl })),
  ];
  const endpoint = hostEcho("reply", { address: VPN_SERVER, from: VPN_SERVER });
  const reached: ProbeOutcome = {
    kind: "reply",
    from: VPN_SERVER,
    with: "echo-reply",
    rttMs: 9,
    replyTtl: 60,
  };

  test("fires when the outer endpoint answers and nothing inside does", () => {
    const { findings, chain } = diagnosed([...silentInside, endpoint], { host });
    expect(findings.map(({ cause }) => cause)).toEqual(["vpn-tunnel-dead"]);
    expect(findings[0]).toMatchObject({ segment: "vpn-adapter", confidence: 0.95 });
    const of = (kind: string) => chain.find((segment) => segment.kind === kind)?.outbound;
    expect([of("vpn-adapter"), of("physical-nic")]).toEqual(["broken", "ok"]);
  });

  test("fires by this side's own try of the endpoint, less sure", () => {
    const { findings } = diagnosed([control("vpn-endpoint", VPN_SERVER, reached)], { host });
    expect(findings[0]).toMatchObject({ cause: "vpn-tunnel-dead", confidence: 0.5 });
  });

  test("fires by the rows of a snapshot", () => {
    const reach = [
      { address: TARGET, port: 443, ok: false, error: "timeout" },
      { address: VPN_SERVER, port: 443, ok: true, error: null },
    ];
    const { findings } = diagnosed([], { host: vpnHost({ more: { reach } }) });
    expect(findings[0]).toMatchObject({ cause: "vpn-tunnel-dead", confidence: 0.8 });
  });

  test.each<[string, readonly EventBody[]]>([
    ["the endpoint is silent too", silentInside],
    [
      "a far end answers in the tunnel",
      [...silentInside, endpoint, hostEcho("ttl-expired", { ttl: 1, from: "203.0.113.131" })],
    ],
    [
      "this side hears a far end",
      [endpoint, ...silentInside, probeSent(exceeded("203.0.113.131"), { ttl: 2 })],
    ],
    [
      "only a router on the way to the endpoint answers",
      [...silentInside, hostEcho("ttl-expired", { address: VPN_SERVER, from: ROUTER, ttl: 1 })],
    ],
  ])("does not fire when %s", (_, events) => {
    expect(faults(events, { host })).not.toContain("vpn-tunnel-dead");
  });

  test("is forwarding that is blocked when Windows gets through it: a kill switch", () => {
    const events = [hostConnects("connected"), control("vpn-endpoint", VPN_SERVER, reached)];
    expect(faults(events, { host })).toEqual(["host-forwarding-blocked"]);
  });

  test("stands behind a first router that is gone", () => {
    const events = [...silentInside, hostNeighbour("no-answer", ROUTER)];
    expect(faults(events, { host })).toEqual(["lan-gateway-unreachable"]);
  });
});

test("a silent name server is told beside what Windows makes of the name", () => {
  const names = [resolverConfig(), dnsReply("192.0.2.1", NO_DNS_REPLY)];
  const summary = (more: EventBody) =>
    diagnose(pathOf(...run({ names, lookups: [], tcp: [], udp: [more] }))).findings[0]?.summary;
  expect(summary(hostResolves("www.example.test", [TARGET]))).toContain("between the distro and");
  expect(summary(hostResolves("www.example.test", []))).toContain("lies behind both");
  expect(summary(control("gateway", GATEWAY, SILENT))).not.toContain("the fault lies");
});

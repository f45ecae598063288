// Near misses of the causes about reaching a target: each looks like another, and must not be it.

import { describe, expect, test } from "vitest";
import { diagnosisOf as diagnose } from "../../../../../src/report/diagnosis.ts";
import {
  answer,
  BEHIND_NAT,
  dnsReply,
  lookup,
  ON_HOST,
  pathOf,
  resolverConfig,
  TARGET,
  targetAddresses,
  vantage,
} from "../../../../builders/events.ts";
import { drop, INBOUND, WATCHED, watchEnded } from "../../../../builders/kernel.ts";
import { control, exceeded, hops, NO_REPLY } from "../../../../builders/probes.ts";
import {
  causes,
  diagnosed,
  FIRST,
  LITERAL,
  linux,
  SECOND,
  says,
  silence,
  syn,
  THIRD,
} from "../../../../builders/reaching.ts";
import { ROUTERS, run } from "../../../../builders/runs.ts";
import { failed, passing, NO_REPLY as SILENT, unconnected } from "../../../../builders/tcp.ts";

describe("upstream-unreachable", () => {
  const dead = [control(NO_REPLY), ...hops([FIRST], false), ...silence(2, 11)];

  test("fires where the first router answers alone, between it and the next", () => {
    const { findings } = diagnosed({ tcp: unconnected(SILENT), udp: dead });
    expect(findings[0]).toMatchObject({
      cause: "upstream-unreachable",
      segment: null,
      between: ["lan-gateway", "internet-hop"],
    });
  });

  test("follows from a filter of this kernel that drops the answers", () => {
    const dropped = drop({ match: INBOUND, reason: "IP_RPFILTER" });
    const tcp = [...unconnected(SILENT), WATCHED, dropped, dropped, watchEnded()];
    expect(causes({ tcp, udp: dead })).toEqual(["rp-filter-drop fault"]);
  });

  test("does not fire where that router is the Windows host: wider, and unsure", () => {
    const guest = { vantage: vantage("wsl2"), guest: BEHIND_NAT, names: LITERAL };
    const options = { ...guest, tcp: unconnected(SILENT), udp: dead };
    expect(causes(options)).toEqual(["attempt-failed fault"]);
    const { notChecked } = diagnosed(options);
    expect(notChecked.find(({ cause }) => cause === "upstream-unreachable")?.reason).toContain(
      "only the Windows host",
    );
  });

  test("fires, without a name for the router, where only the connection was told so", () => {
    const udp = [control(NO_REPLY), ...hops([FIRST], false)];
    const { findings } = diagnosed({ tcp: unconnected(failed("ENETUNREACH")), udp });
    expect(findings[0]).toMatchObject({
      cause: "upstream-unreachable",
      segment: null,
      direction: "outbound",
      confidence: 0.5,
    });
    const noRoute = {
      lookups: [lookup(ON_HOST, { outcome: { kind: "no-route", error: "ENETUNREACH" } })],
    };
    expect(causes({ ...noRoute, tcp: unconnected(failed("ENETUNREACH")), udp: [] })).not.toContain(
      "upstream-unreachable fault",
    );
  });

  test("fires behind WSL's NAT where the router behind the host answers last", () => {
    const guest = { vantage: vantage("wsl2"), guest: BEHIND_NAT, names: LITERAL };
    const udp = [control(NO_REPLY), ...hops([FIRST, SECOND], false), ...silence(3, 12)];
    expect(diagnosed({ ...guest, tcp: unconnected(SILENT), udp }).findings[0]).toMatchObject({
      cause: "upstream-unreachable",
      between: ["lan-gateway", "internet-hop"],
    });
  });

  test("does not fire where a name server behind the same router answers", () => {
    const names = [
      resolverConfig(["203.0.113.53"]),
      dnsReply("203.0.113.53", answer(TARGET)),
      targetAddresses(TARGET, "resolv.conf", "203.0.113.53"),
    ];
    expect(causes({ names, tcp: unconnected(SILENT), udp: dead })).toEqual([
      "destination-down fault",
    ]);
  });

  test("a name server on the own link proves nothing about the router", () => {
    const names = [
      resolverConfig(["192.0.2.53"]),
      dnsReply("192.0.2.53", answer(TARGET)),
      targetAddresses(TARGET, "resolv.conf", "192.0.2.53"),
    ];
    expect(causes({ names, tcp: unconnected(SILENT), udp: dead })).toEqual([
      "upstream-unreachable fault",
    ]);
  });

  test("does not fire for a user-mode NAT, which forwards no ICMP", () => {
    const guest = { vantage: vantage("wsl2", "consomme"), names: LITERAL };
    expect(causes({ ...guest, tcp: unconnected(SILENT), udp: dead })).toEqual([
      "attempt-failed fault",
    ]);
  });

  test("does not fire where too little was asked, or the connection came about", () => {
    const few = [control(NO_REPLY), ...hops([FIRST], false), ...silence(2, 3)];
    expect(causes({ tcp: unconnected(SILENT), udp: few })).toEqual(["attempt-failed fault"]);
    expect(diagnosed({ tcp: passing("t1"), udp: dead }).verdict).toBe("inconclusive");
  });
});

describe("host unreachable", () => {
  const tcp = (ms: number) =>
    unconnected(failed("EHOSTUNREACH")).map((event) =>
      event.kind === "tcp-stage" ? { ...event, ms, sinceStartMs: ms } : event,
    );

  test("after seconds is a target that is down, at once a router without a way", () => {
    const late = [control(says(THIRD, 1, 2980)), ...hops(ROUTERS, false)];
    expect(causes({ tcp: tcp(3050), udp: late })).toEqual(["destination-down fault"]);
    const soon = [control(says(SECOND, 1, 3)), ...hops([FIRST, SECOND], false)];
    expect(causes({ tcp: tcp(4), udp: soon })).toEqual(["upstream-unreachable fault"]);
  });

  test("that another packet of the run waited for is not at once", () => {
    const udp = [control(says(THIRD, 1, 120)), ...hops(ROUTERS, false)];
    expect(causes({ tcp: tcp(3050), udp })).toEqual(["destination-down fault"]);
  });

  test("for connections only, while the target answers UDP, is a rule in disguise", () => {
    const udp = [control(), ...hops(ROUTERS), syn(says(SECOND, 1, 3))];
    const { findings } = diagnosed({ tcp: tcp(4), udp });
    expect(findings[0]).toMatchObject({ cause: "admin-prohibited", segment: "internet-hop" });
  });

  test("of an interface without neighbours is nobody's ARP", () => {
    const own = [control(says(ON_HOST.address, 1))];
    const noGateway = { ...ON_HOST, gateway: null };
    const options = { guest: noGateway, lookups: [lookup(noGateway)], tcp: tcp(4), udp: own };
    expect(causes(options)).toEqual(["destination-down fault"]);
    const events = run({ ...linux, ...options }).map((event) =>
      event.kind === "interfaces"
        ? { ...event, interfaces: event.interfaces.map((link) => ({ ...link, mac: null })) }
        : event,
    );
    expect(diagnose(pathOf(...events)).findings).toMatchObject([{ cause: "attempt-failed" }]);
  });
});

describe("admin-prohibited", () => {
  const udp = [control(says(SECOND, 13)), ...hops([FIRST, SECOND], false)];

  test("over UDP says nothing where the connection comes about", () => {
    // What goes out in full size was not seen to arrive.
    const { verdict, findings } = diagnosed({ tcp: passing("t1"), udp });
    expect(verdict).toBe("inconclusive");
    expect(findings.filter(({ severity }) => severity !== "note")).toEqual([]);
  });

  test("over UDP is not the reason where a SYN gets farther than the sender", () => {
    const more = [...udp, syn(exceeded(THIRD), { ttl: 3 }), syn(NO_REPLY, { ttl: 4 })];
    expect(causes({ tcp: unconnected(SILENT), udp: more })).not.toContain("admin-prohibited fault");
  });

  test("over UDP alone, with SYNs that end there, is unsure", () => {
    const { findings } = diagnosed({ tcp: unconnected(SILENT), udp });
    expect(findings[0]).toMatchObject({ cause: "admin-prohibited", confidence: 0.5 });
  });

  test("of this machine's own is the Linux stack's", () => {
    const own = [syn(says(ON_HOST.address, 13)), ...hops(ROUTERS)];
    expect(
      diagnosed({ tcp: unconnected(failed("EHOSTUNREACH")), udp: own }).findings[0],
    ).toMatchObject({ cause: "admin-prohibited", segment: "linux-stack" });
  });

  test("is not ICMPv6's number in ICMP, nor the other way round", () => {
    const odd = [control(says(SECOND, 1, 4, 1)), ...hops([FIRST, SECOND], false)];
    expect(causes({ tcp: unconnected(SILENT), udp: odd })).not.toContain("admin-prohibited fault");
  });
});

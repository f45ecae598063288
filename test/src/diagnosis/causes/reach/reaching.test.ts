// Rules about getting there at all: routes, gateways, ports, TLS, loss and a cached PMTU.

import { describe, expect, test } from "vitest";
import { diagnosisOf as diagnose } from "../../../../../src/report/diagnosis.ts";
import type { EventBody } from "../../../../../src/schema/event.ts";
import type { ProbeOutcome } from "../../../../../src/schema/events/probe.ts";
import {
  answer,
  BEHIND_NAT,
  dnsReply,
  GUEST,
  lookup,
  pathOf,
  RESOLVER,
  resolverConfig,
  TARGET,
  targetAddresses,
  vantage,
} from "../../../../builders/events.ts";
import { vpnHost } from "../../../../builders/host.ts";
import { control, hops, NO_REPLY as SILENT, size } from "../../../../builders/probes.ts";
import { ROUTERS, type RunOptions, run } from "../../../../builders/runs.ts";
import {
  certificate,
  connected,
  failed,
  hanging,
  NO_REPLY,
  passing,
  stage,
  sweep,
  unconnected,
} from "../../../../builders/tcp.ts";

const diagnosed = (options: RunOptions) => diagnose(pathOf(...run(options)));
const causes = (options: RunOptions) => diagnosed(options).findings.map(({ cause }) => cause);
const noRoute = lookup(BEHIND_NAT, { outcome: { kind: "no-route", error: "ENETUNREACH" } });
const noGateway = { ...BEHIND_NAT, gateway: null };

describe("no-default-route", () => {
  const lost = { guest: noGateway, lookups: [noRoute], udp: [] };

  test("fires when the kernel has no route, and hides its consequences", () => {
    const { verdict, findings } = diagnosed({ ...lost, tcp: unconnected(failed("ENETUNREACH")) });
    expect(verdict).toBe("fault");
    expect(findings.map(({ cause }) => cause)).toEqual(["no-default-route"]);
    expect(findings[0]).toMatchObject({ segment: "linux-stack", direction: "outbound" });
  });

  test("says to restart WSL only where something shows that this is WSL", () => {
    const commands = (kind: "wsl2" | "linux") =>
      diagnosed({ ...lost, vantage: vantage(kind) }).findings[0]?.fixes.map(
        ({ commands: one }) => one,
      );
    expect(commands("wsl2")).toEqual([["wsl --shutdown"]]);
    expect(commands("linux")).toEqual([]);
  });

  test("fires when not even the name servers can be reached", () => {
    const unreachable = { kind: "unreachable", error: "ENETUNREACH", from: null } as const;
    const names = [resolverConfig(), dnsReply(RESOLVER, unreachable)];
    const { findings } = diagnosed({ ...lost, names, lookups: [], tcp: [] });
    expect(findings.map(({ cause }) => cause)).toEqual(["no-default-route"]);
  });

  test("does not fire for a silent name server beside a default route", () => {
    const silent = { kind: "no-reply", waitedMs: 2000 } as const;
    const names = [resolverConfig(), dnsReply(RESOLVER, silent)];
    expect(causes({ names, lookups: [], tcp: [], udp: [] })).toEqual(["dns-server-unreachable"]);
  });

  test("does not fire for a target on the link itself", () => {
    expect(diagnosed({ guest: noGateway, lookups: [lookup(noGateway)] }).verdict).toBe("healthy");
  });
});

describe("gateway-unreachable", () => {
  const fromSelf: ProbeOutcome = {
    kind: "unreachable",
    from: GUEST,
    type: 3,
    code: 1,
    rttMs: 3060,
    replyTtl: 64,
  };
  const dead = { tcp: unconnected(failed("EHOSTUNREACH")), udp: [control(fromSelf)] };

  test("fires on this machine's own host-unreachable, at the switch behind NAT", () => {
    const { verdict, findings } = diagnosed(dead);
    expect(verdict).toBe("fault");
    expect(findings.map(({ cause }) => cause)).toEqual(["gateway-unreachable"]);
    expect(findings[0]).toMatchObject({ segment: "vswitch", direction: "both" });
  });

  test("is the LAN's gateway on plain Linux", () => {
    expect(diagnosed({ ...dead, vantage: vantage("linux") }).findings[0]?.segment).toBe(
      "lan-gateway",
    );
  });

  test("fires on EHOSTUNREACH of the connect alone", () => {
    expect(causes({ ...dead, udp: [control(SILENT)] })).toEqual(["gateway-unreachable"]);
  });

  test("does not fire when a router answered, or on silence alone", () => {
    expect(causes({ ...dead, udp: [control(fromSelf), ...hops(ROUTERS, false)] })).toEqual([
      "attempt-failed",
    ]);
    const silent = { tcp: unconnected(NO_REPLY), udp: [control(SILENT)] };
    expect(causes(silent)).toEqual(["attempt-failed"]);
  });

  test("does not fire for a neighbour: there is no gateway", () => {
    expect(causes({ ...dead, guest: noGateway, lookups: [lookup(noGateway)] })).toEqual([
      "destination-down",
    ]);
  });

  test("does not fire where the gateway itself answered a name", () => {
    const gateway = BEHIND_NAT.gateway ?? "";
    const names = [resolverConfig([gateway]), dnsReply(gateway, answer(TARGET)), targetAddresses()];
    expect(causes({ ...dead, names })).toEqual(["attempt-failed"]);
  });
});

describe("ports", () => {
  test("port-refused fires on a reset, and the destination is no loss", () => {
    const { verdict, findings } = diagnosed({ tcp: unconnected(failed("ECONNREFUSED")) });
    expect(verdict).toBe("fault");
    expect(findings.map(({ cause }) => cause)).toEqual(["port-refused"]);
    expect(findings[0]).toMatchObject({ segment: "destination" });
  });

  test("port-refused does not fire on a reset after connect", () => {
    const tcp = [...connected("t1"), stage("t1", "tls", 40, failed("ECONNRESET"), null)];
    expect(causes({ tcp })).toEqual(["connection-closed"]);
  });

  test("port-filtered fires when the host answers UDP and no SYN", () => {
    const { verdict, findings } = diagnosed({ tcp: unconnected(NO_REPLY) });
    expect(verdict).toBe("fault");
    expect(findings.map(({ cause }) => cause)).toEqual(["port-filtered"]);
  });

  test("port-filtered is not checked when the target answers nothing at all", () => {
    const udp = [control(SILENT), ...hops(ROUTERS, false)];
    const { findings, notChecked } = diagnosed({ tcp: unconnected(NO_REPLY), udp });
    expect(findings.map(({ cause }) => cause)).toEqual(["destination-down"]);
    expect(notChecked.map(({ cause }) => cause)).toContain("port-filtered");
  });
});

describe("TLS", () => {
  test("a certificate that does not verify is told in its stage and is no fault by itself", () => {
    const tcp = passing("t1").map((event) =>
      event.kind === "certificate" ? certificate("t1", "SELF_SIGNED_CERT_IN_CHAIN") : event,
    );
    const { verdict, stages, notChecked } = diagnosed({ tcp });
    expect(verdict).toBe("healthy");
    expect(stages.find(({ stage: name }) => name === "tls")?.detail).toContain("does not verify");
    expect(notChecked.map(({ cause }) => cause)).toContain("tls-inspection-untrusted-ca");
  });

  test("a reset of the ClientHello is a fault of nobody in particular", () => {
    const tcp = [...connected("t1"), stage("t1", "tls", 40, failed("ECONNRESET"), null)];
    const { verdict, findings, notChecked } = diagnosed({ tcp });
    expect(verdict).toBe("fault");
    expect(findings).toMatchObject([{ cause: "connection-closed", segment: null }]);
    expect(notChecked.map(({ cause }) => cause)).toContain("tls-middlebox-reset");
  });

  test("a port that speaks another protocol is reached all the same, but for one of the web's", () => {
    const other = { kind: "other-protocol", detail: "the answer is not TLS" } as const;
    const tcp = [...connected("t1"), stage("t1", "tls", 40, other, null)];
    const { verdict, findings, stages } = diagnosed({ tcp });
    expect(verdict).toBe("fault");
    expect(findings).toMatchObject([{ cause: "tls-not-spoken", segment: "destination" }]);
    const ssh = run({ tcp }).map((event) =>
      event.kind === "run-started"
        ? { ...event, target: { ...event.target, input: `${event.target.host}:22`, port: 22 } }
        : event,
    );
    expect(diagnose(pathOf(...ssh))).toMatchObject({ verdict: "inconclusive", findings: [] });
    expect(stages.find(({ stage: name }) => name === "tls")?.status).toBe("unknown");
  });
});

describe("path-loss", () => {
  const lossy = [
    ...hanging("x", { offered: 576 }),
    ...hanging("y", { offered: 1280 }),
    ...sweep(1400, [1400, 1401]),
  ];

  test("fires when sizes hang below one that passes", () => {
    const { findings } = diagnosed({ tcp: [...hanging("t1"), ...lossy] });
    expect(findings.at(-1)).toMatchObject({
      cause: "path-loss",
      severity: "fault",
      summary: expect.stringContaining("576, 1280 bytes stalled although 1400 bytes passed"),
    });
  });

  test("does not fire when every failure is larger than all that passed", () => {
    expect(causes({ tcp: [...hanging("t1"), ...sweep(1400, [576, 1400, 1401])] })).toEqual([
      "pmtu-inbound-blackhole",
    ]);
  });

  test("is not checked when nothing hung", () => {
    expect(diagnosed({}).notChecked.map(({ cause }) => cause)).toContain("path-loss");
  });
});

describe("pmtu-cached", () => {
  const cached = (when: "before" | "after") => lookup(BEHIND_NAT, { when, cachedPmtu: 1400 });

  test("before the run is a note that keeps the verdict from being healthy", () => {
    const kept = { advMss: 1348, sndMss: 1348, rcvMss: 1348, pmtu: 1400 };
    const tcp = passing("t1", { info: kept });
    const { verdict, findings, reason } = diagnosed({ lookups: [cached("before")], tcp });
    expect(verdict).toBe("inconclusive");
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ cause: "pmtu-cached", severity: "note" });
    expect(reason).toContain("flush");
  });

  test("learnt during the run is told, and hides nothing of what the run measured", () => {
    expect(diagnosed({ lookups: [lookup(), cached("after")] })).toMatchObject({
      verdict: "healthy",
      findings: [{ cause: "pmtu-cached", severity: "note" }],
    });
  });

  test("stands behind a fault that was found all the same", () => {
    const tcp = [...hanging("t1"), ...sweep(1400, [1400, 1401])];
    expect(causes({ host: vpnHost(), lookups: [cached("before")], tcp })).toEqual([
      "vpn-mtu-inbound-blackhole",
      "pmtu-cached",
    ]);
  });

  test("is flushed by the command of its own family", () => {
    const six: EventBody = lookup(BEHIND_NAT, {
      family: 6,
      address: "2001:db8::80",
      cachedPmtu: 1280,
    });
    const commands = diagnosed({ lookups: [six] }).findings[0]?.fixes[0]?.commands;
    expect(commands).toEqual(["sudo ip -6 route flush cache"]);
  });
});

test("an address that was typed needs no resolver", () => {
  const names = [resolverConfig([]), targetAddresses(TARGET, "literal", null)];
  const { verdict, stages } = diagnosed({ names, udp: [control(), size(1500, control().outcome)] });
  expect(verdict).toBe("healthy");
  expect(stages[0]).toMatchObject({ stage: "resolve", status: "skipped" });
});

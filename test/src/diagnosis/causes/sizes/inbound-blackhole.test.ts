// The two inbound black-hole rules: whose limit it is, how sure, and what looks the same and is not.

import { describe, expect, test } from "vitest";
import { diagnosisOf as diagnose } from "../../../../../src/report/diagnosis.ts";
import type { EventBody } from "../../../../../src/schema/event.ts";
import { lookup, ON_HOST, pathOf, vantage } from "../../../../builders/events.ts";
import { plainHost, VPN_NAME, vpnHost } from "../../../../builders/host.ts";
import { type RunOptions, run, sizesAround, vpnBlackhole } from "../../../../builders/runs.ts";
import { hanging, passing, recovering, sweep } from "../../../../builders/tcp.ts";

const diagnosed = (bodies: readonly EventBody[]) => diagnose(pathOf(...bodies));
const hangs = (limit: number, more: RunOptions = {}) =>
  diagnosed(run({ tcp: [...hanging("t1"), ...sweep(limit, sizesAround(limit))], ...more }));
const causes = (bodies: readonly EventBody[]) => diagnosed(bodies).findings.map((f) => f.cause);

describe("with a VPN adapter of that very limit on the host's route", () => {
  test.each([1400, 1337, 1280])("%d bytes are its fault", (limit) => {
    const { verdict, findings, pmtu } = diagnosed(vpnBlackhole(limit));
    expect(verdict).toBe("fault");
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      cause: "vpn-mtu-inbound-blackhole",
      severity: "fault",
      segment: "vpn-adapter",
      between: null,
      direction: "inbound",
      summary: expect.stringContaining(`${VPN_NAME} has an MTU of ${limit}`),
    });
    expect(pmtu.inbound).toMatchObject({ bytes: limit, exact: true, silent: true });
    expect(findings[0]?.confidence).toBe(0.95);
  });

  test("the fix sets the guest's link to the measured size, and the adapter's in Windows", () => {
    const commands = diagnosed(vpnBlackhole(1337)).findings[0]?.fixes.flatMap((f) => f.commands);
    expect(commands).toContain("sudo ip link set dev eth0 mtu 1337");
    expect(commands).toContain(
      "netsh interface ipv4 set subinterface 62 mtu=1337 store=persistent",
    );
  });

  test("a limit below IPv6's minimum goes on the route, so that IPv6 stays", () => {
    const commands = diagnosed(vpnBlackhole(1200)).findings[0]?.fixes.flatMap((f) => f.commands);
    expect(commands?.[0]).toBe("sudo ip route change default via 198.51.100.1 dev eth0 mtu 1200");
  });

  test("a name of an interface that a shell would read is in no command", () => {
    const evil = lookup();
    if (evil.outcome.kind !== "route") throw new Error("built as a route");
    const lookups = [{ ...evil, outcome: { ...evil.outcome, interface: "eth0;reboot" } }];
    const { findings } = hangs(1400, { host: vpnHost(), lookups });
    expect(JSON.stringify(findings.map((f) => f.fixes))).not.toContain("reboot");
  });

  test("a WSL1 guest is told the Windows command alone: the link is not its own", () => {
    const { findings } = hangs(1400, { host: vpnHost(), guest: ON_HOST, vantage: vantage("wsl1") });
    expect(findings[0]?.cause).toBe("vpn-mtu-inbound-blackhole");
    expect(findings[0]?.fixes.map((f) => f.where)).toEqual(["windows-admin"]);
  });

  test("a range that holds the adapter's limit is its fault too, less surely", () => {
    const tcp = [...hanging("t1"), ...sweep(1400, [576, 1380, 1440])];
    const { findings } = diagnosed(run({ host: vpnHost(), tcp }));
    expect(findings[0]).toMatchObject({ cause: "vpn-mtu-inbound-blackhole" });
    expect(findings[0]?.confidence).toBeLessThan(0.9);
  });

  test("the look-alikes that were seen to be wrong are named", () => {
    const ruledOut = diagnosed(vpnBlackhole()).findings[0]?.ruledOut.map(({ cause }) => cause);
    expect(ruledOut).toEqual(
      expect.arrayContaining([
        "pmtu-inbound-blackhole",
        "vpn-mtu-outbound-blackhole",
        "tls-middlebox-reset",
        "port-filtered",
        "nrpt-only-vpn-dns",
      ]),
    );
  });
});

describe("without a VPN to blame", () => {
  test("another limit than the adapter's is nobody's that is known, behind the adapter", () => {
    const { findings } = hangs(1380, { host: vpnHost({ nlMtu: 1400 }) });
    expect(findings.map(({ cause }) => cause)).toEqual(["pmtu-inbound-blackhole"]);
    expect(findings[0]).toMatchObject({
      segment: null,
      between: ["vpn-adapter", "destination"],
      severity: "fault",
    });
  });

  test("an adapter without an MTU in the snapshot is not blamed", () => {
    const { findings, notChecked } = hangs(1400, { host: vpnHost({ nlMtu: null }) });
    expect(findings.map(({ cause }) => cause)).toEqual(["pmtu-inbound-blackhole"]);
    expect(notChecked).toContainEqual({
      cause: "vpn-mtu-inbound-blackhole",
      reason: expect.stringContaining("has no MTU"),
    });
  });

  test("a host whose route is in no VPN rules the VPN out", () => {
    const { findings } = hangs(1400, { host: plainHost });
    expect(findings[0]).toMatchObject({ cause: "pmtu-inbound-blackhole", segment: null });
    expect(findings[0]?.ruledOut.map(({ cause }) => cause)).toContain("vpn-mtu-inbound-blackhole");
  });

  test("no snapshot leaves the VPN unchecked and brackets the place", () => {
    const { findings, notChecked } = hangs(1400, { host: null });
    expect(findings[0]).toMatchObject({
      cause: "pmtu-inbound-blackhole",
      segment: null,
      between: ["vswitch", "destination"],
    });
    expect(findings[0]?.ruledOut.map(({ cause }) => cause)).not.toContain(
      "vpn-mtu-inbound-blackhole",
    );
    expect(notChecked.map(({ cause }) => cause)).toContain("vpn-mtu-inbound-blackhole");
    expect(hangs(1400, { vantage: vantage("linux") }).findings[0]?.between?.[0]).toBe("linux-nic");
  });

  test("the snapshot of another machine proves nothing about a VPN", () => {
    const guest = { ...ON_HOST, address: "203.0.113.200", gateway: "203.0.113.254" };
    const { findings } = hangs(1400, { host: vpnHost(), guest, vantage: vantage("linux") });
    expect(findings.map(({ cause }) => cause)).toEqual(["pmtu-inbound-blackhole"]);
  });
});

describe("a near miss", () => {
  test.each([
    { what: "a server with a small MTU", tcp: passing("t1", { received: 1380 }) },
    { what: "a hang that a too-big message heals", tcp: recovering("t1", 100, { received: 1400 }) },
    {
      what: "a hang that heals within a second, before the sizes above the limit do",
      tcp: [...recovering("t1", 400, { received: 1400 }), ...sweep(1400, [576, 1400, 1401])],
    },
    {
      what: "a hang that heals while the sizes were tried",
      tcp: [
        ...recovering("t1", 400, { received: 1400 }),
        ...recovering("s1", 300, { offered: 1440, received: 1400 }),
        ...passing("s2", { offered: 1280 }),
      ],
    },
  ])("$what is healthy", ({ tcp }) => {
    for (const host of [null, vpnHost()]) {
      expect(diagnosed(run({ host, tcp }))).toMatchObject({ verdict: "healthy", findings: [] });
    }
  });

  test("SYN cookies leave a range, which may well be the adapter's limit", () => {
    const tcp = [
      ...hanging("t1"),
      ...passing("s1", { offered: 1479, received: 1340 }),
      ...hanging("s2", { offered: 1480 }),
    ];
    const { findings, pmtu } = diagnosed(run({ host: vpnHost(), tcp }));
    expect(pmtu.inbound).toMatchObject({ exact: false, bytes: null, atLeast: 1340, below: 1480 });
    expect(findings[0]?.cause).toBe("vpn-mtu-inbound-blackhole");
    expect(causes(run({ host: vpnHost({ nlMtu: 1280 }), tcp }))).toEqual([
      "pmtu-inbound-blackhole",
    ]);
  });

  test("a filter that eats all data of the server is about no size", () => {
    const tcp = [...hanging("t1", { info: { rcvOooPack: 0 } }), ...sweep(0, [576, 1280, 1400])];
    const { verdict, findings } = diagnosed(run({ host: vpnHost(), tcp }));
    expect(findings).toMatchObject([{ cause: "server-silent", segment: null, between: null }]);
    expect(verdict).toBe("fault");
  });

  test("a hang with no sizes tried is a fault without a cause", () => {
    const { findings, notChecked } = diagnosed(run({ host: vpnHost(), tcp: hanging("t1") }));
    expect(findings).toMatchObject([{ cause: "attempt-failed", severity: "fault" }]);
    expect(notChecked.map(({ cause }) => cause)).toContain("vpn-mtu-inbound-blackhole");
  });
});

test("a hang of seconds that heals is degraded, and says how long it took", () => {
  const tcp = [
    ...recovering("t1", 3000, { received: 1064 }),
    ...sweep(1400, [576, 1280, 1400, 1401]),
  ];
  const { verdict, findings } = diagnosed(run({ host: vpnHost(), tcp }));
  expect(verdict).toBe("degraded");
  expect(findings[0]).toMatchObject({
    cause: "vpn-mtu-inbound-blackhole",
    severity: "warning",
    summary: expect.stringContaining("only after 3.0 s"),
  });
});

test("one size that hung below the limit makes the finding less sure and names the loss", () => {
  const lossy = [
    ...hanging("x", { offered: 1280 }),
    ...sweep(1400, [576, 1300, 1340, 1400, 1401, 1401, 1401]),
  ];
  const { findings } = diagnosed(run({ host: vpnHost(), tcp: [...hanging("t1"), ...lossy] }));
  expect(findings.map(({ cause }) => cause)).toEqual(["vpn-mtu-inbound-blackhole", "path-loss"]);
  expect(findings[0]?.confidence).toBeLessThan(0.9);
});

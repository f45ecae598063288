// The two outbound black-hole rules: silence with TCP's word for it, alone and beside an inbound one.

import { describe, expect, test } from "vitest";
import { diagnosisOf as diagnose } from "../../../../../src/report/diagnosis.ts";
import { pathOf } from "../../../../builders/events.ts";
import { plainHost, vpnHost } from "../../../../builders/host.ts";
import {
  control,
  exceeded,
  fromTarget,
  hops,
  NO_REPLY,
  reportedTooBig,
  size,
} from "../../../../builders/probes.ts";
import { ROUTERS, type RunOptions, run, sizesAround } from "../../../../builders/runs.ts";
import { hanging, passing, sweep, upload } from "../../../../builders/tcp.ts";

const diagnosed = (options: RunOptions) => diagnose(pathOf(...run(options)));

const silentUdp = [
  control(),
  ...hops(ROUTERS),
  ...Array.from({ length: 3 }, () => [size(1500, NO_REPLY), control()]).flat(),
];
const uploads = (limit: number) => [
  ...upload("u1", 1280, true),
  ...upload("u2", limit, true),
  ...upload("u3", limit + 1, false),
];

describe("a silent outbound limit alone", () => {
  test("is a warning, and the verdict degraded: a GET works", () => {
    const tcp = [...passing("t1"), ...uploads(1400)];
    const { verdict, findings, pmtu } = diagnosed({ host: vpnHost(), tcp, udp: silentUdp });
    expect(verdict).toBe("degraded");
    expect(pmtu.outbound).toMatchObject({ bytes: 1400, exact: true, silent: true, basis: "tcp" });
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      cause: "vpn-mtu-outbound-blackhole",
      severity: "warning",
      segment: "vpn-adapter",
      direction: "outbound",
    });
  });

  test("that is not the adapter's is nobody's that is known", () => {
    const tcp = [...passing("t1"), ...uploads(1380)];
    for (const host of [vpnHost(), plainHost, null]) {
      const { findings } = diagnosed({ host, tcp, udp: silentUdp });
      expect(findings).toHaveLength(1);
      expect(findings[0]).toMatchObject({
        cause: "pmtu-outbound-blackhole",
        severity: "warning",
        segment: null,
      });
    }
  });

  test("is bracketed by the hops that take full packets and those that do not", () => {
    const located = [
      ...silentUdp,
      size(1500, exceeded(ROUTERS[0] ?? ""), 1),
      size(1500, NO_REPLY, 2),
      size(1500, NO_REPLY, 3),
    ];
    const { findings } = diagnosed({
      udp: located,
      tcp: passing("t1"),
      host: vpnHost({ nlMtu: 1300 }),
    });
    expect(findings[0]?.cause).toBe("vpn-mtu-outbound-blackhole");
    const plain = diagnosed({ udp: located, tcp: passing("t1"), host: plainHost });
    expect(plain.findings[0]).toMatchObject({
      cause: "pmtu-outbound-blackhole",
      between: ["windows-stack", "lan-gateway"],
      summary: expect.stringContaining("between hop 1 and hop 2"),
    });
  });

  test("seen by UDP alone is less sure than with TCP data", () => {
    const udpOnly = diagnosed({ udp: silentUdp });
    const both = diagnosed({ udp: silentUdp, tcp: [...passing("t1"), ...uploads(1400)] });
    expect(udpOnly.findings[0]?.cause).toBe("pmtu-outbound-blackhole");
    expect(udpOnly.findings[0]?.confidence).toBeLessThan(both.findings[0]?.confidence ?? 0);
  });
});

describe("both directions silent", () => {
  const tcp = [...hanging("t1"), ...sweep(1400, sizesAround(1400)), ...uploads(1400)];

  test("are two faults, the inbound one first: it stops the user first", () => {
    const { verdict, findings } = diagnosed({ host: vpnHost(), tcp, udp: silentUdp });
    expect(verdict).toBe("fault");
    expect(findings.map(({ cause, severity }) => [cause, severity])).toEqual([
      ["vpn-mtu-inbound-blackhole", "fault"],
      ["vpn-mtu-outbound-blackhole", "fault"],
    ]);
  });

  test("stay two faults in that order without a snapshot", () => {
    const { findings } = diagnosed({ tcp, udp: silentUdp });
    expect(findings.map(({ cause, severity }) => [cause, severity])).toEqual([
      ["pmtu-inbound-blackhole", "fault"],
      ["pmtu-outbound-blackhole", "fault"],
    ]);
  });
});

describe("a near miss", () => {
  test.each([
    {
      what: "a limit that says so",
      udp: [control(), size(1500, reportedTooBig("198.51.100.1", 1400)), size(1400, fromTarget())],
      tcp: passing("t1"),
    },
    {
      what: "one silence of a full-size packet",
      udp: [control(), ...hops(ROUTERS), size(1500, NO_REPLY)],
      tcp: passing("t1"),
    },
    {
      what: "silence to UDP of a size that TCP carries",
      udp: silentUdp,
      tcp: [...passing("t1"), ...upload("u1", 1500, true)],
    },
  ])("$what is healthy", ({ udp, tcp }) => {
    for (const host of [null, plainHost, vpnHost()]) {
      expect(diagnosed({ host, udp, tcp })).toMatchObject({ verdict: "healthy", findings: [] });
    }
  });
});

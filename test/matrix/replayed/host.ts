// Recordings of what only a real Windows or a real systemd shows: two equal ways out, and a stub resolver.

import { fault, HEALTHY } from "../../../probes/lab/src/scenarios/building-blocks.ts";
import type { EventBody } from "../../../src/schema/event.ts";
import type { DnsOutcome } from "../../../src/schema/events/dns-replies.ts";
import { byHand, says } from "../../builders/dns.ts";
import {
  answer,
  BEHIND_NAT,
  hostSnapshot,
  interfaces,
  RESOLVER,
  rcode,
  resolverConfig,
  routes,
  runEnded,
  runStarted,
  TARGET,
  targetAddresses,
  vantage,
} from "../../builders/events.ts";
import { control, hops, NO_REPLY } from "../../builders/probes.ts";
import { ROUTERS, run } from "../../builders/runs.ts";
import { NO_REPLY as SILENT, unconnected } from "../../builders/tcp.ts";
import {
  adapter,
  address,
  ipInterface,
  plainHostWith,
  route,
  VPN,
} from "../../src/host/example.ts";
import type { ReplayedScenario } from "../row.ts";

/** A second card with a default route of its own; both are Windows' choice where the metrics are equal. */
function withSecondCard(metric: number, reach: readonly object[]) {
  return plainHostWith({
    "Get-NetAdapter": [adapter("Wi-Fi", VPN, { InterfaceType: 71 })],
    "Get-NetIPInterface": [ipInterface("Wi-Fi", VPN, { InterfaceMetric: metric })],
    "Get-NetIPAddress": [address(VPN, "203.0.113.140", 26)],
    "Get-NetRoute": [route(VPN, "0.0.0.0/0", "203.0.113.129", { InterfaceMetric: metric })],
    reach: reach.map((row) => ({ ...row })),
  });
}

const REACHES = [{ address: TARGET, port: 443, ok: true, ms: 4, error: null }];

const ONLY_THE_HOST_ANSWERS = {
  tcp: unconnected(SILENT),
  udp: [control(NO_REPLY), ...hops([ROUTERS[0], null, null, null, null, null], false)],
};

/** In the morning of the day on which the runs are made, at ten. */
const RESUMED = {
  TimeCreated: "2026-11-22T06:58:12.4038127Z",
  Id: 1,
  ProviderName: "Microsoft-Windows-Power-Troubleshooter",
};

/** @param upSeconds of WSL's virtual machine */
function afterSleep(upSeconds: number): readonly EventBody[] {
  return run({
    ...ONLY_THE_HOST_ANSWERS,
    names: [resolverConfig(), targetAddresses(TARGET, "literal", null)],
    vantage: { ...vantage(), upSeconds },
    host: plainHostWith({ "Get-WinEvent": [RESUMED], reach: REACHES }),
  });
}

const DAYS = 24 * 3600;

const STUB = "127.0.0.53";

function behindStub(upstream: readonly string[], says_: DnsOutcome): readonly EventBody[] {
  return [
    { ...byHand([STUB]), variant: "systemd-stub" },
    {
      kind: "resolver-upstream",
      stub: STUB,
      path: "/run/systemd/resolve/resolv.conf",
      servers: [...upstream],
      problem: null,
    },
    ...says(STUB, says_),
  ];
}

/** Without a connection, as no name was resolved. */
function namesOnly(names: readonly EventBody[]): readonly EventBody[] {
  return [
    runStarted(),
    vantage(),
    interfaces(BEHIND_NAT),
    routes(BEHIND_NAT),
    hostSnapshot(null, "left out on request"),
    ...names,
    runEnded(),
  ];
}

export const HOST_RECORDINGS: readonly ReplayedScenario[] = [
  {
    name: "two-cards",
    title: "Windows has two equally good outbound routes, and the NAT mixes them up",
    negativeFor: ["upstream-unreachable", "lan-gateway-unreachable"],
    expected: fault("multiple-host-nics", "windows-stack"),
    events: () => run({ ...ONLY_THE_HOST_ANSWERS, host: withSecondCard(25, []) }),
  },
  {
    name: "two-cards-one-better",
    title: "Windows has two outbound routes, and one is better",
    negativeFor: ["multiple-host-nics"],
    expected: fault("host-forwarding-blocked", "windows-stack"),
    events: () => run({ ...ONLY_THE_HOST_ANSWERS, host: withSecondCard(50, REACHES) }),
  },
  {
    name: "two-cards-and-works",
    title: "Windows has two equally good outbound routes, and it works: no fault",
    negativeFor: ["multiple-host-nics", "host-forwarding-blocked"],
    expected: HEALTHY,
    events: () => run({ host: withSecondCard(25, REACHES) }),
  },
  {
    name: "slept-since-the-start",
    title:
      "Windows reaches the target, the distro gets nothing, and runs since before Windows slept",
    negativeFor: ["host-forwarding-blocked", "vethernet-disconnected", "vpn-killswitch-wfp"],
    expected: fault("resume-from-sleep", "windows-stack"),
    events: () => afterSleep(3 * DAYS),
  },
  {
    name: "slept-before-the-start",
    title: "The same, and the distro was started after Windows had slept",
    negativeFor: ["resume-from-sleep"],
    expected: fault("host-forwarding-blocked", "windows-stack"),
    events: () => afterSleep(3600),
  },
  {
    name: "slept-and-works",
    title: "The distro runs since before Windows slept, and all is well: no fault",
    negativeFor: ["resume-from-sleep", "host-forwarding-blocked"],
    expected: HEALTHY,
    events: () =>
      run({
        vantage: { ...vantage(), upSeconds: 3 * DAYS },
        host: plainHostWith({ "Get-WinEvent": [RESUMED], reach: REACHES }),
      }),
  },
  {
    name: "stub-without-upstream",
    title: "systemd-resolved has no upstream server",
    negativeFor: ["dns-server-refuses", "dns-server-unreachable", "resolvconf-manual-stale"],
    expected: fault("systemd-resolved-stub-without-upstream", "resolver"),
    events: () => namesOnly(behindStub([], rcode("SERVFAIL"))),
  },
  {
    name: "stub-fails-with-upstream",
    title: "systemd-resolved has a server, and fails all the same (DNSSEC, say)",
    negativeFor: ["systemd-resolved-stub-without-upstream"],
    expected: fault("dns-server-fails", "resolver"),
    events: () => namesOnly(behindStub([RESOLVER], rcode("SERVFAIL"))),
  },
  {
    name: "stub-answers-alone",
    title: "systemd-resolved has no server, and knows the name itself: no fault of it",
    negativeFor: ["systemd-resolved-stub-without-upstream"],
    expected: { ...HEALTHY, verdict: "inconclusive" },
    events: () => namesOnly(behindStub([], answer(TARGET))),
  },
];

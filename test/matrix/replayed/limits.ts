// Recordings of MTUs that WSL or Docker set, of checksums, and of a machine without a free port.

import {
  fault,
  HEALTHY,
  INBOUND_BLACKHOLE,
  noted,
} from "../../../probes/lab/src/scenarios/building-blocks.ts";
import type { EventBody } from "../../../src/schema/event.ts";
import type { ProbeOutcome } from "../../../src/schema/events/probe.ts";
import { BEHIND_NAT, interfaces, lookup, runEnded, TARGET } from "../../builders/events.ts";
import { plainHost, vpnHost } from "../../builders/host.ts";
import { drop, INBOUND, WATCHED, watchEnded } from "../../builders/kernel.ts";
import { fromTarget, NO_REPLY, probeSent } from "../../builders/probes.ts";
import { type RunOptions, run, vpnBlackhole } from "../../builders/runs.ts";
import { failed, NO_REPLY as SILENT, tcpInfo, unconnected } from "../../builders/tcp.ts";
import { ipInterface, plainHostWith } from "../../src/host/example.ts";
import type { ReplayedScenario } from "../row.ts";

const SMALL = { ...BEHIND_NAT, mtu: 1280 };
const LOWERED = { ...BEHIND_NAT, mtu: 1350 };

/** A run with Docker's bridge among the distro's interfaces. */
function withBridge(mtu: number): readonly EventBody[] {
  const own = interfaces(LOWERED);
  const bridge = {
    ...{ name: "docker0", index: 5, mtu, up: true, loopback: false, mac: "02:42:00:00:00:05" },
    addresses: [{ address: "172.17.0.1", prefixLength: 16, family: 4 as const }],
  };
  return run({ guest: LOWERED }).map((event) =>
    event.kind === "interfaces" ? { ...own, interfaces: [...own.interfaces, bridge] } : event,
  );
}

/** Windows with Tailscale connected, which the target's packets do not cross. */
function withTailscale(NlMtu: number) {
  return plainHostWith({ "Get-NetIPInterface": [ipInterface("Tailscale", 70, { NlMtu })] });
}

const small = (more: RunOptions) => run({ guest: SMALL, lookups: [lookup(SMALL)], ...more });

/** The default connection's answers are dropped here, for that reason. */
function droppedHere(reason: string): readonly EventBody[] {
  const drops = [1, 2, 3].map((n) => drop({ match: INBOUND, reason, droppedAtMs: 20 * n }));
  return [...run({ tcp: [WATCHED, ...unconnected(SILENT), ...drops, watchEnded()] })];
}

function behindWsl(version: string | null): readonly EventBody[] {
  return vpnBlackhole(1400, vpnHost({ more: { wsl: [{ version, windows: "10.0.22631.4317" }] } }));
}

/** Datagrams in fragments, each with a small one behind it; whole packets of the link's size pass. */
function inFragments(outcome: ProbeOutcome): readonly EventBody[] {
  const sent = [0, 1, 2, 3].flatMap(() =>
    [
      probeSent(outcome, { purpose: "size", sizeBytes: 2052 }),
      probeSent(fromTarget(), { purpose: "control" }),
    ].map((one): EventBody => ({ ...one, kind: "control-probe", about: "fragments" })),
  );
  const [started, ...rest] = run({ host: plainHost, end: null });
  if (started?.kind !== "run-started") throw new Error("a run begins otherwise");
  return [{ ...started, command: "mtu" }, ...rest, ...sent, runEnded()];
}

/** What is sent up stops twice, and LSO of WSL's switch is on or off. */
function stoppedUpload(isOn: boolean): readonly EventBody[] {
  const lso = { Name: SWITCH_NAME, V1IPv4Enabled: false, IPv4Enabled: isOn, IPv6Enabled: isOn };
  const shared = { address: TARGET, family: 4 as const, port: 443 };
  const negotiated = { timestamps: true, sack: true, windowScaling: true, ecn: false };
  const read: EventBody = {
    ...{ kind: "transfer", variant: "plain", ...shared, outcome: "enough", detail: null },
    ...{ receivedBytes: 1_000_000, missingBytes: null, ms: 900, silentMs: 0 },
    ...{ acknowledged: null, negotiated, info: null },
  };
  const up = (variant: "plain" | "again"): EventBody => ({
    ...{ kind: "upload", variant, ...shared, outcome: "stalled", sentBytes: 264_000 },
    ...{ ackedBytes: 100_000, ms: 20, silentMs: 5000, negotiated },
    info: tcpInfo({ unacked: 10, backoff: 4 }),
  });
  const host = plainHostWith({ "Get-NetAdapterLso": [lso] });
  return [...run({ host, end: null }), read, up("plain"), up("again"), runEnded()];
}

const SWITCH_NAME = "vEthernet (WSL (Hyper-V firewall))";

export const LIMIT_RECORDINGS: readonly ReplayedScenario[] = [
  {
    name: "docker-bridge-larger",
    title: "docker0 has 1500 bytes, and eth0 was lowered to 1350",
    negativeFor: ["docker-bridge-overlap"],
    expected: noted("docker-mtu-above-eth0"),
    events: () => withBridge(1500),
  },
  {
    name: "docker-bridge-lowered",
    title: "docker0 was lowered with eth0: no fault",
    negativeFor: ["docker-mtu-above-eth0"],
    expected: HEALTHY,
    events: () => withBridge(1350),
  },
  {
    name: "small-mtu-of-tailscale",
    title:
      "eth0 has 1280 bytes, as Tailscale of Windows has, and the target is behind another adapter",
    negativeFor: ["nat-mtu-sync-stale"],
    expected: noted("nat-mtu-too-low"),
    events: () => small({ host: withTailscale(1280) }),
  },
  {
    name: "small-mtu-of-nobody",
    title: "eth0 has 1280 bytes, and no adapter of Windows has: somebody set it",
    negativeFor: ["nat-mtu-too-low"],
    expected: HEALTHY,
    events: () => small({ host: withTailscale(1400) }),
  },
  {
    name: "small-mtu-on-the-path",
    title: "eth0 has 1280 bytes, as the VPN has that the target is behind: as it should be",
    negativeFor: ["nat-mtu-too-low", "nat-mtu-sync-stale"],
    expected: HEALTHY,
    events: () => small({ host: vpnHost({ nlMtu: 1280 }) }),
  },
  {
    name: "mtu-not-copied",
    title: "TLS hangs behind a VPN of 1400 bytes, and this WSL should have copied them to eth0",
    negativeFor: ["nat-mtu-too-low"],
    expected: { ...INBOUND_BLACKHOLE, notes: ["nat-mtu-sync-stale"] },
    events: () => behindWsl("2.3.26.0"),
  },
  {
    name: "mtu-never-copied",
    title: "The same with the WSL that comes with Windows, which copies nothing",
    negativeFor: ["nat-mtu-sync-stale"],
    expected: INBOUND_BLACKHOLE,
    events: () => behindWsl(null),
  },
  {
    name: "checksums-wrong",
    title: "The server's answers arrive with wrong checksums",
    negativeFor: ["linux-firewall-in-distro", "port-filtered"],
    expected: fault("checksum-offload-corruption", "linux-nic", "inbound"),
    events: () => droppedHere("TCP_CSUM"),
  },
  {
    name: "answers-filtered-here",
    title: "The server's answers arrive, and a firewall rule of the distro drops them",
    negativeFor: ["checksum-offload-corruption"],
    expected: fault("linux-firewall-in-distro", "linux-stack", "inbound"),
    events: () => droppedHere("NETFILTER_DROP"),
  },
  {
    name: "no-source-port",
    title: "All source ports are in use",
    negativeFor: ["conntrack-full", "port-refused"],
    expected: fault("ephemeral-port-exhaustion", "linux-stack", "outbound"),
    events: () => run({ host: plainHost, tcp: unconnected(failed("EADDRNOTAVAIL")) }),
  },
  {
    name: "address-in-use",
    title: "The connection fails for another local reason",
    negativeFor: ["ephemeral-port-exhaustion"],
    expected: fault("attempt-failed", null),
    events: () => run({ host: plainHost, tcp: unconnected(failed("EADDRINUSE")) }),
  },
  {
    name: "fragments-lost",
    title: "Datagrams in fragments are lost, and whole ones pass: a note of wsl-trace mtu",
    negativeFor: ["pmtu-outbound-blackhole", "path-loss"],
    expected: noted("fragmented-udp-dropped"),
    events: () => inFragments(NO_REPLY),
  },
  {
    name: "fragments-delivered",
    title: "Datagrams in fragments are answered",
    negativeFor: ["fragmented-udp-dropped"],
    expected: HEALTHY,
    events: () => inFragments(fromTarget()),
  },
  {
    name: "upload-stops-with-lso",
    title: "An upload stops, and large send offload of WSL's switch is on: a note beside it",
    negativeFor: ["path-loss"],
    expected: { ...fault("transfer-stalls", null, "outbound"), notes: ["lso-on-vethernet"] },
    events: () => stoppedUpload(true),
  },
  {
    name: "upload-stops-without-lso",
    title: "An upload stops, and large send offload of WSL's switch is off",
    negativeFor: ["lso-on-vethernet"],
    expected: fault("transfer-stalls", null, "outbound"),
    events: () => stoppedUpload(false),
  },
];

// What the rules about packet sizes say.

import type { inboundAtInterface, inboundSeen } from "../../diagnosis/causes/sizes/inbound.ts";
import { formatLimit, type LimitOwner } from "../../facts/size/limit-owner.ts";
import { formatBalanced } from "./balanced.ts";
import type { AreaSentences } from "./sentence.ts";

export const SIZE_SENTENCES = {
  "vpn-mtu-inbound-blackhole": {
    ownerUnknown: ({ reason }) => reason,
    notOfVpn: ({ because }) => because,
    found: ({ adapter, mtu, carriesLess, carrier, estimate, sweep, kernel }) =>
      `${formatTunnel({ name: adapter, mtu, carriesLess, carrier })}; larger packets from the server are lost on the inbound path (measured: ${formatLimit(estimate)}): ${formatSweep(sweep)}${formatKernel(kernel)}`,
  },
  "vpn-mtu-outbound-blackhole": {
    ownerUnknown: ({ reason }) => reason,
    notOfVpn: ({ because }) => because,
    found: ({ adapter, mtu, carriesLess, carrier, estimate, balanced }) =>
      `${formatTunnel({ name: adapter, mtu, carriesLess, carrier })}; larger packets to the server are lost on the outbound path and no ICMP error reports it (measured: ${formatLimit(estimate)})${formatBranches(balanced)}`,
  },
  "pmtu-inbound-blackhole": {
    ofVpn: ({ because }) => formatOfVpn(because),
    found: ({ estimate, sweep, kernel, owner }) =>
      `packets from the server above ${formatLimit(estimate)} are lost on the inbound path: ${formatSweep(sweep)}${formatKernel(kernel)}; ${formatOwner(owner)}`,
  },
  "pmtu-outbound-blackhole": {
    ofVpn: ({ because }) => formatOfVpn(because),
    found: ({ estimate, vanishes, owner, balanced }) =>
      `packets to the server above ${formatLimit(estimate)} are lost on the outbound path and no ICMP error reports it${balanced === null ? formatVanishes(vanishes) : formatBranches(balanced)}; ${formatOwner(owner)}`,
  },
  "pmtu-cached": {
    refused: "the kernel's PMTU cannot be read here, so that it may have cached one",
    noneCached: "no cached PMTU before the run",
    found: ({ cachedPmtu, address, linkMtu }) =>
      `the kernel has a cached PMTU of ${cachedPmtu} bytes for ${address} (the link MTU is ${linkMtu}); until it expires connections offer smaller segments, which hides faults of larger ones`,
    left: ({ cachedPmtu, address, linkMtu }) =>
      `since this run the kernel caches a PMTU of ${cachedPmtu} bytes for ${address} (the link MTU is ${linkMtu}), as TCP data met an ICMP error that names it; it expires within ten minutes`,
    flush: "Flush the cached PMTU, then trace again",
    flushLeft: "Have no cached PMTU, as before this run",
  },
  "mss-clamped": {
    noSilentLimit: "no silent outbound size limit",
    fullSize: "TCP sends packets as large as the link takes",
    found: ({ estimate, largest }) =>
      `UDP packets above ${formatLimit(estimate)} are lost on the outbound path; with the MSS that TCP is offered it sends at most ${largest} bytes, so it is not affected`,
  },
  "docker-mtu-above-eth0": {
    noBridge: "the distro has no bridge of Docker's",
    noLink: "the MTU of the link to the target is not known",
    fits: "no bridge of Docker's has a larger MTU",
    found: ({ bridge, bridgeMtu, device, mtu }) =>
      `${bridge} has ${bridgeMtu} bytes and ${device} ${mtu}: containers offer and send more than the distro's card carries, so that theirs may hang where the distro's own connections do not`,
    clamp:
      "Lower what containers offer as it is forwarded; `mtu` in /etc/docker/daemon.json keeps it",
  },
  "nat-mtu-too-low": {
    notCopied: "nothing shows which MTU WSL copies",
    otherSize: ({ device, mtu }) => `${device} has ${mtu} bytes, which no other adapter gave it`,
    found: ({ device, mtu, smallest, crossed, crossedMtu }) =>
      `${device} has ${mtu} bytes, as ${smallest} of Windows has, while packets to the target cross ${crossed} with ${crossedMtu}: WSL copies the smallest of all, and a VPN or Docker in the distro gets less than IPv6 needs`,
    seeMtus: "See which adapter has the smallest, and raise it, or disconnect it",
  },
  "nat-mtu-sync-stale": {
    noLimit: "no size limit shows",
    isCopied: ({ device, mtu }) => `${device} has ${mtu} bytes, no more than Windows' adapters`,
    versionUnknown: "whether this WSL copies Windows' MTU is not known",
    found: ({ device, mtu, smallest, version }) =>
      `${device} has ${mtu} bytes and ${smallest.name} of Windows ${smallest.mtu}, which WSL ${version} should have copied: it does when Windows tells of a change, and was not told of this one`,
    copyAgain: "Let WSL copy it at its next start",
  },
  "fragmented-udp-dropped": {
    delivered: "datagrams in fragments get there",
    limited: ({ below }) => `packets of ${below} bytes are lost whole as well`,
    sizesUnknown: "no whole packet of full size was seen to pass",
    found: ({ tries, whole }) =>
      `${tries} datagrams that left in fragments got no answer, each beside a small one that did, and whole packets of ${whole} bytes pass: something on the way drops fragments`,
  },
  "lso-on-vethernet": {
    noUpload: "nothing was sent up in this run",
    goesOn: "what was sent up did not stop",
    limited: "a limit of the packet size is in that direction",
    pathLoses: "the path loses packets, small ones too",
    noRow: "the snapshot has no row about the offload of WSL's switch",
    switchedOff: ({ adapter }) => `large send offload of ${adapter} is off`,
    found: ({ adapter }) =>
      `what is sent up stops, single packets of full size pass, and large send offload of ${adapter} is on, as it is by default: whether it is to blame, a try without it tells`,
    cutHere: ({ device }) => `Let Linux cut the segments of ${device}, and try the upload again`,
    switchOff: "Switch it off in Windows, until the adapter is made anew",
  },
} satisfies AreaSentences<"sizes">;

const MS_PER_SECOND = 1000;

function formatSweep(sweep: ReturnType<typeof inboundSeen>): string {
  const { passed, failed, outOfOrder, balanced } = sweep;
  if (balanced !== null) return `${formatBalanced(balanced)}; ${formatDefault(sweep)}`;
  const sign = outOfOrder ? ", while a smaller segment after them was received" : "";
  return `connections that offer segments of up to ${passed} bytes finish, those that offer ${failed} lose every full-size segment${sign}; ${formatDefault(sweep)}`;
}

/** What became of the connection as a program makes it. */
function formatDefault(sweep: ReturnType<typeof inboundSeen>): string {
  const { hangs, hungIn, isLonger, otherPort, recoveredAfterMs, hiddenByCache } = sweep;
  if (!hangs) return "the connection that was made by default took a path without it";
  const longer = otherPort === null ? "a longer one" : `one of port ${otherPort}`;
  const answer = isLonger ? `the answer was small, and ${longer}` : "the answer";
  const stage = hungIn === "tls" && !isLonger ? "the TLS handshake" : answer;
  const hang =
    recoveredAfterMs === null
      ? `${stage} was never received`
      : `${stage} was received only after ${(recoveredAfterMs / MS_PER_SECOND).toFixed(1)} s`;
  return hiddenByCache
    ? `with the PMTU that the kernel has cached it works, and without it ${hang}`
    : `by default ${hang}`;
}

function formatBranches(balanced: Parameters<typeof formatBalanced>[0] | null): string {
  return balanced === null ? "" : `, ${formatBalanced(balanced)}`;
}

function formatKernel(kernel: ReturnType<typeof inboundAtInterface>["seen"]): string {
  if (kernel === null) return "";
  const { device, largest } = kernel;
  return `; ${device ?? "the interface"} itself received nothing of it above ${largest} bytes`;
}

function formatTunnel({ name, mtu, carriesLess, carrier }: OfVpn): string {
  const has = `${name} has an MTU of ${mtu}`;
  if (!carriesLess) return has;
  const because =
    carrier === null
      ? ""
      : `: ${carrier.name} below it has ${carrier.mtu}, and the tunnel's own headers need room`;
  return `${has}, and its tunnel carries less${because}`;
}

type OfVpn = Pick<
  Extract<LimitOwner, { readonly kind: "vpn" }>,
  "name" | "mtu" | "carriesLess" | "carrier"
>;

function formatOfVpn(because: readonly string[]): string {
  return `the limit is the VPN adapter's: ${because.join("; ")}`;
}

function formatOwner(owner: Exclude<LimitOwner, { readonly kind: "vpn" }>): string {
  return owner.kind === "other"
    ? owner.because
    : `which link has the limit is not known (${owner.reason})`;
}

interface Hops {
  readonly afterTtl: number;
  readonly beforeTtl: number;
}

function formatVanishes(hops: Hops | null): string {
  if (hops === null) return "";
  return hops.afterTtl === 0
    ? `, before hop ${hops.beforeTtl}`
    : `, between hop ${hops.afterTtl} and hop ${hops.beforeTtl}`;
}

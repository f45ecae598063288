// What the rules about packet sizes say.

import type { inboundAtInterface, inboundSeen } from "../../diagnosis/causes/sizes/inbound.ts";
import { formatLimit, type LimitOwner } from "../../facts/size/limit-owner.ts";
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
    found: ({ adapter, mtu, carriesLess, carrier, estimate }) =>
      `${formatTunnel({ name: adapter, mtu, carriesLess, carrier })}; larger packets to the server are lost on the outbound path and no ICMP error reports it (measured: ${formatLimit(estimate)})`,
  },
  "pmtu-inbound-blackhole": {
    ofVpn: ({ because }) => formatOfVpn(because),
    found: ({ estimate, sweep, kernel, owner }) =>
      `packets from the server above ${formatLimit(estimate)} are lost on the inbound path: ${formatSweep(sweep)}${formatKernel(kernel)}; ${formatOwner(owner)}`,
  },
  "pmtu-outbound-blackhole": {
    ofVpn: ({ because }) => formatOfVpn(because),
    found: ({ estimate, vanishes, owner }) =>
      `packets to the server above ${formatLimit(estimate)} are lost on the outbound path and no ICMP error reports it${formatVanishes(vanishes)}; ${formatOwner(owner)}`,
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
} satisfies AreaSentences<"sizes">;

const MS_PER_SECOND = 1000;

function formatSweep(sweep: ReturnType<typeof inboundSeen>): string {
  const { passed, failed, outOfOrder, hungIn, isLonger, otherPort, recoveredAfterMs } = sweep;
  const { hiddenByCache } = sweep;
  const longer = otherPort === null ? "a longer one" : `one of port ${otherPort}`;
  const answer = isLonger ? `the answer was small, and ${longer}` : "the answer";
  const stage = hungIn === "tls" && !isLonger ? "the TLS handshake" : answer;
  const hang =
    recoveredAfterMs === null
      ? `${stage} was never received`
      : `${stage} was received only after ${(recoveredAfterMs / MS_PER_SECOND).toFixed(1)} s`;
  const sign = outOfOrder ? ", while a smaller segment after them was received" : "";
  const byDefault = hiddenByCache
    ? `with the PMTU that the kernel has cached it works, and without it ${hang}`
    : `by default ${hang}`;
  return `connections that offer segments of up to ${passed} bytes finish, those that offer ${failed} lose every full-size segment${sign}; ${byDefault}`;
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

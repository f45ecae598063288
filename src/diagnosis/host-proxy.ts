// The DNS proxy of the Windows host, on the distro's gateway: is it silent while DNS itself passes?

import type { ServerFacts } from "./names.ts";
import { type ResolverWay, replies, resolverWay } from "./resolver-way.ts";
import type { Facts } from "./rule.ts";

export type ProxySilence =
  | {
      readonly kind: "silent";
      readonly proxy: ServerFacts;
      /** A server beyond the gateway that replies to questions from here. */
      readonly working: ServerFacts;
    }
  | { readonly kind: "rejected"; readonly because: string; readonly evidence: readonly string[] }
  | { readonly kind: "open"; readonly reason: string };

export interface HostProxy {
  readonly way: ResolverWay;
  /** Null where the gateway is no server of resolv.conf, or was not asked. */
  readonly proxy: ServerFacts | null;
}

export function hostProxy(facts: Facts): HostProxy {
  const way = resolverWay(facts);
  if (way.kind !== "gateway-proxy") return { way, proxy: null };
  const proxy = facts.names.configured.find(({ server }) => server === way.server) ?? null;
  return { way, proxy };
}

/** Silence of the proxy alone: with everything else silent too, the way is dead and not the proxy. */
export function proxySilence(facts: Facts): ProxySilence {
  const { way, proxy } = hostProxy(facts);
  if (way.kind === "unknown") return { kind: "open", reason: way.reason };
  if (way.kind !== "gateway-proxy") {
    const because = "resolv.conf does not name the host's proxy on the gateway";
    return { kind: "rejected", because, evidence: [] };
  }
  if (proxy === null) return { kind: "open", reason: "the gateway was not asked for a name" };
  if (proxy.status !== "silent") {
    const because = `${proxy.server} ${proxy.said}`;
    return { kind: "rejected", because, evidence: proxy.evidence };
  }
  const { configured, hostOnly } = facts.names;
  const working = [...configured, ...hostOnly].find((one) => one !== proxy && replies(one));
  if (working === undefined) {
    return { kind: "open", reason: "no other server replies from here: the way may be dead" };
  }
  return { kind: "silent", proxy, working };
}

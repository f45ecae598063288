// The DNS proxy of the Windows host, on the distro's gateway: is it silent while DNS itself passes?

import { configuredResolver } from "../facts/dns/configured-resolver.ts";
import type { ServerFacts } from "../facts/dns/dns.ts";
import { replies } from "../facts/dns/dns.ts";
import type { Facts } from "../facts/facts.ts";
import { type Declined, notChecked, rejected } from "./outcome.ts";

export type HostProxy = { readonly kind: "found"; readonly proxy: ServerFacts } | Declined;

/** The server of resolv.conf that is the proxy on the gateway, as it was asked. */
export function hostProxy(facts: Facts): HostProxy {
  const hostRoute = configuredResolver(facts.path);
  if (hostRoute.kind === "unknown") return notChecked(hostRoute.reason);
  if (hostRoute.kind !== "gateway-proxy") {
    return rejected("resolv.conf does not name the host's proxy on the gateway");
  }
  const proxy = facts.dns.configured.find(({ server }) => server === hostRoute.server);
  if (proxy === undefined) return notChecked("the gateway was not asked for a name");
  return { kind: "found", proxy };
}

export type ProxySilence =
  | {
      readonly kind: "silent";
      readonly proxy: ServerFacts;
      /** A server beyond the gateway that replies to questions from here. */
      readonly working: ServerFacts;
    }
  | Declined;

/** Silence of the proxy alone: with everything else silent too, the way is dead and not the proxy. */
export function proxySilence(facts: Facts): ProxySilence {
  const found = hostProxy(facts);
  if (found.kind !== "found") return found;
  const { proxy } = found;
  if (proxy.status !== "silent")
    return rejected(`${proxy.server} ${proxy.reported}`, proxy.evidence);
  const { configured, hostOnly } = facts.dns;
  const working = [...configured, ...hostOnly].find((one) => one !== proxy && replies(one));
  if (working === undefined) {
    return notChecked("no other server replies from here: the way may be dead");
  }
  return { kind: "silent", proxy, working };
}

// Needs about names: what was asked, and which of WSL's resolvers answers the distro.

import {
  type ConfiguredResolver,
  configuredResolver,
} from "../../facts/dns/configured-resolver.ts";
import type { DnsFacts, ServerFacts } from "../../facts/dns/dns.ts";
import { replies } from "../../facts/dns/dns.ts";
import type { Facts } from "../../facts/facts.ts";
import type { Path } from "../../model/path.ts";
import { notChecked, rejected } from "../outcome.ts";
import { type MetOr, met } from "./met.ts";

/** A name was given, and some server was asked for it. */
export function nameQuery({ dns: names }: Facts): MetOr<DnsFacts> {
  if (names.literal || names.outcome === "not-asked") return notChecked("no name was queried");
  return met(names);
}

/** The servers of resolv.conf that were asked for the name. */
export function servers({ dns: names }: Facts): MetOr<readonly ServerFacts[]> {
  if (names.literal || names.configured.length === 0) {
    return notChecked("no server of resolv.conf was queried");
  }
  return met(names.configured);
}

export function resolverFile({ path }: Facts): MetOr<NonNullable<Path["resolverConfig"]>> {
  return path.resolverConfig === null
    ? notChecked("resolv.conf was not read")
    : met(path.resolverConfig);
}

type KnownResolver = Exclude<ConfiguredResolver, { readonly kind: "unknown" }>;

/** Which way the distro gets its names. */
export function resolver({ path }: Facts): MetOr<KnownResolver> {
  const found = configuredResolver(path);
  return found.kind === "unknown" ? notChecked(found.reason) : met(found);
}

/** The address of WSL's DNS tunnel. */
export function tunnel(facts: Facts): MetOr<string> {
  const found = resolver(facts);
  if (found.kind !== "met") return found;
  return found.value.kind === "tunnel"
    ? met(found.value.server)
    : rejected("resolv.conf does not name WSL's DNS tunnel");
}

/** The server of resolv.conf that is the host's DNS proxy on the gateway, as it was asked. */
export function hostProxy(facts: Facts): MetOr<ServerFacts> {
  const found = resolver(facts);
  if (found.kind !== "met") return found;
  const { value: configured } = found;
  if (configured.kind !== "gateway-proxy") {
    return rejected("resolv.conf does not name the host's proxy on the gateway");
  }
  const proxy = facts.dns.configured.find(({ server }) => server === configured.server);
  return proxy === undefined ? notChecked("the gateway was not asked for a name") : met(proxy);
}

export interface SilentProxy {
  readonly proxy: ServerFacts;
  /** A server beyond the gateway that replies to questions from here. */
  readonly working: ServerFacts;
}

/** Silence of the proxy alone: with everything else silent too, the way is dead and not the proxy. */
export function silentProxy(facts: Facts): MetOr<SilentProxy> {
  const found = hostProxy(facts);
  if (found.kind !== "met") return found;
  const { value: proxy } = found;
  if (proxy.status !== "silent") {
    return rejected(`${proxy.server} ${proxy.reported}`, proxy.evidence);
  }
  const { configured, hostOnly } = facts.dns;
  const working = [...configured, ...hostOnly].find((one) => one !== proxy && replies(one));
  if (working === undefined) {
    return notChecked("no other server replies from here: the way may be dead");
  }
  return met({ proxy, working });
}

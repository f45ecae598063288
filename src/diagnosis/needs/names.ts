// Needs about names: what was asked, and which of WSL's resolvers answers the distro.

import { configuredResolver } from "../../facts/dns/configured-resolver.ts";
import type { ServerFacts } from "../../facts/dns/dns.ts";
import { replies } from "../../facts/dns/dns.ts";
import type { Facts } from "../../facts/facts.ts";
import { notChecked, rejected } from "../outcome.ts";
import { asReported, sayNeed } from "../words.ts";
import { met } from "./met.ts";

/** A name was given, and some server was asked for it. */
export function nameQuery({ dns: names }: Facts) {
  if (names.literal || names.outcome === "not-asked") return notChecked(sayNeed("noQuery"));
  return met(names);
}

/** The servers of resolv.conf that were asked for the name. */
export function servers({ dns: names }: Facts) {
  if (names.literal || names.configured.length === 0) {
    return notChecked(sayNeed("noServerQueried"));
  }
  return met(names.configured);
}

export function resolverFile({ path }: Facts) {
  return path.resolverConfig === null
    ? notChecked(sayNeed("fileNotRead"))
    : met(path.resolverConfig);
}

/** Which way the distro gets its names. */
export function resolver({ path }: Facts) {
  const found = configuredResolver(path);
  return found.kind === "unknown" ? notChecked(asReported(found)) : met(found);
}

/** The address of WSL's DNS tunnel. */
export function tunnel(facts: Facts) {
  const found = resolver(facts);
  if (found.kind !== "met") return found;
  return found.value.kind === "tunnel" ? met(found.value.server) : rejected(sayNeed("noTunnel"));
}

/** The server of resolv.conf that is the host's DNS proxy on the gateway, as it was asked. */
export function hostProxy(facts: Facts) {
  const found = resolver(facts);
  if (found.kind !== "met") return found;
  const { value: configured } = found;
  if (configured.kind !== "gateway-proxy") {
    return rejected(sayNeed("noHostProxy"));
  }
  const proxy = facts.dns.configured.find(({ server }) => server === configured.server);
  return proxy === undefined ? notChecked(sayNeed("gatewayNotAsked")) : met(proxy);
}

export interface SilentProxy {
  readonly proxy: ServerFacts;
  /** A server beyond the gateway that replies to questions from here. */
  readonly working: ServerFacts;
}

/** Silence of the proxy alone: with everything else silent too, the way is dead and not the proxy. */
export function silentProxy(facts: Facts) {
  const found = hostProxy(facts);
  if (found.kind !== "met") return found;
  const { value: proxy } = found;
  if (proxy.status !== "silent") {
    return rejected(
      sayNeed("serverReported", { server: proxy.server, reported: proxy.reported }),
      proxy.evidence,
    );
  }
  const { configured, hostOnly } = facts.dns;
  const working = [...configured, ...hostOnly].find((one) => one !== proxy && replies(one));
  if (working === undefined) {
    return notChecked(sayNeed("noOtherServer"));
  }
  const silent: SilentProxy = { proxy, working };
  return met(silent);
}

// Whether the network that WSL gives the distro works at all, and as far as where it does not.

import type { Facts } from "../facts.ts";
import { vantageFacts } from "../vantage.ts";
import { guestCards } from "./guest-cards.ts";
import { firstReply } from "./reach.ts";

/** How far the distro gets: it has no card, no address on it, no answer from its gateway, or none from beyond it. */
export type Gets = "no-card" | "no-address" | "gateway-silent" | "not-forwarded";

export interface BrokenNetwork {
  readonly gets: Gets;
  readonly evidence: readonly string[];
}

/** Null where packets get through somewhere, where a rule of the distro's own stops them, or where nothing shows it. */
export function brokenNetwork(facts: Facts): BrokenNetwork | null {
  const { path } = facts;
  if (vantageFacts(path)?.kind === "wsl1" || path.interfaces === null) return null;
  const cards = guestCards(path);
  const leads = facts.lookups.some(({ outcome }) => outcome.kind === "route");
  const read = [path.interfaces.id];
  if (!leads && cards?.length === 0) return { gets: "no-card", evidence: read };
  const addressed = cards?.some(({ addresses }) => addresses.some(isForIpv4));
  if (!leads && addressed === false) return { gets: "no-address", evidence: read };
  return silentNetwork(facts);
}

function isForIpv4({ family, address }: { readonly family: 4 | 6; readonly address: string }) {
  return family === 4 && !address.startsWith("169.254.");
}

function silentNetwork({ path, guest, host, attempt, reach }: Facts): BrokenNetwork | null {
  const refused = [...guest.forbidden, ...guest.refusedByGateway];
  if (refused.length > 0 || guest.beyond.state === "yes" || host.target.state === "no") return null;
  if (guest.elsewhere.state === "yes") return null;
  if (guest.near.state === "yes") {
    const evidence = [...guest.near.evidence, ...guest.beyond.evidence];
    return guest.beyond.state === "no" ? { gets: "not-forwarded", evidence } : null;
  }
  const tried = [...guest.beyond.evidence, ...reach.refusals.map(({ id }) => id)];
  const asked = attempt === undefined ? path.dns.map(({ id }) => id) : [];
  const evidence = [...tried, ...asked];
  const isSilent = firstReply(path) === undefined && evidence.length > 0;
  return isSilent ? { gets: "gateway-silent", evidence: evidence.slice(0, SHOWN) } : null;
}

const SHOWN = 4;

// What rules need before they can judge, by name. Each is met in one place, which also says why it is not.

import type { Facts } from "../../facts/facts.ts";
import { notChecked } from "../outcome.ts";
import { type SaidIn, sayNeed, type Words } from "../words.ts";
import { attempt, connect, ending, failure, reach } from "./connection.ts";
import {
  behindHost,
  brokenNetwork,
  heldInWindows,
  hostOnPath,
  mirrored,
  nat,
  snapshot,
  vpn,
  windowsProxy,
  wsl2,
} from "./host.ts";
import type { MetOr, NeedOf } from "./met.ts";
import {
  hostProxy,
  nameQuery,
  resolver,
  resolverFile,
  servers,
  silentProxy,
  tunnel,
} from "./names.ts";
import { forwardedTtl, loopbackTarget, misroutedReplies, route } from "./routes.ts";
import { service } from "./service.ts";
import { inboundLimit, outboundLimit } from "./sizes.ts";

const NEEDS = {
  attempt,
  connect,
  ending,
  reach,
  failure,
  nameQuery,
  servers,
  resolverFile,
  resolver,
  tunnel,
  hostProxy,
  silentProxy,
  snapshot,
  nat,
  behindHost,
  hostOnPath,
  mirrored,
  wsl2,
  brokenNetwork,
  heldInWindows,
  vpn,
  windowsProxy,
  route,
  loopbackTarget,
  forwardedTtl,
  misroutedReplies,
  inboundLimit,
  outboundLimit,
  service,
} as const;

type NeedName = keyof typeof NEEDS;
type ValueOf<N> = N extends NeedOf<infer T> ? T : never;
type Values = { readonly [K in NeedName]: ValueOf<(typeof NEEDS)[K]> };

/** Other reasons for "not checked" than a need's own, where a rule words it in another way. */
export type OtherReason = "nothingConnected" | "noRoutesOfHost" | "noCardsOfHost" | "noServer";

/** A need by its name, or with another reason than its own. */
export type Need = NeedName | { readonly need: NeedName; readonly reason: OtherReason };
type NameOf<N extends Need> = N extends { readonly need: infer Name } ? Name : N;

/** What a rule is given for its needs, by their names. */
export type Given<Needs extends readonly Need[]> = {
  readonly [K in NeedName & NameOf<Needs[number]>]: Values[K];
};

/** All that is said where a need is not met. */
export type SaidOfNeeds =
  | Extract<SaidIn<ReturnType<(typeof NEEDS)[NeedName]>>, Words>
  | ReturnType<typeof sayNeed<OtherReason>>;

// The same table, so that a name gives its own value's type.
const BY_NAME: { readonly [K in NeedName]: NeedOf<Values[K]> } = NEEDS;

/** One need, for a rule that has it only after it has seen what speaks against the cause. */
export function meet<K extends NeedName>(
  facts: Facts,
  name: K,
  reason?: OtherReason,
): MetOr<Values[K]> {
  const found = BY_NAME[name](facts);
  return found.kind === "not-checked" && reason !== undefined ? notChecked(sayNeed(reason)) : found;
}

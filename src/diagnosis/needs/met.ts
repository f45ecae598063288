// What a need comes to: the value that it gives, or why no rule that has it can fire.

import type { Facts } from "../../facts/facts.ts";
import type { Declined } from "../outcome.ts";
import type { Words, WordValues } from "../words.ts";

export interface Met<T> {
  readonly kind: "met";
  readonly value: T;
}

/** Which words there are, a need's own return type shows. */
export type MetOr<T> = Met<T> | Declined<Words<string, WordValues, "needs">>;
export type NeedOf<T> = (facts: Facts) => MetOr<T>;

export function met<T>(value: T): Met<T> {
  return { kind: "met", value };
}

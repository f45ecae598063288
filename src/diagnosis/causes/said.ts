// What the rules of the list can say, as types: a sentence that nobody has written does not compile.

import type { Area } from "../cause.ts";
import type { Table, Words, WordValues } from "../words.ts";
import type { Listed } from "./list.ts";

/** What the rules of an area can say, by cause. */
export type SaidIn<In extends Area> = {
  readonly [One in Extract<Listed, { readonly area: In }> as One["id"]]: SaidOf<
    One["said"],
    "cause"
  >;
};

/** What rules can say that several have. */
export type SharedSaid<In extends Table> = SaidOf<Listed["said"], In>;

// A helper whose return type is only `Outcome` hides what it says: then a sentence of that name is missing.
// What `meet` says has no keys either, and is in the table of needs.
type SaidOf<Said, In extends Table> =
  Said extends Words<infer Key, WordValues, infer Of>
    ? string extends Key
      ? "cause" extends Of
        ? Words<"the return type of a helper hides what it says", WordValues, In>
        : never
      : Extract<Said, Words<string, WordValues, In>>
    : never;

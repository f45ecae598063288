// A sentence for people and the table that has it, checked against what the rules say.

import type { Area } from "../../diagnosis/cause.ts";
import type { SaidIn } from "../../diagnosis/causes/said.ts";
import type { Words, WordValues } from "../../diagnosis/words.ts";

// As the type of a method, so that a sentence of certain values is one of any; the tables below hold the pairs together.
type Template<Values extends WordValues> = { write(values: Values): string }["write"];
export type Sentence<Values extends WordValues = WordValues> = string | Template<Values>;

/** One sentence for each key that is said, with the values that are said with it. */
export type SentencesFor<Said extends Words> = {
  readonly [Key in Said["key"]]: Sentence<Extract<Said, { readonly key: Key }>["values"]>;
};

/** The sentences of an area, by cause: one that is missing, or too many, does not compile. */
export type AreaSentences<In extends Area> = {
  readonly [Id in keyof SaidIn<In>]: SentencesFor<Extract<SaidIn<In>[Id], Words>>;
};

/** As many of them as another language has: the others stay English. */
export type SomeSentences<In extends Area> = {
  readonly [Id in keyof SaidIn<In>]?: Partial<SentencesFor<Extract<SaidIn<In>[Id], Words>>>;
};

export type Sentences = Readonly<Record<string, Sentence>>;

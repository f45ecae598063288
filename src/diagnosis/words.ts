// What a rule says, as data: which sentence, and the values in it. `src/report/words` writes it out.

export type WordValue =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly WordValue[]
  | WordValues;
export type WordValues = { readonly [name: string]: WordValue };

/** Who has the sentence: the cause itself, or what several causes share. */
export type Table = "cause" | "needs" | "fixes";

export interface Words<
  Key extends string = string,
  Values extends WordValues = WordValues,
  Of extends Table = Table,
> {
  readonly of: Of;
  readonly key: Key;
  readonly values: Values;
}

type NoValues = Readonly<Record<never, never>>;

function sayerOf<const Of extends Table>(of: Of) {
  function say<const Key extends string>(key: Key): Words<Key, NoValues, Of>;
  function say<const Key extends string, const Values extends WordValues>(
    key: Key,
    values: Values,
  ): Words<Key, Values, Of>;
  function say(key: string, values: WordValues = {}): Words<string, WordValues, Of> {
    return { of, key, values };
  }
  return say;
}

/** A sentence of the rule's own cause. */
export const say = sayerOf("cause");
/** Why a need is not met. */
export const sayNeed = sayerOf("needs");
/** A sentence that a fact has already, of what was tried and what came of it. */
export function asReported({ reason }: { readonly reason: string }) {
  return sayNeed("asReported", { reason });
}

/** What a fix that several causes have does. */
export const sayFix = sayerOf("fixes");

/** Every sentence in what a rule comes to: of its finding, of the finding's fixes, and of why it cannot fire. */
export type SaidIn<Result> = Result extends { readonly finding: infer Finding }
  ? SummaryOf<Finding> | TitlesOf<Finding>
  : Result extends { readonly because: infer Because extends Words }
    ? Because
    : Result extends { readonly reason: infer Reason extends Words }
      ? Reason
      : never;

type SummaryOf<Finding> = Finding extends { readonly summary: infer Summary extends Words }
  ? Summary
  : never;
type TitlesOf<Finding> = Finding extends { readonly fixes: readonly (infer Fix)[] }
  ? Fix extends { readonly title: infer Title extends Words }
    ? Title
    : never
  : never;

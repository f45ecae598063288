// Pseudonyms of everything but addresses, numbered by first appearance, and how often each kind was put in the place of an original.

export type ReplacedKind =
  | "address"
  | "host name"
  | "domain"
  | "interface or adapter"
  | "MAC address"
  | "user"
  | "path"
  | "URL part"
  | "digest"
  | "word";

export interface Replaced {
  readonly kind: ReplacedKind;
  /** Different originals. */
  readonly values: number;
  /** Places where one stood. */
  readonly times: number;
}

export interface Pseudonyms {
  /** The number of an original among those that get the same name, from 1. */
  number(name: string, original: string): number;
  /** Counts a replacement. */
  count(kind: ReplacedKind, original: string): void;
  /** Has a word stand for another wherever it appears in free text too. */
  learn(original: string, pseudonym: string): void;
  /** What stands for this word in free text, if anything was learnt for it. */
  learnt(original: string): string | undefined;
  replaced(): readonly Replaced[];
  /** Begins to count anew; numbers and what was learnt stay. */
  forgetCounts(): void;
  /** The same replacements for texts that come again, counted each time. Only once all that is learnt was learnt. */
  remembering<Kind extends string>(
    replace: (kind: Kind, text: string) => string,
  ): (kind: Kind, text: string) => string;
}

/** What was done to a text, and what was counted for it. */
interface Done {
  readonly text: string;
  readonly counted: readonly (readonly [ReplacedKind, string])[];
}

export function createPseudonyms(): Pseudonyms {
  const numbers = new Map<string, Map<string, number>>();
  const counts = new Map<ReplacedKind, { values: Set<string>; times: number }>();
  const words = new Map<string, string>();
  let counted: (readonly [ReplacedKind, string])[] = [];
  const count = (kind: ReplacedKind, original: string): void => {
    const known = counts.get(kind) ?? { values: new Set(), times: 0 };
    known.values.add(original);
    known.times += 1;
    counts.set(kind, known);
  };
  return {
    number: (name, original) => {
      const known = numbers.get(name) ?? new Map<string, number>();
      numbers.set(name, known);
      const number = known.get(original) ?? known.size + 1;
      known.set(original, number);
      return number;
    },
    count: (kind, original) => {
      counted.push([kind, original]);
      count(kind, original);
    },
    remembering: (replace) => {
      const done = new Map<string, Done>();
      return (kind, text) => {
        const key = `${kind} ${text}`;
        const known = done.get(key);
        if (known !== undefined) {
          for (const [what, original] of known.counted) count(what, original);
          return known.text;
        }
        counted = [];
        const replaced = replace(kind, text);
        done.set(key, { text: replaced, counted });
        return replaced;
      };
    },
    learn: (original, pseudonym) => {
      if (original.length > 1) words.set(original.toLowerCase(), pseudonym);
    },
    learnt: (original) => words.get(original.toLowerCase()),
    forgetCounts: () => counts.clear(),
    replaced: () =>
      [...counts]
        .map(([kind, { values, times }]) => ({ kind, values: values.size, times }))
        .sort((a, b) => (a.kind < b.kind ? -1 : 1)),
  };
}

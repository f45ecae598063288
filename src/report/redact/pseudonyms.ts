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
}

export function createPseudonyms(): Pseudonyms {
  const numbers = new Map<string, Map<string, number>>();
  const counts = new Map<ReplacedKind, { values: Set<string>; times: number }>();
  const words = new Map<string, string>();
  return {
    number: (name, original) => {
      const known = numbers.get(name) ?? new Map<string, number>();
      numbers.set(name, known);
      const number = known.get(original) ?? known.size + 1;
      known.set(original, number);
      return number;
    },
    count: (kind, original) => {
      const count = counts.get(kind) ?? { values: new Set(), times: 0 };
      count.values.add(original);
      count.times += 1;
      counts.set(kind, count);
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

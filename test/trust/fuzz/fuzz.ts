// Runs one decoder over inputs made from its corpus: what it accepted, how long the slowest took, and the first that broke it.

import { accepted, corpusOf, type Decoder } from "./decoder.ts";
import { mutate } from "./mutate.ts";
import { createRandom } from "./random.ts";

export interface FuzzResult {
  readonly runs: number;
  readonly accepted: number;
  /** Shapes of answers that differ. */
  readonly shapes: number;
  readonly slowestMs: number;
  readonly slowest: string;
  /** Null where nothing broke. */
  readonly broken: { readonly input: string; readonly error: string } | null;
}

/** Inputs whose answer had a shape that none had before, to go on from. */
const MOST_KEPT = 400;
const US_PER_MS = 1000;

/** @param tick told before each input how many there were */
export function fuzz(
  decoder: Decoder,
  {
    runs,
    seed,
    tick = () => undefined,
  }: { readonly runs: number; readonly seed: number; tick?(done: number): void },
): FuzzResult {
  const random = createRandom(seed);
  const [first = Buffer.alloc(0), ...rest] = Object.values(corpusOf(decoder.name));
  const pool: [Buffer, ...Buffer[]] = [first, ...rest];
  const shapes = new Set<string>();
  const tally = { accepted: 0, slowestMs: 0, slowest: first };
  const ended = (done: number, broken: FuzzResult["broken"]) => ({
    ...tally,
    runs: done,
    shapes: shapes.size,
    slowest: shown(tally.slowest),
    broken,
  });
  const learn = (input: Buffer, decoded: unknown) => {
    tally.accepted += 1;
    const shape = pool.length < MOST_KEPT ? shapeOf(decoded, DEPTH) : "";
    if (shape === "" || shapes.has(shape)) return;
    shapes.add(shape);
    pool.push(input);
  };
  const seeds = pool.length;
  for (let n = 0; n < runs; n += 1) {
    tick(n);
    // The corpus as it stands comes first.
    const input =
      n < seeds ? (pool[n] ?? first) : mutate(decoder.kind, random.pick(pool), pool, random);
    const before = process.cpuUsage();
    try {
      const decoded = accepted(decoder, Buffer.from(input));
      if (decoded !== undefined) learn(input, decoded);
    } catch (error) {
      return ended(n + 1, { input: shown(input), error: told(error) });
    }
    // Of the processor: a busy machine is no hang.
    const { user, system } = process.cpuUsage(before);
    const took = (user + system) / US_PER_MS;
    if (took > tally.slowestMs) Object.assign(tally, { slowestMs: took, slowest: input });
  }
  return ended(runs, null);
}

function told(error: unknown): string {
  return String(error instanceof Error ? error.stack : error);
}

const DEPTH = 4;
const FEW = 12;

/** Keys and kinds of values, not the values: short texts and small numbers count as kinds of their own. */
function shapeOf(value: unknown, depth: number): string {
  if (typeof value === "string") return value.length < FEW ? `s${value.length}` : "s";
  if (typeof value === "number")
    return Number.isInteger(value) && value >= 0 && value < FEW ? `${value}` : "n";
  if (typeof value !== "object" || value === null || depth === 0) return String(typeof value);
  if (Buffer.isBuffer(value)) return value.length === 0 ? "b0" : "b";
  const entries = Object.entries(value).slice(0, FEW);
  return `{${entries.map(([key, inner]) => `${key}:${shapeOf(inner, depth - 1)}`).join()}}`;
}

const SHOWN_BYTES = 2000;

function shown(input: Buffer): string {
  return input.subarray(0, SHOWN_BYTES).toString("hex");
}

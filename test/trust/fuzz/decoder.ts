// What is fuzzed: a decoder, the inputs that it starts from, and what must hold for whatever it accepts.

import { readFileSync } from "node:fs";
import { BtfError } from "../../../probes/ebpf-ts-bindings/src/index.ts";
import { TraceError } from "../../../src/errors.ts";

export interface Decoder {
  /** Also the name of its file in `corpus`. */
  readonly name: string;
  /** How inputs are changed: bytes anywhere, words and lines of a text, or values of a JSON document. */
  readonly kind: "bytes" | "text" | "json";
  /** Undefined or null for what it refuses. A TraceError or BtfError refuses too; any other throw is a fault. */
  decode(input: Buffer): unknown;
  /** What is accepted, written and read again. @throws where it is not the same */
  survives?(decoded: unknown, input: Buffer): void;
}

/** @returns undefined where the input was refused */
export function accepted(decoder: Decoder, input: Buffer): unknown {
  try {
    const decoded = decoder.decode(input);
    if (decoded === undefined || decoded === null) return undefined;
    decoder.survives?.(decoded, input);
    return decoded;
  } catch (error) {
    if (error instanceof TraceError || error instanceof BtfError) return undefined;
    throw error;
  }
}

type Seed = { readonly hex: string } | { readonly text: string };

/** The seeds of a decoder, by name: `valid-...`, `edge-...` or `malform-...`. */
export function corpusOf(name: string): Readonly<Record<string, Buffer>> {
  const file = new URL(`corpus/${name}.json`, import.meta.url);
  const seeds: Readonly<Record<string, Seed>> = JSON.parse(readFileSync(file, "utf8"));
  return Object.fromEntries(
    Object.entries(seeds).map(([key, seed]) => [
      key,
      "hex" in seed ? Buffer.from(seed.hex, "hex") : Buffer.from(seed.text),
    ]),
  );
}

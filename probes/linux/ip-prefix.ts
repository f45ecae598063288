// Destinations as iproute2 writes them.

import { type Prefix, prefixOf } from "../../src/host/address.ts";
import type { Family } from "../../src/schema/events/common.ts";

const EVERYTHING = { 4: "0.0.0.0/0", 6: "::/0" } as const;
const ADDRESS_BITS = { 4: 32, 6: 128 } as const;

/** "default", a prefix, or an address alone; null for anything else. */
export function destinationOf(text: string, family: Family): Prefix | null {
  if (text === "default") return prefixOf(EVERYTHING[family]);
  return prefixOf(text, ADDRESS_BITS[family]) ?? prefixOf(text);
}

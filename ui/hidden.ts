// Privacy: names and addresses are drawn as blocks, for a screen that others see.

import type { Snapshot } from "../src/model/snapshot.ts";
import type { Line } from "./lines.ts";
import { textWidth } from "./text-width.ts";

const BLOCK = "▒";

/** IPv4 and IPv6 addresses, hardware addresses, and names with a dot, such as hosts and domains. */
const LOOKS_PRIVATE =
  /\b\d{1,3}(\.\d{1,3}){3}\b|\b[0-9a-f]{0,4}(:[0-9a-f]{0,4}){2,7}(%\w+)?\b|\b[\p{L}\p{N}_-]+(\.[\p{L}\p{N}_-]+)*\.\p{L}{2,}\b/giu;

export function hidden(lines: readonly Line[], { target, diagnosis }: Snapshot): readonly Line[] {
  const named = [target.host, target.input, ...diagnosis.chain.flatMap(namesOf)];
  // The longest first: one may be a part of another.
  const names = [...new Set(named)]
    .filter((name) => name.length > 1)
    .toSorted((a, b) => b.length - a.length);
  const cover = (text: string) =>
    names
      .reduce((left, name) => left.replaceAll(name, blocks), text)
      .replace(LOOKS_PRIVATE, blocks);
  return lines.map((spans) => spans.map((one) => ({ ...one, text: cover(one.text) })));
}

/** Of the places that have names of their own; "Windows" and "NAT" are nobody's. */
function namesOf({ kind, name, address }: Snapshot["diagnosis"]["chain"][number]): string[] {
  const own =
    kind === "destination" || kind === "internet-hop" || kind === "vpn-adapter" ? [name] : [];
  return address === null ? own : [...own, address];
}

function blocks(text: string): string {
  return BLOCK.repeat(textWidth(text));
}

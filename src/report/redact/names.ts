// Pseudonyms of host names and domains: label by label, so that what ends in the same domain still does.

import type { Pseudonyms } from "./pseudonyms.ts";
import { VOCABULARY } from "./vocabulary.ts";

/** Top-level domains that say nothing: special-use names (RFC 6761, RFC 6762, RFC 8375), and the largest. */
const COMMON = new Set(
  "alt arpa com corp example home internal invalid lan local localdomain localhost net onion org test".split(
    " ",
  ),
);
/** Names that every run asks for, and that stand for this machine everywhere; a port alone, as `inbound` takes it. */
const OWN = /^(?:\d{1,5}|localhost|wsl\.localhost|wpad|\.|\*)$|^wsl-trace\./;

export interface NamePseudonyms {
  /** A name of any number of labels; a dot or an asterisk around it stays. */
  replace(name: string): string;
  /** As `replace`, and remembers that it is a domain, for the names below it. */
  domain(name: string): void;
}

/** @param kept names that stay as they are, and so do the domains that they are in */
export function createNames(kept: readonly string[], pseudonyms: Pseudonyms): NamePseudonyms {
  const stays = new Set(kept.flatMap((name) => suffixesOf(name.toLowerCase())));
  const domains = new Set<string>();
  const label = (suffix: string): string => {
    const own = suffix.split(".", 1)[0] ?? "";
    if (stays.has(suffix) || (COMMON.has(suffix) && own === suffix)) return own;
    const isDomain = domains.has(suffix);
    const word = isDomain ? "domain" : "host";
    pseudonyms.count(isDomain ? "domain" : "host name", suffix);
    return `${word}-${pseudonyms.number(word, suffix)}`;
  };
  return {
    domain: (name) => {
      const [, ...above] = suffixesOf(bare(name));
      for (const suffix of above) domains.add(suffix);
    },
    replace: (name) => {
      const plain = bare(name);
      if (plain === "" || OWN.test(plain) || (VOCABULARY.has(plain) && plain.includes("."))) {
        return name;
      }
      const replaced = suffixesOf(plain).map(label).join(".");
      const [start = "", end = ""] = name.toLowerCase().split(plain);
      // In the case in which it was written, where it stays.
      return replaced === plain ? name : `${start}${replaced}${end}`;
    },
  };
}

/** Lower case, without the dots and asterisks around it. */
function bare(name: string): string {
  return name.toLowerCase().replace(/^[.*]+|\.+$/g, "");
}

/** "a.b.c": itself, "b.c", "c". */
function suffixesOf(name: string): readonly string[] {
  const labels = name.split(".").filter((one) => one !== "");
  return labels.map((_, at) => labels.slice(at).join("."));
}

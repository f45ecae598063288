// What may stand in a printed command: text of a recording, of the network or of Windows only after it was read as what it
// must be. Each gives null for anything else, and then the command is not printed.

import { addressOf, prefixOf } from "../host/address.ts";

/** Needs no quoting in any shell and is no option; the kernel allows more (dev_valid_name). */
const INTERFACE = /^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,14}$/;
/** RFC 1123 s.2.1, and the underscore of service names. */
const HOST = /^[A-Za-z0-9_]([A-Za-z0-9_.-]{0,251}[A-Za-z0-9_.])?$/;
/** Of iproute2's rt_tables, or a number. */
const TABLE = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}$/;

/** An address without its zone, in canonical form. */
export function commandAddress(text: string): string | null {
  return addressOf(text)?.address ?? null;
}

/** An address as resolv.conf takes it: a link-local one with its zone. */
export function commandServer(text: string): string | null {
  const parsed = addressOf(text);
  if (parsed === null || parsed.zone === null) return parsed?.address ?? null;
  return INTERFACE.test(parsed.zone) ? `${parsed.address}%${parsed.zone}` : null;
}

/** A prefix in canonical form; a bare address is a prefix of one. */
export function commandPrefix(text: string): string | null {
  return prefixOf(text)?.text ?? commandAddress(text);
}

export function commandInterface(text: string): string | null {
  return INTERFACE.test(text) ? text : null;
}

export function commandHost(text: string): string | null {
  return HOST.test(text) ? text : null;
}

export function commandTable(text: string): string | null {
  return TABLE.test(text) ? text : null;
}

/** What may stand behind each word of a selector, as `ip rule` prints it (ip-rule(8)). */
const PREFIX_OR_ALL = (text: string) => text === "all" || commandPrefix(text) !== null;
const IS_INTERFACE = (text: string) => INTERFACE.test(text);
const IS_RANGE = (text: string) => /^\d{1,10}(-\d{1,10})?$/.test(text);
const IS_MASKED = (text: string) => /^(0x)?[0-9a-f]{1,8}(\/(0x)?[0-9a-f]{1,8})?$/i.test(text);
const SELECTOR_VALUES: Readonly<Record<string, (text: string) => boolean>> = {
  from: PREFIX_OR_ALL,
  to: PREFIX_OR_ALL,
  iif: IS_INTERFACE,
  oif: IS_INTERFACE,
  fwmark: IS_MASKED,
  tos: IS_MASKED,
  dsfield: IS_MASKED,
  uidrange: IS_RANGE,
  sport: IS_RANGE,
  dport: IS_RANGE,
  ipproto: (text) => /^[a-z0-9-]{1,16}$/.test(text) && !text.startsWith("-"),
};

/** The selector of a rule, word by word: `not from all fwmark 0x1/0xff ipproto tcp dport 443`. */
export function commandSelector(text: string): string | null {
  const words = text.split(" ");
  const pairs = words[0] === "not" ? words.slice(1) : words;
  const isPlain = pairs.every((word, index) => {
    const key = index % 2 === 0 ? word : (pairs[index - 1] ?? "");
    const reads = Object.hasOwn(SELECTOR_VALUES, key) ? SELECTOR_VALUES[key] : undefined;
    return reads !== undefined && (index % 2 === 0 || reads(word));
  });
  return isPlain && pairs.length % 2 === 0 ? text : null;
}

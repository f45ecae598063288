// Pseudonyms of addresses: addresses again, in which whatever shared a prefix still shares it.

import {
  type Address,
  addressOf,
  bitsOf,
  type Family,
  type Prefix,
  prefixOf,
} from "../../host/address.ts";
import {
  addressBits,
  addressOfBits,
  keptBits,
  keptBitsOfPrefix,
  prefixBits,
  SPECIAL_BITS,
} from "./address-ranges.ts";

export interface AddressPseudonyms {
  /** The address or prefix in the place of this one, the same where it stays; null when the text is neither. */
  replace(text: string): string | null;
}

/**
 * @param known every address and prefix that will be asked for, in the order in which they appear
 * @param kept addresses that stay as they are
 * @param relocate whether pseudonyms stand in documentation ranges. Otherwise they stand all over the address space, and
 *   any two share exactly as many first bits as the originals do: for routes that cut up the whole space.
 */
export function createAddressPseudonyms(
  known: readonly string[],
  kept: readonly string[],
  relocate: boolean,
): AddressPseudonyms {
  const families = {
    4: createFamily(4, known, kept, relocate),
    6: createFamily(6, known, kept, relocate),
  };
  const replacePrefix = (text: string, prefix: Prefix): string => {
    const from = keptBitsOfPrefix(prefix);
    if (from === null) return text;
    // An address with the length behind it keeps what stands behind the prefix.
    const own = addressOf(text.split("/")[0] ?? "");
    const bits = own === null || own.address === prefix.network ? bitsOf(prefix) : addressBits(own);
    const image = families[prefix.family](bits, from);
    return `${addressOfBits(image, prefix.family)}/${prefix.length}`;
  };
  const replaceAddress = (text: string, address: Address): string => {
    const from = keptBits(address);
    if (from === null) return text.trim();
    const bits = addressBits(address);
    if (from === EMBEDDED) {
      const four = addressOfBits(bits.slice(EMBEDDED), 4);
      const image = addressOf(replace(four) ?? four);
      return addressOfBits(bits.slice(0, EMBEDDED) + (image && addressBits(image)), 6);
    }
    return addressOfBits(families[address.family](bits, from), address.family);
  };
  const replace = (text: string): string | null => {
    const prefix = text.includes("/") ? prefixOf(text) : null;
    if (prefix !== null) return replacePrefix(text, prefix);
    const address = addressOf(text);
    return address === null ? null : replaceAddress(text, address);
  };
  return { replace };
}

/** RFC 6052: an IPv4 address stands behind these bits, and gets a pseudonym of its own. */
const EMBEDDED = 96;
/** A network that one side has: what is in it stays together. */
const BLOCK = { 4: 24, 6: 48 } as const;
/** Where blocks go first, and then: reserved (RFC 1112 s.4), documentation (RFC 3849). */
const FIRST_BLOCKS = { 4: ["198.51.100.0/24", "203.0.113.0/24", "192.0.2.0/24"], 6: [] } as const;
const REST = { 4: "1111", 6: prefixBits("2001:db8::/32") } as const;
/** RFC 4193 with a network of zeros. */
const UNIQUE_LOCAL = "11111101".padEnd(BLOCK[6], "0");

function createFamily(
  family: Family,
  known: readonly string[],
  kept: readonly string[],
  relocate: boolean,
): (bits: string, from: number) => string {
  const block = BLOCK[family];
  const fixed = kept.flatMap((text) => {
    const address = addressOf(text);
    return address?.family === family ? [addressBits(address)] : [];
  });
  const taken = known.flatMap((text) => {
    const address = addressOf(text.split("/")[0] ?? "");
    return address?.family === family ? [addressBits(address).slice(0, block)] : [];
  });
  const prefixes = known
    .flatMap((text) => {
      const prefix = text.includes("/") ? prefixOf(text) : null;
      const isOne = prefix?.family === family && keptBitsOfPrefix(prefix) !== null;
      return isOne ? [bitsOf(prefix)] : [];
    })
    .sort((a, b) => a.length - b.length);
  const free = FIRST_BLOCKS[family].map(prefixBits).filter((bits) => !taken.includes(bits));
  const flip = createFlips(family === 4 ? 32 : 128, [...fixed, ...SPECIAL_BITS[family]]);
  const places = new Map<string, string | null>();
  const identifiers = new Map<string, number>();
  let next = 1;

  /** The block's new place; null where there is no room, or an address in it stays. */
  const placeOf = (bits: string, from: number): string | null => {
    if (fixed.some((one) => one.startsWith(bits))) return null;
    const first = bits.length === block ? free.shift() : undefined;
    if (first !== undefined) return first;
    const base = from === UNIQUE_LOCAL_BITS ? UNIQUE_LOCAL.slice(0, from) : REST[family];
    const room = bits.length - base.length;
    if (room < LEAST_ROOM) return null;
    // Numbered in units of the usual block, and aligned to its own size.
    const unit = 2 ** Math.max(0, block - bits.length);
    for (let number = Math.ceil(next / unit); number < 2 ** room; number += 1) {
      const place = base + number.toString(2).padStart(room, "0");
      if (taken.some((one) => one.startsWith(place))) continue;
      next = (number + 1) * unit;
      return place;
    }
    return null;
  };

  const identified = (bits: string): string => {
    const number = identifiers.get(bits) ?? FIRST_IDENTIFIER + identifiers.size;
    identifiers.set(bits, number);
    return bits.slice(0, LINK_LOCAL_BITS) + number.toString(2).padStart(LINK_LOCAL_BITS, "0");
  };

  return (bits, from) => {
    if (from === LINK_LOCAL_BITS) return identified(bits);
    const outer = prefixes.find((one) => one.length < block && bits.startsWith(one));
    const own = outer ?? bits.slice(0, block);
    if (!relocate || !MOVED.includes(from)) return flip(bits, from);
    const place = places.has(own) ? (places.get(own) ?? null) : placeOf(own, from);
    places.set(own, place);
    if (place !== null) return flip(place + bits.slice(own.length), own.length, bits);
    const stays = fixed.some((one) => one.startsWith(own));
    return flip(bits, stays ? own.length : from);
  };
}

const UNIQUE_LOCAL_BITS = 8;
/** Public addresses (0 and 3 bits say what they are) and unique local ones. */
const MOVED = [0, 3, UNIQUE_LOCAL_BITS];
const LEAST_ROOM = 4;
/** fe80::/64, with identifiers from fe80::a:1 on: nobody gives such by hand. */
const LINK_LOCAL_BITS = 64;
const FIRST_IDENTIFIER = 0xa_0001;

/**
 * Changes bits so that equal beginnings stay equal (as Crypto-PAn does, with the order of appearance in the place of a key):
 * what comes first below a place gets 0, and 1 as its last bit.
 */
function createFlips(length: number, fixed: readonly string[]) {
  const flipped = new Map<string, boolean>();
  /** @param original under which the choice is kept, where the bits have moved */
  return (bits: string, from: number, original = bits): string => {
    let image = bits.slice(0, from);
    for (let at = from; at < bits.length; at += 1) {
      const node = original.slice(0, at);
      const bit = bits[at] === "1";
      const isLast = at === length - 1;
      if (!flipped.has(node)) {
        const stays = fixed.some(
          (one) => one.length > from && (one.startsWith(node) || node.startsWith(one)),
        );
        flipped.set(node, !stays && bit !== isLast);
      }
      image += bit !== flipped.get(node) ? "1" : "0";
    }
    return image;
  };
}

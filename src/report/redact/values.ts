// One replacement for each kind of text, all with the same pseudonyms.

import { addressOf, prefixOf } from "../../host/address.ts";
import type { TextKind } from "../../schema/text-kinds.ts";
import { type AdapterPseudonyms, createAdapters } from "./adapters.ts";
import type { AddressPseudonyms } from "./addresses.ts";
import type { NamePseudonyms } from "./names.ts";
import type { Pseudonyms } from "./pseudonyms.ts";
import { createText, userOf } from "./text.ts";

export type Replace = (kind: Exclude<TextKind, "snapshot">, text: string) => string;

/** @param keptHost the target's name, which stays; null where it is replaced too */
export function createValues(
  addresses: AddressPseudonyms,
  names: NamePseudonyms,
  keptHost: string | null,
  pseudonyms: Pseudonyms,
): { readonly replace: Replace } {
  const adapters = createAdapters(pseudonyms);
  const address = (text: string): string | null => {
    const [bare = "", zone] = text.split("%");
    const replaced = addresses.replace(zone === undefined ? text : bare);
    if (replaced === null) return null;
    const [ownZone, length] = zone?.split("/") ?? [];
    const zoned =
      ownZone === undefined
        ? replaced
        : `${replaced}%${adapters.replace(ownZone)}${length === undefined ? "" : `/${length}`}`;
    if (zoned !== text && zoned !== text.trim()) pseudonyms.count("address", text);
    return zoned;
  };
  const mac = (text: string) => replaceMac(text, pseudonyms);
  const digest = (text: string) => replaceDigest(text, pseudonyms);
  const host = (text: string): string => {
    const ofAddress = address(text);
    if (ofAddress !== null) return ofAddress;
    return NAME.test(text) ? names.replace(text) : free(text);
  };
  const url = (text: string): string => replaceUrl(text, { host, pseudonyms, kept: keptHost });
  const free = createText(
    { address, host: (name) => names.replace(name), url, mac, digest },
    pseudonyms,
  );
  const readers = {
    address: (text) => address(text) ?? free(text),
    host,
    adapter: (text) => replaceAdapter(text, adapters, free),
    mac: (text) => (MAC.test(text) ? mac(text) : free(text)),
    url: (text) => (text.includes("://") ? url(text) : free(text)),
    target: (text) => targetOf(text, { host, url, pseudonyms, kept: keptHost }),
    "target-path": (text) => pathOf(text, keptHost !== null, pseudonyms),
    time: (text) => (isTime(text) ? text : free(text)),
    digest: (text) => (text === "" ? text : digest(text)),
    id: (text) => (/^[a-z]{1,2}\d{1,6}$/.test(text) ? text : free(text)),
    version: (text) => replaceVersion(text, free),
    text: free,
  } as const satisfies Record<Exclude<TextKind, "snapshot">, (text: string) => string>;
  return { replace: (kind, text) => readers[kind](text) };
}

const NAME = /^[.*]*[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)*\.?$|^\.$/u;
const MAC = /^[0-9a-f]{2}(?:[:-]?[0-9a-f]{2}){5}$/i;
/** Hyper-V's own: by it a virtual adapter is known. */
const KNOWN_MAKERS = /^(?:00.?15.?5d|00.?00.?00.?00.?00.?00)/i;
const MAKER_CHARS = 6;

/** A locally administered one (IEEE 802: second bit of the first byte), numbered, written as the original is. */
function replaceMac(text: string, pseudonyms: Pseudonyms): string {
  const plain = text.replaceAll(/[:-]/g, "").toLowerCase();
  if (/^0+$/.test(plain)) return text;
  pseudonyms.count("MAC address", plain);
  const number = pseudonyms.number("mac", plain).toString(16);
  const maker = KNOWN_MAKERS.test(text) ? plain.slice(0, MAKER_CHARS) : "020000";
  let digits = maker + number.padStart(MAKER_CHARS, "0");
  if (/[A-F]/.test(text)) digits = digits.toUpperCase();
  const separator = /[:-]/.exec(text)?.[0] ?? "";
  return (digits.match(/../g) ?? []).join(separator);
}

/** WSL's own id as a creator of virtual machines, the same on every machine. */
const WSL_CREATOR = /40e0ac32-46a5-438a-a0b2-2b479e8f2e90/i;

/** As long as the original, of zeros and its number. */
function replaceDigest(text: string, pseudonyms: Pseudonyms): string {
  if (WSL_CREATOR.test(text)) return text;
  pseudonyms.count("digest", text.toLowerCase());
  const number = pseudonyms.number("digest", text.toLowerCase()).toString();
  const places = text.replace(/[^0-9a-f]/gi, "").length;
  const digits = [...number.padStart(places, "0")];
  if (!/^[{]?[0-9a-f]+(?:[:-][0-9a-f]+)*[}]?$/i.test(text)) return `digest-${number}`;
  return text.replace(/[0-9a-f]/gi, () => digits.shift() ?? "");
}

/** "6.6.87.2-microsoft-standard-WSL2", "2.6.1.0": the numbers alone, and of none that begins as no version of these does. */
const VERSION = /^[1-9](?:\.\d{1,3}){1,3}(?![\d.])/;

function replaceVersion(text: string, free: (text: string) => string): string {
  const [numbers = ""] = VERSION.exec(text) ?? [];
  return numbers + free(text.slice(numbers.length));
}

function replaceAdapter(text: string, adapters: AdapterPseudonyms, free: (text: string) => string) {
  // A path or an address is no adapter, whatever stands in its place.
  return /[\\/@:]|\d\.\d+\.\d/.test(text) ? free(text) : adapters.replace(text);
}

interface UrlParts {
  readonly host: (text: string) => string;
  readonly pseudonyms: Pseudonyms;
  /** The host whose paths stay. */
  readonly kept: string | null;
}

/** Scheme, host and port; user info, query and fragment are left out, and a path is numbered. */
function replaceUrl(text: string, { host, pseudonyms, kept }: UrlParts): string {
  const [, scheme = "", user, name = "", port = "", path = "", rest = ""] =
    /^([a-z][a-z0-9+.-]*:\/\/)(?:([^@/?#]*)@)?(\[[^\]]*\]|[^:/?#]*)(:\d*)?([^?#]*)(.*)$/is.exec(
      text,
    ) ?? [];
  if (scheme === "") return host(text);
  if (user !== undefined && user !== "git") pseudonyms.count("URL part", user);
  if (rest !== "") pseudonyms.count("URL part", rest);
  const shownUser = user === "git" ? "git@" : "";
  const bare = name.replace(/^\[(.*)\]$/, "$1");
  const shown = name.startsWith("[") ? `[${host(bare)}]` : host(bare);
  const isKept = kept !== null && bare.toLowerCase() === kept.toLowerCase();
  return `${scheme}${shownUser}${shown}${port}${pathOf(path, isKept, pseudonyms)}`;
}

function pathOf(path: string, stays: boolean, pseudonyms: Pseudonyms): string {
  const [, own = "", rest = ""] = /^([^?#]*)(.*)$/s.exec(path) ?? [];
  if (rest !== "") pseudonyms.count("URL part", rest);
  if (stays || own === "" || own === "/" || /^\/path-\d+$/.test(own)) return own;
  pseudonyms.count("URL part", own);
  return `/path-${pseudonyms.number("path", own)}`;
}

/** As it was typed: a URL, "user@host:path", "host:port", a host. */
function targetOf(
  text: string,
  { host, url, pseudonyms, kept }: UrlParts & { readonly url: (text: string) => string },
): string {
  if (text.includes("://")) return url(text);
  const [, user, rest = ""] = /^(?:([^@/]*)@)?(.*)$/s.exec(text) ?? [];
  const shownUser = user === undefined ? "" : `${userOf(user, pseudonyms)}@`;
  const [, name = "", behind = ""] =
    /^(\[[^\]]*\]|[^:/?#]*(?=[:/?#]|$))(.*)$/s.exec(isBare(rest) ? `${rest}` : rest) ?? [];
  if (isBare(rest)) return `${shownUser}${host(rest)}`;
  const bare = name.replace(/^\[(.*)\]$/, "$1");
  const shown = name.startsWith("[") ? `[${host(bare)}]` : host(bare);
  const port = /^:\d{1,5}$/.test(behind);
  return `${shownUser}${shown}${port ? behind : behindHost(behind, kept, pseudonyms)}`;
}

function behindHost(behind: string, kept: string | null, pseudonyms: Pseudonyms): string {
  const mark = behind.startsWith(":") ? ":" : "";
  return mark + pathOf(behind.slice(mark.length), kept !== null, pseudonyms);
}

/** A literal IPv6 address has colons of its own. */
function isBare(text: string): boolean {
  return addressOf(text) !== null || prefixOf(text) !== null;
}

const TIME_WORDS =
  /\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|GMT|UTC)\b/g;

function isTime(text: string): boolean {
  return /^[\s\d,:.TZ+-]*$/.test(text.replace(TIME_WORDS, "")) && !Number.isNaN(Date.parse(text));
}

// Free text: addresses, names, paths and URLs in it get their pseudonyms, and of the rest only words stay that are the tool's or the systems' own.

import type { Pseudonyms } from "./pseudonyms.ts";
import { VOCABULARY } from "./vocabulary.ts";

/** What free text hands on to the kinds that it finds in it. */
export interface TextParts {
  /** Null where it is no address. */
  readonly address: (text: string) => string | null;
  readonly host: (name: string) => string;
  readonly url: (text: string) => string;
  readonly mac: (text: string) => string;
  readonly digest: (text: string) => string;
}

const LABEL = String.raw`[\p{L}\p{N}_-]+`;
const URL_PART = String.raw`(?<url>[a-z][a-z0-9+.-]*:\/\/[^\s"'<>()]+)`;
const USER = String.raw`(?<user>[\p{L}\p{N}_.+-]+(?::[^\s@/]*)?)@(?=${LABEL})`;
const DIGEST = String.raw`(?<digest>(?:[0-9a-f]{2}:){7,}[0-9a-f]{2}|\{?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?)`;
const MAC = String.raw`(?<![0-9a-f:-])(?<mac>[0-9a-f]{2}(?<sep>[:-])[0-9a-f]{2}(?:\k<sep>[0-9a-f]{2}){4})(?![0-9a-f:-])`;
const ADDRESS = String.raw`(?<address>(?<![\p{L}\p{N}_.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{0,4}:[0-9a-f.:]*:[0-9a-f.:]*[0-9a-f]|[0-9a-f:]+::|::)(?:%[\w.-]+)?(?:\/\d{1,3})?(?![\p{L}\p{N}_]))`;
/** Node's own words of a failed call: an address, and a port behind it without brackets. */
const ENDPOINT = String.raw`(?<endpoint>(?<=\b(?:bind|connect|listen|read|send|write) E[A-Z]+ )[0-9a-f.:]*:\d{1,5})`;
const PATH = String.raw`(?<path>(?<![\p{L}\p{N}_])[a-z]:\\[^\s"'<>|;,]*|\\\\[^\s"'<>|;,]+|(?<![\p{L}\p{N}_.:/)])\/(?:[\p{L}\p{N}_.@~+-]+\/?)+)`;
const DOTTED = String.raw`(?<dotted>${LABEL}(?:\.${LABEL})+)`;
const HEX = String.raw`(?<hex>(?<![\p{L}\p{N}_])0x[0-9a-f]{1,8}(?![\p{L}\p{N}_]))`;
/** As programs of Windows write it too, whose fractions have seven digits: a verdict may rest on what came first (RFC 3339 s.5.6). */
const TIME = String.raw`(?<time>(?<![\p{L}\p{N}])\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,7})?(?:Z|[+-]\d\d:\d\d)?(?![\p{L}\p{N}]))`;
const WORD = String.raw`(?<word>[\p{L}\p{M}\p{N}_]+)`;
const TOKEN = new RegExp(
  [URL_PART, USER, TIME, DIGEST, MAC, ENDPOINT, ADDRESS, PATH, DOTTED, HEX, WORD].join("|"),
  "giu",
);
const NUMBERS_ALONE = /^[\d_]+$/;
const LONGEST_NUMBER = 7;
/** In fixes for sysctls that take 32 bits with a sign. */
const LARGEST_INTEGER = "2147483647";
const WORD_PART = /\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{N}+|[^\p{Lu}\p{Ll}\p{N}]+/gu;
const PSEUDONYM = /^(?:host|domain|name|user|path|word)-\d+$/;
/** What programs and settings are called; no top-level domain. */
const FILE_NAME = /\.(?:exe|dll|sys|ps1|conf|cfg|ini|json|txt|log|pem|crt|pac|so|d|service)$/;
/** Letters alone, as in "h3" and "t1". */
const SHORT_PARTS = 2;

export function createText(parts: TextParts, pseudonyms: Pseudonyms): (text: string) => string {
  const plain = (word: string): string => {
    const learnt = pseudonyms.learnt(word);
    if (learnt !== undefined && !VOCABULARY.has(word.toLowerCase())) return learnt;
    if (isKnown(word)) return word;
    pseudonyms.count("word", word.toLowerCase());
    return `word-${pseudonyms.number("word", word.toLowerCase())}`;
  };
  const words = (text: string): string =>
    isKnown(text) ? text : text.replace(/[\p{L}\p{M}\p{N}]+/gu, plain);
  const dotted = (text: string): string => {
    const lower = text.toLowerCase();
    if (VOCABULARY.has(lower)) return text;
    const isName = !/\.\d+$/.test(text) && !FILE_NAME.test(lower) && !isVersion(text);
    return isName ? parts.host(text) : text.replace(/[^.-]+/g, words);
  };
  const path = (text: string): string => {
    let afterHome = false;
    return text.replace(/[^\\/]+/g, (segment) => {
      const isUser = afterHome;
      afterHome = /^(?:home|users)$/i.test(segment);
      if (isUser && !PSEUDONYM.test(segment)) return userOf(segment, pseudonyms);
      if (/^[a-z]:$/i.test(segment) || PSEUDONYM.test(segment)) return segment;
      if (segment.split(/[.-]/).every((word) => word === "" || isKnown(word))) return segment;
      pseudonyms.count("path", segment);
      return `path-${pseudonyms.number("path", segment)}`;
    });
  };
  const readers = {
    url: parts.url,
    user: (text) => `${userOf(text, pseudonyms)}@`,
    digest: parts.digest,
    mac: parts.mac,
    endpoint: (text) => {
      const end = text.lastIndexOf(":");
      const own = parts.address(text.slice(0, end));
      return (own ?? text.slice(0, end).replace(/[\p{L}\p{N}]+/gu, words)) + text.slice(end);
    },
    address: (text) => parts.address(text) ?? text.replace(/[\p{L}\p{N}]+/gu, words),
    path,
    dotted,
    hex: (text) => text,
    time: (text) => text,
    word: words,
  } as const satisfies Record<string, (text: string) => string>;
  return (text) =>
    text.replace(TOKEN, (...found) => {
      const groups: Readonly<Record<string, string | undefined>> = found.at(-1);
      for (const [name, read] of Object.entries(readers)) {
        const group = groups[name];
        if (group !== undefined) return read(group);
      }
      return "";
    });
}

/** User names that everybody has. */
const EVERYBODY = /^(?:git|root|nobody|public|default|all users|administrator|runneradmin)$/i;

/** @param typed a user name, perhaps with a password behind a colon */
export function userOf(typed: string, pseudonyms: Pseudonyms): string {
  const user = typed.split(":", 1)[0] ?? "";
  if (EVERYBODY.test(typed)) return typed;
  const name = `user-${pseudonyms.number("user", user.toLowerCase())}`;
  pseudonyms.count("user", user.toLowerCase());
  pseudonyms.learn(user, name);
  return name;
}

/** "10.0.19045.5", "6.18.20.1-microsoft-standard-WSL2". */
function isVersion(text: string): boolean {
  return /^\p{L}{0,4}\d+\.\d/u.test(text);
}

function isKnown(word: string): boolean {
  if (VOCABULARY.has(word.toLowerCase())) return true;
  if (VOCABULARY.has(word.toLowerCase().replace(/(?<=\p{L}{2})\d{1,3}$/u, ""))) return true;
  if (NUMBERS_ALONE.test(word)) return word.length <= LONGEST_NUMBER || word === LARGEST_INTEGER;
  const parts = word.match(WORD_PART) ?? [];
  const digits = parts.filter((part) => NUMBERS_ALONE.test(part)).join("");
  if (digits.length > LONGEST_NUMBER) return false;
  return parts.every((part) =>
    part.length === 1 && !NUMBERS_ALONE.test(part)
      ? part === "_" || parts.length <= SHORT_PARTS
      : NUMBERS_ALONE.test(part) || VOCABULARY.has(part.toLowerCase()),
  );
}

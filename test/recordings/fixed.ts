// Takes this machine out of a run: its kernel release, its name, MAC and link-local addresses, and the time of day.

import type { ProbeEvent } from "../../src/schema/event.ts";
import { parseRecording } from "../../src/schema/recording.ts";
import { recordingHeader, recordingLine } from "../../src/schema/recording-lines.ts";

export interface Machine {
  /** As `uname -r` prints it. */
  readonly release: string;
  readonly hostname: string;
}

const RELEASE = "6.18.0";
const HOSTNAME = "machine";
const START_MS = Date.UTC(2026, 0, 1);

/** The same run as if made on no machine in particular, at the start of 2026. */
export function fixed(events: readonly ProbeEvent[], machine: Machine): readonly ProbeEvent[] {
  const [first] = events;
  if (first?.kind !== "run-started") throw new Error("a run begins with run-started");
  const text = events
    .filter(({ kind }) => kind !== "program-proxy")
    .map(recordingLine)
    .join("")
    .replaceAll(machine.release, RELEASE)
    .replaceAll(JSON.stringify(machine.hostname), JSON.stringify(HOSTNAME));
  const timeless = shifted(text, START_MS - Date.parse(first.startedAt));
  return parseRecording(recordingHeader() + withNumberedMacs(timeless), "the fixed run");
}

// Nothing longer, such as a certificate's fingerprint.
const MAC = /(?<![0-9a-f:-])[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}(?![0-9a-f:-])/gi;
const LINK_LOCAL = /fe80::[0-9a-f]+(?::[0-9a-f]+)*/gi;
const BYTE = /[0-9a-f]{2}/gi;
/** The kernel draws addresses with this bit set (IEEE 802: locally administered); others were chosen. */
const LOCALLY_ADMINISTERED = 0x02;

/** Drawn MAC addresses numbered by appearance, and the link-local addresses that follow from them alike. */
function withNumberedMacs(text: string): string {
  const drawn = [...text.matchAll(MAC)].map(([mac]) => bytesOf(mac)).filter(isDrawn);
  const numbers = new Map<string, number>();
  for (const bytes of drawn) {
    const key = bytes.join();
    if (!numbers.has(key)) numbers.set(key, numbers.size + 1);
  }
  const identifiers = new Map(
    [...numbers].map(([key, n]) => [
      linkLocalOf(key.split(",").map(Number)),
      linkLocalOf(macOf(n)),
    ]),
  );
  return text
    .replace(MAC, (mac, separator: string) => {
      const number = numbers.get(bytesOf(mac).join());
      if (number === undefined) return mac;
      const hex = macOf(number).map((byte) => byte.toString(16).padStart(2, "0"));
      const name = hex.join(separator);
      return mac === mac.toUpperCase() ? name.toUpperCase() : name;
    })
    .replace(LINK_LOCAL, (address) => identifiers.get(address.toLowerCase()) ?? address);
}

function bytesOf(mac: string): readonly number[] {
  return (mac.match(BYTE) ?? []).map((byte) => Number.parseInt(byte, 16));
}

function isDrawn([first = 0]: readonly number[]): boolean {
  return (first & LOCALLY_ADMINISTERED) !== 0;
}

function macOf(number: number): readonly number[] {
  return [LOCALLY_ADMINISTERED, 0, 0, 0, number >> 8, number & 0xff];
}

/** RFC 4291 appendix A: the modified EUI-64 identifier, as the kernel prints the address. */
function linkLocalOf(mac: readonly number[]): string {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = mac;
  const groups = [((a ^ LOCALLY_ADMINISTERED) << 8) | b, (c << 8) | 0xff, 0xfe00 | d, (e << 8) | f];
  const printed = groups.map((group) => group.toString(16));
  // The zeros in front of it belong to the "::" already.
  while (printed[0] === "0") printed.shift();
  return `fe80::${printed.join(":")}`;
}

const DATES: readonly { readonly pattern: RegExp; print(date: Date): string }[] = [
  { pattern: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, print: (date) => date.toISOString() },
  // RFC 9110 s.5.6.7
  {
    pattern: /[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT/g,
    print: (date) => date.toUTCString(),
  },
  // As OpenSSL prints a certificate's dates.
  { pattern: /(?<!\d )[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4} GMT/g, print: certificateDate },
];

/** All dates moved alike: what is skewed or expired stays so. */
function shifted(text: string, shiftMs: number): string {
  return DATES.reduce(
    (before, { pattern, print }) =>
      before.replace(pattern, (date) => print(new Date(Date.parse(date) + shiftMs))),
    text,
  );
}

function certificateDate(date: Date): string {
  const [, day = "", month = "", year = "", time = ""] = date.toUTCString().split(/,? /);
  return `${month} ${day.replace(/^0/, " ")} ${time} ${year} GMT`;
}

// Writes pcapng: sections of interfaces and packets with comments (draft-ietf-opsawg-pcapng, "PCAP Next Generation Capture File Format").

export interface PcapSection {
  readonly comment: string;
  readonly application: string;
  readonly interfaces: readonly PcapInterface[];
  readonly packets: readonly PcapPacket[];
}

export interface PcapInterface {
  readonly name: string;
  readonly comment: string;
  /** Packets that this place had no room for; null where nobody counted. */
  readonly lost: number | null;
}

export interface PcapPacket {
  /** Index of its interface. */
  readonly place: number;
  /** Since 1970, in nanoseconds. */
  readonly atNs: bigint;
  readonly direction: "outbound" | "inbound";
  readonly bytes: Uint8Array;
  readonly originalBytes: number;
  /** Empty: none. */
  readonly comment: string;
}

/** Block types, and what a section begins with (s.4.1 to 4.6). */
const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
const ENHANCED_PACKET = 6;
const INTERFACE_STATISTICS = 5;
const BYTE_ORDER = 0x1a2b3c4d;
const UNKNOWN_LENGTH = 0xffffffff;

/** Option codes (s.3.5 and the section of each block). */
const OPTION = {
  end: 0,
  comment: 1,
  application: 4,
  name: 2,
  resolution: 9,
  flags: 2,
  dropped: 5,
} as const;

/** LINKTYPE_RAW: from the IP header on, of either version. */
const LINK_TYPE = 101;
/** Times count nanoseconds: ten to the power of minus nine. */
const NANOSECONDS = 9;
const NO_LIMIT = 0;
const DIRECTION = { inbound: 1, outbound: 2 } as const;
/** An option's length is a number of 16 bits. */
const LONGEST_OPTION = 0xffff;

/** One section after another, each for a run of its own. */
export function pcapng(sections: readonly PcapSection[]): Uint8Array {
  return joined(sections.flatMap(section));
}

function section({ comment, application, interfaces, packets }: PcapSection): Uint8Array[] {
  const header = joined([
    numbers32(BYTE_ORDER),
    numbers16(1, 0),
    numbers32(UNKNOWN_LENGTH, UNKNOWN_LENGTH),
  ]);
  const lost = interfaces.flatMap((place, n) =>
    place.lost === null ? [] : [statistics(n, place.lost, packets.at(-1)?.atNs ?? 0n)],
  );
  return [
    block(SECTION_HEADER, header, [
      [OPTION.comment, utf8(comment)],
      [OPTION.application, utf8(application)],
    ]),
    ...interfaces.map((place) =>
      block(INTERFACE_DESCRIPTION, joined([numbers16(LINK_TYPE, 0), numbers32(NO_LIMIT)]), [
        [OPTION.comment, utf8(place.comment)],
        [OPTION.name, utf8(place.name)],
        [OPTION.resolution, Uint8Array.of(NANOSECONDS)],
      ]),
    ),
    ...packets.map(packetBlock),
    ...lost,
  ];
}

function packetBlock({ place, atNs, bytes, originalBytes, direction, comment }: PcapPacket) {
  const fields = numbers32(place, ...time(atNs), bytes.length, originalBytes);
  const said: Option[] = comment === "" ? [] : [[OPTION.comment, utf8(comment)]];
  return block(ENHANCED_PACKET, joined([fields, padded(bytes)]), [
    ...said,
    [OPTION.flags, numbers32(DIRECTION[direction])],
  ]);
}

function statistics(place: number, lost: number, atNs: bigint): Uint8Array {
  const count = joined([numbers32(lost), numbers32(0)]);
  return block(INTERFACE_STATISTICS, numbers32(place, ...time(atNs)), [[OPTION.dropped, count]]);
}

/** The upper half first, whatever the byte order (s.4.3). */
function time(atNs: bigint): [upper: number, lower: number] {
  return [Number(atNs >> 32n), Number(atNs & 0xffffffffn)];
}

type Option = readonly [code: number, value: Uint8Array];

/** Its length stands at both ends. */
function block(type: number, body: Uint8Array, options: readonly Option[]): Uint8Array {
  const written = options.map(([code, value]) =>
    joined([numbers16(code, value.length), padded(value)]),
  );
  const content = joined([body, ...written, numbers16(OPTION.end, 0)]);
  const length = numbers32(content.length + 12);
  return joined([numbers32(type), length, content, length]);
}

function utf8(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= LONGEST_OPTION) return bytes;
  // Not within a character: what continues one begins with the bits 10.
  let end = LONGEST_OPTION;
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end);
}

function padded(bytes: Uint8Array): Uint8Array {
  return joined([bytes, new Uint8Array(-bytes.length & 3)]);
}

function numbers16(...values: readonly number[]): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(values.length * 2));
  for (const [n, value] of values.entries()) bytes.setUint16(n * 2, value, true);
  return new Uint8Array(bytes.buffer);
}

function numbers32(...values: readonly number[]): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(values.length * 4));
  for (const [n, value] of values.entries()) bytes.setUint32(n * 4, value, true);
  return new Uint8Array(bytes.buffer);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

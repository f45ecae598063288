// Reads pcapng as its draft has it (draft-ietf-opsawg-pcapng), independently of what writes it: an error where a block is not sound.

export interface Block {
  readonly type: number;
  readonly body: Buffer;
}

export interface ReadPacket {
  readonly place: number;
  readonly atNs: bigint;
  readonly bytes: Buffer;
  readonly originalBytes: number;
  readonly comment: string;
  /** epb_flags: 1 inbound, 2 outbound. */
  readonly flags: number;
}

export interface ReadSection {
  readonly comment: string;
  readonly names: readonly string[];
  readonly packets: readonly ReadPacket[];
}

type Section = { comment: string; names: string[]; packets: ReadPacket[] };

/** @throws Error where lengths disagree or a byte is left over */
export function readPcapng(file: Uint8Array): readonly ReadSection[] {
  const sections: Section[] = [];
  for (const { type, body } of blocksOf(Buffer.from(file))) {
    const last = sections.at(-1);
    if (type === 0x0a0d0d0a) sections.push(sectionIn(body));
    else if (last === undefined) throw new Error("a block before its section");
    else addTo(last, type, body);
  }
  return sections;
}

function sectionIn(body: Buffer): Section {
  if (body.readUInt32LE(0) !== 0x1a2b3c4d) throw new Error("byte order");
  const comment = options(body.subarray(16)).get(1)?.toString("utf8") ?? "";
  return { comment, names: [], packets: [] };
}

function addTo({ names, packets }: Section, type: number, body: Buffer): void {
  if (type === 1) names.push(options(body.subarray(8)).get(2)?.toString("utf8") ?? "");
  else if (type === 6) packets.push(packetIn(body));
  else if (type !== 5) throw new Error(`block ${type}`);
}

function blocksOf(file: Buffer): Block[] {
  const blocks: Block[] = [];
  for (let at = 0; at < file.length; ) {
    const length = file.readUInt32LE(at + 4);
    if (length % 4 !== 0 || file.readUInt32LE(at + length - 4) !== length) {
      throw new Error(`a block of ${length} bytes at ${at}`);
    }
    blocks.push({ type: file.readUInt32LE(at), body: file.subarray(at + 8, at + length - 4) });
    at += length;
  }
  return blocks;
}

function packetIn(body: Buffer): ReadPacket {
  const captured = body.readUInt32LE(12);
  const found = options(body.subarray(20 + ((captured + 3) & ~3)));
  return {
    place: body.readUInt32LE(0),
    atNs: (BigInt(body.readUInt32LE(4)) << 32n) + BigInt(body.readUInt32LE(8)),
    bytes: body.subarray(20, 20 + captured),
    originalBytes: body.readUInt32LE(16),
    comment: found.get(1)?.toString("utf8") ?? "",
    flags: found.get(2)?.readUInt32LE(0) ?? 0,
  };
}

function options(bytes: Buffer): ReadonlyMap<number, Buffer> {
  const found = new Map<number, Buffer>();
  for (let at = 0; at < bytes.length; ) {
    const [code, length] = [bytes.readUInt16LE(at), bytes.readUInt16LE(at + 2)];
    if (code === 0) return found;
    found.set(code, bytes.subarray(at + 4, at + 4 + length));
    at += 4 + ((length + 3) & ~3);
  }
  return found;
}

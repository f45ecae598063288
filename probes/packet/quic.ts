// QUIC packets as every version has them (RFC 8999): one that draws a Version Negotiation, and that answer.

/** A version of the form 0x?a?a?a?a is reserved to exercise negotiation: no server has it (RFC 9000 s.15). */
const RESERVED_VERSION = 0x1a2a3a4a;
const LONG_HEADER = 0x80;
const FIXED_BIT = 0x40;
/** A server need not answer a first datagram that is smaller (RFC 9000 s.14.1). */
const MIN_DATAGRAM_BYTES = 1200;
const CONNECTION_ID_AT = 5;

export interface ConnectionIds {
  /** What we call the server. */
  readonly destination: Buffer;
  /** What the server shall call us. */
  readonly source: Buffer;
}

/** A long-header packet of the reserved version, padded to 1200 bytes. */
export function encodeVersionTrigger({ destination, source }: ConnectionIds): Buffer {
  const packet = Buffer.alloc(MIN_DATAGRAM_BYTES);
  packet.writeUInt8(LONG_HEADER | FIXED_BIT, 0);
  packet.writeUInt32BE(RESERVED_VERSION, 1);
  packet.writeUInt8(destination.length, CONNECTION_ID_AT);
  destination.copy(packet, CONNECTION_ID_AT + 1);
  const sourceAt = CONNECTION_ID_AT + 1 + destination.length;
  packet.writeUInt8(source.length, sourceAt);
  source.copy(packet, sourceAt + 1);
  return packet;
}

/**
 * The versions of a Version Negotiation packet that answers ours, as hexadecimal numbers: it repeats
 * both connection ids, each in the other's position (RFC 8999 s.6).
 * @returns undefined for anything else
 */
export function readVersionNegotiation(
  packet: Buffer,
  ids: ConnectionIds,
): readonly string[] | undefined {
  if (packet.length < CONNECTION_ID_AT + 2) return undefined;
  if ((packet.readUInt8(0) & LONG_HEADER) === 0 || packet.readUInt32BE(1) !== 0) return undefined;
  const to = readId(packet, CONNECTION_ID_AT);
  const from = to === undefined ? undefined : readId(packet, to.end);
  if (to === undefined || from === undefined) return undefined;
  if (!to.id.equals(ids.source) || !from.id.equals(ids.destination)) return undefined;
  const list = packet.subarray(from.end);
  const count = Math.floor(list.length / 4);
  return Array.from({ length: count }, (_, n) => `0x${list.readUInt32BE(4 * n).toString(16)}`);
}

function readId(
  packet: Buffer,
  at: number,
): { readonly id: Buffer; readonly end: number } | undefined {
  if (at >= packet.length) return undefined;
  const end = at + 1 + packet.readUInt8(at);
  return end > packet.length ? undefined : { id: packet.subarray(at + 1, end), end };
}

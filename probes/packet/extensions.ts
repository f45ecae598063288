// Extensions behind an ICMP error's original datagram: the MPLS labels that the probe bore (RFC 4884, RFC 4950).

import type { MplsLabel } from "../../src/schema/events/probe.ts";
import { isSound } from "./checksum.ts";

const HEADER_BYTES = 4;
const OBJECT_HEADER_BYTES = 4;
const ENTRY_BYTES = 4;
const VERSION = 2;
/** RFC 4950 s.3 */
const CLASS_MPLS = 1;
const TYPE_INCOMING_STACK = 1;
/** No stack is deeper in practice; a longer claim is nonsense. */
const MAX_LABELS = 16;

/**
 * The MPLS label stack entries of the extension structure at `offset`, outermost first.
 * Empty where there is none, where its checksum is wrong, or where its lengths do not fit.
 * @param summed whether it must have a checksum: where no length field announces the extension
 */
export function extensionsAt(
  data: Uint8Array,
  offset: number,
  { summed = false }: { readonly summed?: boolean } = {},
): readonly MplsLabel[] {
  if (offset < 0 || offset + HEADER_BYTES > data.length) return [];
  const bytes = Buffer.from(data.buffer, data.byteOffset + offset, data.length - offset);
  if (bytes.readUInt8(0) >> 4 !== VERSION) return [];
  if (hasChecksum(bytes) ? !isSound(bytes) : summed) return [];
  const labels: MplsLabel[] = [];
  let at = HEADER_BYTES;
  while (at + OBJECT_HEADER_BYTES <= bytes.length) {
    const length = bytes.readUInt16BE(at);
    if (length < OBJECT_HEADER_BYTES || at + length > bytes.length) break;
    const isStack =
      bytes.readUInt8(at + 2) === CLASS_MPLS && bytes.readUInt8(at + 3) === TYPE_INCOMING_STACK;
    if (isStack) labels.push(...entries(bytes.subarray(at + OBJECT_HEADER_BYTES, at + length)));
    at += length;
  }
  return labels.slice(0, MAX_LABELS);
}

/** Label 20 bits, traffic class 3, bottom of stack 1, TTL 8 (RFC 3032 s.2.1). */
function entries(stack: Buffer): readonly MplsLabel[] {
  const count = Math.floor(stack.length / ENTRY_BYTES);
  return Array.from({ length: count }, (_, n) => {
    const entry = stack.readUInt32BE(n * ENTRY_BYTES);
    return {
      label: entry >>> 12,
      trafficClass: (entry >>> 9) & 7,
      bottomOfStack: ((entry >>> 8) & 1) === 1,
      ttl: entry & 0xff,
    };
  });
}

/** 0 means that the router made none (RFC 4884 s.7). */
function hasChecksum(bytes: Buffer): boolean {
  return bytes.readUInt16BE(2) !== 0;
}

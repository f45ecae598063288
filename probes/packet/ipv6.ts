// The IPv6 header, and the walk through extension headers to the payload (RFC 8200 s.3, s.4).

import { addressBytes, addressText } from "./address.ts";
import type { IpPacket } from "./ip-packet.ts";

const IPV6_HEADER = 40;
const MAX_PAYLOAD = 0xffff;
const FLOW_LABEL_MASK = 0xfffff;

/** Extension headers that are skipped (RFC 8200 s.4, RFC 4302). */
const HOP_BY_HOP = 0;
const ROUTING = 43;
const FRAGMENT = 44;
const AUTHENTICATION = 51;
const DESTINATION_OPTIONS = 60;
const FRAGMENT_BYTES = 8;
/** Each kind stands once, and options twice: a longer chain is nonsense. */
const MAX_EXTENSIONS = 8;

export interface Ipv6Fields {
  readonly source: string;
  readonly destination: string;
  readonly ttl: number;
  readonly protocol: number;
  readonly trafficClass?: number;
  /** Of one flow always the same: routers may balance by it (RFC 6437). */
  readonly flowLabel?: number;
}

export function encodeIpv6(fields: Ipv6Fields, payload: Uint8Array): Buffer {
  const { trafficClass = 0, flowLabel = 0 } = fields;
  const header = Buffer.alloc(IPV6_HEADER);
  header.writeUInt32BE(0x60000000 + trafficClass * 0x100000 + (flowLabel & FLOW_LABEL_MASK), 0);
  header.writeUInt16BE(Math.min(MAX_PAYLOAD, payload.length), 4);
  header.writeUInt8(fields.protocol, 6);
  header.writeUInt8(fields.ttl, 7);
  header.set(addressBytes(fields.source), 8);
  header.set(addressBytes(fields.destination), 24);
  return Buffer.concat([header, payload]);
}

/** Undefined where the fixed header is not whole. */
export function decodeIpv6(bytes: Buffer): IpPacket | undefined {
  if (bytes.length < IPV6_HEADER || bytes.readUInt8(0) >> 4 !== 6) return undefined;
  const payloadBytes = bytes.readUInt16BE(4);
  const carried = bytes.subarray(IPV6_HEADER, IPV6_HEADER + payloadBytes);
  return {
    family: 6,
    source: addressText(bytes.subarray(8, 24)),
    destination: addressText(bytes.subarray(24, 40)),
    ttl: bytes.readUInt8(7),
    trafficClass: (bytes.readUInt16BE(0) >> 4) & 0xff,
    dontFragment: true,
    totalBytes: IPV6_HEADER + payloadBytes,
    ...skipExtensions(bytes.readUInt8(6), carried),
  };
}

type Carried = Pick<IpPacket, "id" | "fragmentOffset" | "moreFragments" | "protocol" | "payload">;

/** A chain that is cut off ends with the kind of the header that is not whole, and no payload. */
function skipExtensions(first: number, bytes: Buffer): Carried {
  let found: Carried = {
    id: null,
    fragmentOffset: 0,
    moreFragments: false,
    protocol: first,
    payload: bytes,
  };
  for (let n = 0; n < MAX_EXTENSIONS && isExtension(found.protocol); n++) {
    const { protocol, payload } = found;
    const length = extensionBytes(protocol, payload);
    if (length === undefined || length > payload.length) {
      return { ...found, payload: payload.subarray(payload.length) };
    }
    const fragment = protocol === FRAGMENT ? fragmentFields(payload) : {};
    const next = { protocol: payload.readUInt8(0), payload: payload.subarray(length) };
    found = { ...found, ...fragment, ...next };
    // Behind the first fragment no header stands at the beginning.
    if (found.fragmentOffset > 0) break;
  }
  return found;
}

function isExtension(protocol: number): boolean {
  return [HOP_BY_HOP, ROUTING, FRAGMENT, AUTHENTICATION, DESTINATION_OPTIONS].includes(protocol);
}

function extensionBytes(protocol: number, bytes: Buffer): number | undefined {
  if (bytes.length < 2) return undefined;
  if (protocol === FRAGMENT) return FRAGMENT_BYTES;
  const units = bytes.readUInt8(1);
  return protocol === AUTHENTICATION ? (units + 2) * 4 : (units + 1) * 8;
}

function fragmentFields(bytes: Buffer): Pick<Carried, "id" | "fragmentOffset" | "moreFragments"> {
  const offset = bytes.readUInt16BE(2);
  return {
    id: bytes.readUInt32BE(4),
    fragmentOffset: offset & 0xfff8,
    moreFragments: (offset & 1) === 1,
  };
}

// Connections of the tool itself, as keys of the map in which the programs look segments up.

import { addressBytes } from "../packet/address.ts";
import { FLOW_KEY_BYTES } from "./stack.ts";

/** A connection as its own socket names it, before any translation. */
export interface Flow {
  readonly protocol: "tcp" | "udp";
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
}

/** Byte offsets: addresses (an IPv4 one in the first 4 of its 16 bytes) and ports as on the wire. */
export const FLOW_KEY = {
  source: 0,
  destination: 16,
  ports: 32,
  protocol: 36,
  version: 37,
} as const;
export const FLOW_VALUE_BYTES = 4;
/** In a value: set for packets towards the tool. The other bits are the flow's number. */
export const INBOUND = 0x80000000;
export const FLOW_MAX = 0x7fffffff;

const PROTOCOLS = { tcp: 6, udp: 17 } as const;

/** Keys of both directions: outbound first. */
export function flowKeys(flow: Flow): readonly [Buffer, Buffer] {
  const local = { address: flow.localAddress, port: flow.localPort };
  const remote = { address: flow.remoteAddress, port: flow.remotePort };
  const protocol = PROTOCOLS[flow.protocol];
  return [encode(protocol, local, remote), encode(protocol, remote, local)];
}

interface End {
  readonly address: string;
  readonly port: number;
}

const IPV4_BYTES = 4;

function encode(protocol: number, from: End, to: End): Buffer {
  const source = addressBytes(from.address);
  const key = Buffer.alloc(FLOW_KEY_BYTES);
  key.set(source, FLOW_KEY.source);
  key.set(addressBytes(to.address), FLOW_KEY.destination);
  key.writeUInt16BE(from.port, FLOW_KEY.ports);
  key.writeUInt16BE(to.port, FLOW_KEY.ports + 2);
  key.writeUInt8(protocol, FLOW_KEY.protocol);
  key.writeUInt8(source.length === IPV4_BYTES ? 4 : 6, FLOW_KEY.version);
  return key;
}

// The segments of a connection of our own as IP packets, sent and received.

import type { Family } from "../../../src/schema/events/common.ts";
import type { Libc } from "../../native/libc.ts";
import { openRawWire } from "../../native/raw-wire.ts";
import { addressBytes, addressText } from "../../packet/address.ts";
import { PROTOCOL } from "../../packet/ip.ts";
import { encodeIpv4 } from "../../packet/ipv4.ts";
import { encodeIpv6 } from "../../packet/ipv6.ts";
import { decodeTcp, encodeTcp } from "../../packet/tcp.ts";
import type { Outgoing, RawInput } from "./raw-state.ts";

export interface RawDestination {
  readonly family: Family;
  readonly address: string;
  readonly port: number;
  readonly zoneIndex: number;
  /** SO_MARK of its packets. */
  readonly mark?: number | undefined;
}

export interface RawPackets {
  /** @param ecn whether both ends understand congestion marks */
  send(segment: Outgoing, ecn: boolean): void;
  /** What came of the far side since the last call. */
  receive(): readonly Omit<Extract<RawInput, { kind: "segment" }>, "kind">[];
  close(): void;
}

const TTL = 64;
const LOW16 = 0xffff;
/** RFC 3168 s.5: this end understands marks; and a packet that was marked. */
const ECT = 0b10;
const MARKED = 0b11;

/** @throws UnsupportedProbeError without CAP_NET_RAW */
export function openRawPackets(libc: Libc, to: RawDestination, source: string): RawPackets {
  const wire = openRawWire(libc, to);
  const destination = addressText(addressBytes(to.address));
  let sent = 0;
  return {
    send: ({ options, payload, isRepeated, ...fields }, ecn) => {
      sent += 1;
      const ports = { sourcePort: wire.port, destinationPort: to.port };
      const segment = encodeTcp({ source, destination }, { ...ports, ...fields }, options, payload);
      const header = {
        source,
        destination,
        ttl: TTL,
        protocol: PROTOCOL.tcp,
        // Acknowledgements and what is sent again are not marked (RFC 3168 s.6.1.4, s.6.1.5).
        trafficClass: ecn && payload.length > 0 && isRepeated !== true ? ECT : 0,
      };
      const id = sent & LOW16;
      wire.send(
        to.family === 4 ? encodeIpv4({ ...header, id }, segment) : encodeIpv6(header, segment),
      );
    },
    receive: () =>
      wire.receive().flatMap(({ packet, pieceBytes }) => {
        const segment = packet.protocol === PROTOCOL.tcp ? decodeTcp(packet.payload) : undefined;
        const isOurs =
          packet.source === destination &&
          segment?.sourcePort === to.port &&
          segment.destinationPort === wire.port;
        if (segment === undefined || !isOurs) return [];
        const congestion = (packet.trafficClass & MARKED) === MARKED;
        return [{ segment, pieceBytes: pieceBytes ?? segment.payload.length, congestion }];
      }),
    close: wire.close,
  };
}

// Who makes single-packet probes: the kernel's own sockets, or raw packets; one port for both.

import { UnsupportedProbeError } from "../../src/errors.ts";
import type { Engine } from "../../src/schema/events/run.ts";
import { addressBytes, addressText } from "../packet/address.ts";
import { PROTOCOL } from "../packet/ip.ts";
import { kernelRawSockets } from "./kernel-raw.ts";
import type { Libc } from "./libc.ts";
import { localEndpointFor, reservePort } from "./local-endpoint.ts";
import { type MarkOf, unmarked } from "./mark.ts";
import { openPingTransport } from "./ping-transport.ts";
import { onePort, type PortChoice, portsInTurn } from "./raw-port-choice.ts";
import { RAW_ECHO, RAW_SYN, RAW_UDP, type RawProtocol } from "./raw-probes.ts";
import { loadRawSockets, type RawSockets } from "./raw-socket.ts";
import { openRawTransport } from "./raw-transport.ts";
import type { Destination, PairOptions } from "./socket-pair.ts";
import { openSynTransport } from "./syn-transport.ts";
import type { Transport } from "./transport.ts";
import { openUdpTransport } from "./udp-transport.ts";

/** Each call opens a flow of its own; it throws UnsupportedProbeError where the kernel refuses. */
export interface ProbeEngine {
  readonly name: Engine;
  udp(to: Destination): Transport;
  echo(to: Omit<Destination, "port">): Transport;
  syn(to: Destination, options?: SynOptions): Transport;
}

export interface SynOptions {
  /** All from one port, one probe out at a time. */
  readonly oneFlow?: boolean;
  /** By this interface, whatever the routes are. */
  readonly device?: string;
}

export type KernelEngineDeps = Omit<RawEngineDeps, "sockets">;

export function koffiEngine(deps: KernelEngineDeps): ProbeEngine {
  const { libc, markOf = unmarked } = deps;
  return {
    name: "koffi",
    udp: (to) => openUdpTransport(libc, to, { markOf }),
    echo: (to) => openEcho(deps, to),
    syn: (to, { oneFlow, device } = {}) =>
      openSynTransport(libc, to, {
        markOf,
        ...(oneFlow === true ? { from: { number: 0 } } : {}),
        ...(device === undefined ? {} : { device }),
      }),
  };
}

/**
 * A ping socket; where those are closed to this user and raw ones are not (root, where nobody set
 * net.ipv4.ping_group_range), the same as a raw packet.
 * @throws UnsupportedProbeError with the reason of the first
 */
function openEcho(deps: KernelEngineDeps, to: Omit<Destination, "port">): Transport {
  try {
    return openPingTransport(deps.libc, to, { markOf: deps.markOf ?? unmarked });
  } catch (error) {
    const raw = openRawEcho(deps, to);
    if (raw === null) throw error;
    return raw;
  }
}

/** Null where raw sockets are refused as well. */
function openRawEcho(deps: KernelEngineDeps, to: Omit<Destination, "port">): Transport | null {
  const sockets = kernelRawSockets(deps.libc, to.zoneIndex ?? 0);
  try {
    const transport = rawEngine({ ...deps, sockets }).echo(to);
    const drain = () => {
      sockets.receive();
      return transport.drain();
    };
    return { ...transport, drain };
  } catch (error) {
    if (error instanceof UnsupportedProbeError) return null;
    throw error;
  }
}

/** Sockets without DF, whatever the engine: the kernel makes the fragments. */
export interface FragmentSockets extends Pick<ProbeEngine, "udp" | "echo"> {
  /**
   * Echoes that are cut nowhere here, and notes whether the reply was: without DF where routers cut, as on IPv4, and as large as
   * the link takes whatever PMTU is cached.
   */
  whole(to: Omit<Destination, "port">): Transport;
}

/** @param session 16 bits, which echo requests of raw sockets have as their identifier */
export function fragmentSockets(
  libc: Libc,
  session: number,
  markOf: MarkOf = unmarked,
): FragmentSockets {
  const echo = (to: Omit<Destination, "port">, options: PairOptions) =>
    pingOrRaw((kind) => openPingTransport(libc, to, { ...options, ...kind, markOf }), session);
  return {
    udp: (to) => openUdpTransport(libc, to, { fragments: true, markOf }),
    echo: (to) => echo(to, { fragments: true }),
    whole: (to) => echo(to, { fragments: to.family === 4, fragmentSizes: true }),
  };
}

/** @throws UnsupportedProbeError with the reason of the ping socket, where raw ones are refused as well */
function pingOrRaw(
  open: (kind: { readonly identifier?: number }) => Transport,
  identifier: number,
): Transport {
  try {
    return open({});
  } catch (refused) {
    return openElse(() => open({ identifier }), refused);
  }
}

/** @throws `refused` where this one is refused as well */
function openElse(open: () => Transport, refused: unknown): Transport {
  try {
    return open();
  } catch (error) {
    throw error instanceof UnsupportedProbeError ? refused : error;
  }
}

export interface RawEngineDeps {
  readonly sockets: RawSockets;
  readonly libc: Libc;
  /** 16 bits that identify this run, which echo requests have as their identifier. */
  readonly session: number;
  /** The interface that all leave by; the routes' choice when absent. */
  readonly device?: string | undefined;
  /** What each packet is marked with, by its number. */
  readonly markOf?: MarkOf;
  /** Milliseconds, never going back. */
  now(): number;
}

export function rawEngine({
  sockets,
  libc,
  session,
  now,
  markOf,
  ...all
}: RawEngineDeps): ProbeEngine {
  const open = (
    kind: RawProtocol,
    to: Destination,
    hold: () => PortChoice,
    device = all.device,
  ): Transport => {
    const { family } = to;
    const { source, mtu } = localEndpointFor(libc, to, device);
    const destination = addressText(addressBytes(to.address));
    const mss = mtu - SYN_HEADERS[family];
    const flow = { family, source, destination, destinationPort: to.port, mss };
    const from = hold();
    const bound = device === undefined ? {} : { device };
    try {
      const marked = markOf === undefined ? {} : { markOf };
      const options = { address: to.address, now, from, ...bound, ...marked };
      return openRawTransport(sockets, kind, flow, options);
    } catch (error) {
      from.release();
      throw error;
    }
  };
  return {
    name: "raw-socket",
    udp: (to) => open(RAW_UDP, to, () => onePort(reservePort(libc, "udp", to.family))),
    echo: (to) => {
      const identifier = { number: session, release: () => undefined };
      return open(RAW_ECHO, { ...to, port: 0 }, () => onePort(identifier));
    },
    syn: (to, { oneFlow, device } = {}) => {
      const reserve = () => reservePort(libc, "tcp", to.family);
      const choose = oneFlow === true ? () => onePort(reserve()) : () => portsInTurn(reserve);
      return open(RAW_SYN, to, choose, device);
    },
  };
}

/** IP and TCP headers without options, which the MSS leaves room for (RFC 6691). */
const SYN_HEADERS = { 4: 40, 6: 60 } as const;

/**
 * The package with a socket opened and closed: what is missing is known before a probe leaves.
 * @throws UnsupportedProbeError without the package or without CAP_NET_RAW
 */
export async function checkedRawSockets(): Promise<RawSockets> {
  const sockets = await loadRawSockets();
  const nothing = () => undefined;
  const tried = { protocol: PROTOCOL.icmp, options: [], onMessage: nothing, onFailure: nothing };
  sockets.open({ family: 4, ...tried }).close();
  return sockets;
}

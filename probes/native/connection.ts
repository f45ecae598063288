// A TCP connection as whoever speaks over it needs it: the kernel's, or one of our own.

import type { Duplex } from "node:stream";
import type { TcpInfo } from "../../src/schema/events/tcp.ts";
import type { Negotiated } from "./tcp-info.ts";

/** What is spoken over: a socket, TLS, or a connection of our own. */
export interface Wire extends Duplex {
  readonly bytesRead: number;
  setNoDelay(noDelay: boolean): unknown;
}

export interface Connection {
  /** Once it is connected; whoever has it closes the connection with it. */
  stream(): Wire;
  /** Null while nothing went wrong; reading may clear it, as it does SO_ERROR. */
  takeError(): string | null;
  /** Undefined where this kernel or a sandbox refuses TCP_INFO. */
  info(): TcpInfo | undefined;
  /** Whether the far side accepted the connection: by TCP_INFO, and where that is refused because it can be written to. */
  accepted(): boolean;
  /** Which options both ends have; null where the kernel does not say. */
  negotiated(): Negotiated | null;
  /**
   * Held, no acknowledgement arrives. The kernel's are then few (TCP_QUICKACK off) and end at the first router (IP_TTL,
   * IPV6_UNICAST_HOPS of 1), as does whatever else is sent meanwhile.
   */
  holdAcks(held: boolean): void;
  /** Where nobody has taken the stream. */
  close(): void;
}

export type ConnectionOpen =
  | { readonly kind: "connecting"; readonly socket: Connection }
  | { readonly kind: "failed"; readonly error: string };

// What following a program needs of this machine: its sockets, and the program itself.

import type { TcpInfo } from "../schema/events/tcp.ts";

/** A socket as the kernel had it at one moment. */
export interface SocketSample {
  /** The kernel's own number for it, which no other socket ever has. */
  readonly id: string;
  readonly protocol: "tcp" | "udp";
  readonly family: 4 | 6;
  /** net/tcp_states.h */
  readonly state: number;
  /** Whether the other end takes no more for now, and is asked again and again. */
  readonly zeroWindow: boolean;
  /** Keep-alive probes that nobody has answered so far. */
  readonly keepAlivesLost: number;
  readonly localPort: number;
  readonly address: string;
  readonly port: number;
  /** Bytes that came and were not read. */
  readonly unread: number;
  /** Bytes that were written and not acknowledged. */
  readonly unsent: number;
  readonly info: TcpInfo | null;
  /** Milliseconds since, as the kernel counts them; null where it does not. */
  readonly ages: {
    readonly lastDataSentMs: number;
    readonly lastDataReceivedMs: number;
    readonly lastAckReceivedMs: number;
  } | null;
}

export interface OwnedSample extends SocketSample {
  /** The program that holds it, as it calls itself. */
  readonly program: string;
  /** Another one began it: this is a server's. */
  readonly accepted: boolean;
}

export interface Sampling {
  readonly open: readonly OwnedSample[];
  /** Gone since the last time, as they were at their end. */
  readonly closed: readonly OwnedSample[];
  /** Gone before anybody saw whose they were: this program's, or another's. */
  readonly unowned: readonly SocketSample[];
  /** The kernel told of more ends than could be heard. */
  readonly lost: boolean;
}

export interface ProgramWatch {
  sample(): Sampling;
  /** Command lines of the program and what it started, those that are there. */
  commandLines(): readonly (readonly string[])[];
  /** Programs among them whose sockets this user may not see. */
  unreadable(): ReadonlySet<string>;
  close(): void;
}

export interface ProgramEnd {
  /** Null where a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: string | null;
}

export interface StartedProgram {
  readonly pid: number;
  /** As it calls itself. */
  readonly name: string;
  /** The program of --pid, which was there before. */
  readonly attached: boolean;
  /** Resolves when it is over. */
  readonly ended: Promise<ProgramEnd>;
}

// What happens to a connection, as the steps of an attempt take it.

import type { TcpInfo, TcpResult } from "../../src/schema/events/tcp.ts";
import type { AnswerFields, TalkStep } from "./exchange-events.ts";
import type { CertificateFacts } from "./tls-certificate.ts";

export interface Watched {
  /** How long no sibling to the same server got on. */
  readonly siblingIdleMs: number;
  /** How long an answer of this server may take at least. */
  readonly patienceMs: number;
  /** What this program has read of the connection. */
  readonly readBytes: number;
}

export type Happening =
  /** Not even a SYN went out. */
  | { readonly kind: "open-failed"; readonly code: string }
  | { readonly kind: "connect-failed"; readonly code: string }
  | { readonly kind: "connected" }
  /** Nothing but time. */
  | ({ readonly kind: "watched" } & Watched)
  | { readonly kind: "talked"; readonly talked: TalkStep }
  | { readonly kind: "secured"; readonly certificate: CertificateFacts | null }
  | { readonly kind: "answered"; readonly status: string; readonly fields: AnswerFields }
  /** The exchange is over; null after an answer. */
  | { readonly kind: "ended"; readonly result: TcpResult | null }
  /** Whoever started it has had enough of it; `aborted` when the run ends early. */
  | { readonly kind: "stopped"; readonly aborted: boolean }
  | { readonly kind: "aborted" };

/** Something that happened, with the time since the attempt began and TCP_INFO, null when not to be read. */
export type AttemptInput = Happening & {
  readonly sinceStartMs: number;
  readonly info: TcpInfo | null;
};

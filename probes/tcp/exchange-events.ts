// What an exchange on a connected socket is given, and what it reports while it goes on.

import type { TcpResult } from "../../src/schema/events/tcp.ts";
import type { ProxyAnswer } from "../../src/schema/events/web.ts";
import type { Scheme } from "../../src/schema/run-choices.ts";
import type { Direction } from "../protocols/conversation.ts";
import type { ProxyHop } from "../proxy/tunnel.ts";
import type { CertificateFacts } from "./tls-certificate.ts";
import type { ClientHelloOptions } from "./tls-client.ts";

export interface ExchangeOptions extends ClientHelloOptions {
  readonly scheme: Scheme;
  readonly port: number;
  readonly path: string;
  readonly userAgent: string;
  /** Whether the certificate is worth reporting. */
  readonly verify: boolean;
  /** Absent: one request. */
  readonly pipeline?: Pipeline | null;
  /** The proxy that the socket is connected to; absent: the target itself. */
  readonly proxy?: ProxyHop | null;
}

/** Many requests at once. */
export interface Pipeline {
  /** From now on no acknowledgement gets farther than the first router, or again all of them do. */
  holdAcks(held: boolean): void;
}

/** What happens before the answer, in protocols that have more to say than a request. */
export type TalkStep =
  /** What is spoken from now on, where the port did not say. */
  | { readonly kind: "spoken"; readonly scheme: Scheme }
  /** The server's first line. */
  | { readonly kind: "greeting"; readonly line: string }
  /** What fills segments is sent or asked for. */
  | { readonly kind: "large"; readonly direction: Direction }
  /** The TLS handshake begins, after whatever was said before. */
  | { readonly kind: "tls" }
  /** Acknowledgements are held back, or no longer: what does not come meanwhile is not missing. */
  | { readonly kind: "held"; readonly held: boolean };

export interface ExchangeEvents {
  /** What the proxy said before anything of the target came. */
  proxied(answer: Pick<ProxyAnswer, "ok" | "detail">): void;
  talked(step: TalkStep): void;
  secured(certificate: CertificateFacts | null): void;
  /** The first bytes of the answer, and some fields if they hold them. */
  answered(status: string, fields: AnswerFields): void;
  /** Null after an answer. */
  ended(result: TcpResult | null): void;
}

export interface AnswerFields {
  readonly altSvc: string | null;
  readonly location: string | null;
  readonly date: string | null;
  /** Content-Length; absent where there is none. */
  readonly lengthBytes?: number;
}

export interface Exchange {
  /** What has come from the far side, of TLS with its records. */
  readBytes(): number;
  destroy(): void;
}

// Constants of reports and events that need no schema to be known.

export const REPORT_SCHEMA = "wsl-trace.report/1";

/** Addresses of documentation (RFC 5737, RFC 3849): nobody has a route of their own to them. */
export const STAND_IN = { 4: "192.0.2.1", 6: "2001:db8::1" } as const;

/** Why a connection, a query or a proxy brought nothing: it was ended in order, before any answer. */
export const CLOSED_UNANSWERED = "closed without an answer";

/** Why no echo is sent in other sizes. */
export const NO_ECHO = "the target answers no echo request";

export function noAnswerIn(ms: number): string {
  return `no answer in ${Math.round(ms)} ms`;
}

export function noAddressOf(host: string): string {
  return `${host} has no address`;
}

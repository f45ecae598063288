// What errno's names mean for a connection that was not made.

import type { TcpResult } from "../../src/schema/events/tcp.ts";

const CONNECT_ERRORS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "the port is closed: the answer was a reset",
  EHOSTUNREACH: "host unreachable",
  ENETUNREACH: "network unreachable: no route",
  ETIMEDOUT: "no answer to any SYN",
  EACCES: "prohibited by a filter",
  EPERM: "dropped by a filter of this distro",
  ECONNRESET: "reset",
};

/** @param code errno's name */
export function connectError(code: string): TcpResult {
  return { kind: "failed", code, detail: CONNECT_ERRORS[code] ?? code };
}

// Constants of the reports that need no schema to be known.

export const REPORT_SCHEMA = "wsl-trace.report/1";

/** Addresses of documentation (RFC 5737, RFC 3849): nobody has a route of their own to them. */
export const STAND_IN = { 4: "192.0.2.1", 6: "2001:db8::1" } as const;

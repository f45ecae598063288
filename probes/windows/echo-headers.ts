// What an echo request weighs on top of its payload.

/** IP and ICMP headers in bytes, by family (RFC 791, RFC 792; RFC 8200, RFC 4443). */
export const ECHO_HEADERS = { 4: 28, 6: 48 } as const;

// The 8 bytes that every probe carries, by which it is recognised after NAT and inside an original datagram.

/** "WTRC": distinguishes a probe of this tool from anything else. */
export const COOKIE_MAGIC = 0x57545243;
export const COOKIE_BYTES = 8;

const N_BITS = 16;
const N_MASK = 0xffff;

/** session << 16 | n, as an unsigned 32-bit number. */
export function cookieOf(session: number, n: number): number {
  return (((session & N_MASK) << N_BITS) | (n & N_MASK)) >>> 0;
}

/** The number within its session, which a mark has as well. */
export function markNumber(cookie: number): number {
  return cookie & N_MASK;
}

/** Writes magic and cookie at the start of a payload of at least 8 bytes. */
export function writeCookie(payload: Buffer, cookie: number): void {
  payload.writeUInt32BE(COOKIE_MAGIC, 0);
  payload.writeUInt32BE(cookie, 4);
}

/** The cookie at the start of a payload; undefined when it is not one of ours or was cut off. */
export function readCookie(payload: Uint8Array): number | undefined {
  if (payload.length < COOKIE_BYTES) return undefined;
  const view = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  return view.readUInt32BE(0) === COOKIE_MAGIC ? view.readUInt32BE(4) : undefined;
}

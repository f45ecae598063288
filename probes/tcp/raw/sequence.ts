// Arithmetic of sequence numbers, which wrap at 32 bits (RFC 9293 s.3.4).

/** The number so many bytes behind another. */
export function plus(sequence: number, bytes: number): number {
  return (sequence + bytes) >>> 0;
}

/** How far the first lies behind the second; negative where it lies before. */
export function distance(one: number, other: number): number {
  return (one - other) | 0;
}

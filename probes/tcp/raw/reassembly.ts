// What has come of the far side's stream: in order as far as it goes, and what came ahead of a gap. Pure.

import type { SackBlock } from "../../packet/tcp-options.ts";
import { distance, plus } from "./sequence.ts";

interface Piece {
  readonly sequence: number;
  readonly bytes: Buffer;
}

export interface Reassembly {
  /** The number of the byte that comes next. */
  readonly expected: number;
  /** What is there behind a gap, the newest first: the order of SACK blocks (RFC 2018 s.4). */
  readonly ahead: readonly Piece[];
}

export interface Accepted {
  readonly reassembly: Reassembly;
  /** In order. */
  readonly delivered: readonly Buffer[];
  /** It came behind a gap. */
  readonly isAhead: boolean;
}

/** Adds what a segment carries; what is there already changes nothing. */
export function accept(before: Reassembly, { sequence, bytes }: Piece): Accepted {
  const offset = distance(before.expected, sequence);
  if (offset < 0) {
    const isKnown = before.ahead.some(
      (piece) => piece.sequence === sequence && piece.bytes.length >= bytes.length,
    );
    const ahead = isKnown ? before.ahead : [{ sequence, bytes }, ...before.ahead];
    return { reassembly: { ...before, ahead }, delivered: [], isAhead: true };
  }
  if (offset >= bytes.length) return { reassembly: before, delivered: [], isAhead: false };
  const delivered = [bytes.subarray(offset)];
  let expected = plus(sequence, bytes.length);
  let ahead = before.ahead;
  for (let next = reaching(ahead, expected); next; next = reaching(ahead, expected)) {
    delivered.push(next.bytes.subarray(distance(expected, next.sequence)));
    expected = plus(next.sequence, next.bytes.length);
  }
  ahead = ahead.filter((piece) => distance(plus(piece.sequence, piece.bytes.length), expected) > 0);
  return { reassembly: { expected, ahead }, delivered, isAhead: false };
}

/** A piece that begins no later than here and ends behind it. */
function reaching(ahead: readonly Piece[], expected: number): Piece | undefined {
  return ahead.find(
    ({ sequence, bytes }) =>
      distance(expected, sequence) >= 0 && distance(plus(sequence, bytes.length), expected) > 0,
  );
}

/** RFC 2018 s.3: beside timestamps there is room for three. */
const MAX_BLOCKS = 3;

/** What is there behind the gap, neighbours joined, the newest first. */
export function sackBlocks({ ahead }: Reassembly): readonly SackBlock[] {
  const blocks: SackBlock[] = [];
  for (const { sequence, bytes } of ahead) {
    let block = { left: sequence, right: plus(sequence, bytes.length) };
    // One pass is not enough where a piece joins two.
    for (let n = 0; n < blocks.length; ) {
      const other = blocks[n];
      if (other === undefined || !touches(block, other)) {
        n += 1;
        continue;
      }
      block = joined(block, other);
      blocks.splice(n, 1);
      n = 0;
    }
    blocks.push(block);
  }
  const newest = ahead[0]?.sequence ?? 0;
  const holdsNewest = ({ left, right }: SackBlock) =>
    distance(newest, left) >= 0 && distance(right, newest) > 0;
  return [...blocks.filter(holdsNewest), ...blocks.filter((block) => !holdsNewest(block))].slice(
    0,
    MAX_BLOCKS,
  );
}

function touches(one: SackBlock, other: SackBlock): boolean {
  return distance(one.right, other.left) >= 0 && distance(other.right, one.left) >= 0;
}

function joined(one: SackBlock, other: SackBlock): SackBlock {
  return {
    left: distance(one.left, other.left) <= 0 ? one.left : other.left,
    right: distance(one.right, other.right) >= 0 ? one.right : other.right,
  };
}

// The bytes that came and that no message has taken yet.

/** What is told of a server's line. */
export const MAX_LINE_CHARS = 200;

export interface Inbox {
  add(bytes: Buffer): void;
  /** A line without its end (CRLF, or LF alone); null while there is none. */
  takeLine(): string | null;
  /** Null while there are fewer. */
  take(bytes: number): Buffer | null;
  /** The next bytes, which stay; null while there are fewer. */
  peek(bytes: number): Buffer | null;
  /** Bytes that wait. */
  size(): number;
  /** All bytes that ever came. */
  total(): number;
  firstLine(): string | null;
}

const LINE_FEED = 0x0a;

export function createInbox(): Inbox {
  let waiting = Buffer.alloc(0);
  let start = Buffer.alloc(0);
  let total = 0;
  const take = (bytes: number): Buffer => {
    const taken = waiting.subarray(0, bytes);
    waiting = waiting.subarray(bytes);
    return taken;
  };
  return {
    add: (bytes) => {
      const missing = MAX_LINE_CHARS - start.length;
      if (missing > 0) start = Buffer.concat([start, bytes.subarray(0, missing)]);
      total += bytes.length;
      waiting = Buffer.concat([waiting, bytes]);
    },
    takeLine: () => {
      const end = waiting.indexOf(LINE_FEED);
      return end < 0 ? null : lineOf(take(end + 1));
    },
    take: (bytes) => (waiting.length < bytes ? null : take(bytes)),
    peek: (bytes) => (waiting.length < bytes ? null : waiting.subarray(0, bytes)),
    size: () => waiting.length,
    total: () => total,
    firstLine: () => {
      if (start.length === 0) return null;
      const end = start.indexOf(LINE_FEED);
      return lineOf(end < 0 ? start : start.subarray(0, end + 1));
    },
  };
}

function lineOf(bytes: Buffer): string {
  return bytes.toString("latin1").replace(/\r?\n$/, "");
}

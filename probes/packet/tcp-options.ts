// TCP options, written as Linux writes them and read (RFC 9293 s.3.2, RFC 2018, RFC 7323).

const END = 0;
const NO_OPERATION = 1;
const MSS = 2;
const MSS_BYTES = 4;
const WINDOW_SCALE = 3;
const WINDOW_SCALE_BYTES = 3;
const SACK_PERMITTED = 4;
const SACK = 5;
const SACK_BLOCK_BYTES = 8;
const TIMESTAMPS = 8;
const TIMESTAMPS_BYTES = 10;

export interface Timestamps {
  readonly value: number;
  readonly echo: number;
}

/** From the first byte that arrived to the first one behind it that did not. */
export interface SackBlock {
  readonly left: number;
  readonly right: number;
}

export interface TcpOptions {
  readonly mss?: number | null;
  readonly windowScale?: number | null;
  readonly sackPermitted?: boolean;
  readonly timestamps?: Timestamps | null;
  readonly sackBlocks?: readonly SackBlock[];
}

/** In the order of net/ipv4/tcp_output.c, tcp_options_write: a multiple of 4 bytes. */
export function encodeOptions(options: TcpOptions): Buffer {
  const { mss = null, windowScale = null, sackPermitted = false, sackBlocks = [] } = options;
  const { timestamps = null } = options;
  const parts: Buffer[] = [];
  if (mss !== null) parts.push(Buffer.from([MSS, MSS_BYTES, mss >> 8, mss & 0xff]));
  if (timestamps !== null) {
    const padding = sackPermitted ? [SACK_PERMITTED, 2] : [NO_OPERATION, NO_OPERATION];
    const numbers = Buffer.alloc(8);
    numbers.writeUInt32BE(timestamps.value, 0);
    numbers.writeUInt32BE(timestamps.echo, 4);
    parts.push(Buffer.from([...padding, TIMESTAMPS, TIMESTAMPS_BYTES]), numbers);
  } else if (sackPermitted) {
    parts.push(Buffer.from([NO_OPERATION, NO_OPERATION, SACK_PERMITTED, 2]));
  }
  if (windowScale !== null) {
    parts.push(Buffer.from([NO_OPERATION, WINDOW_SCALE, WINDOW_SCALE_BYTES, windowScale]));
  }
  if (sackBlocks.length > 0) {
    const length = 2 + SACK_BLOCK_BYTES * sackBlocks.length;
    parts.push(Buffer.from([NO_OPERATION, NO_OPERATION, SACK, length]));
    for (const { left, right } of sackBlocks) {
      const block = Buffer.alloc(SACK_BLOCK_BYTES);
      block.writeUInt32BE(left, 0);
      block.writeUInt32BE(right, 4);
      parts.push(block);
    }
  }
  return Buffer.concat(parts);
}

export interface ReadOptions extends Required<Omit<TcpOptions, "sackBlocks">> {
  /** Kinds in their order without padding, as "2,4,8,3"; null where one is cut off. */
  readonly kinds: string | null;
}

/** As far as they go: one that is cut off ends them. Of two of a kind the first counts. */
export function decodeOptions(options: Buffer): ReadOptions {
  const { found, isWhole } = split(options);
  const first = (kind: number) => found.find((option) => option[0] === kind);
  const timestamps = ofLength(first(TIMESTAMPS), TIMESTAMPS_BYTES);
  return {
    mss: ofLength(first(MSS), MSS_BYTES)?.readUInt16BE(2) ?? null,
    windowScale: ofLength(first(WINDOW_SCALE), WINDOW_SCALE_BYTES)?.readUInt8(2) ?? null,
    sackPermitted: first(SACK_PERMITTED) !== undefined,
    timestamps: timestamps && {
      value: timestamps.readUInt32BE(2),
      echo: timestamps.readUInt32BE(6),
    },
    kinds: isWhole ? found.map(([kind]) => kind).join(",") : null,
  };
}

function ofLength(option: Buffer | undefined, length: number): Buffer | null {
  return option?.length === length ? option : null;
}

/** Each with its kind and its length, without padding. */
function split(options: Buffer): { readonly found: readonly Buffer[]; readonly isWhole: boolean } {
  const found: Buffer[] = [];
  let at = 0;
  while (at < options.length && options[at] !== END) {
    const isPadding = options[at] === NO_OPERATION;
    const length = isPadding ? 1 : (options[at + 1] ?? 0);
    if (length < (isPadding ? 1 : 2) || at + length > options.length) {
      return { found, isWhole: false };
    }
    if (!isPadding) found.push(options.subarray(at, at + length));
    at += length;
  }
  return { found, isWhole: true };
}

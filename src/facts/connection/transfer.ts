// What reading a long answer showed: how fast it came, where it stopped, and what went further.

import type { Path } from "../../model/path.ts";
import type { Seen } from "../../model/seen.ts";
import type { Transfer, TransferVariant, Upload } from "../../schema/events/transfer.ts";
import { perPath } from "../per-path.ts";
import { lastInfo } from "./attempt.ts";
import { defaultAttempt } from "./subject.ts";

export interface TransferFacts {
  readonly plain: Seen<Transfer>;
  /** The same once more, after the first had stopped; undefined where it had not. */
  readonly again: Seen<Transfer> | undefined;
  /** The first time. */
  readonly stopped: boolean;
  /** Both times. */
  readonly stalls: boolean;
  /** Both times at about the same byte: else nothing shows what a variant that came further owes to what it left out. */
  readonly alike: boolean;
  /** Variants that came to twice that byte; of connections that are not the kernel's, where one with all options stopped as well. */
  readonly cures: readonly Seen<Transfer>[];
  /** Variants that did not. */
  readonly inVain: readonly Seen<Transfer>[];
}

/** Null where no answer was read on. */
export const transferFacts = perPath("transferFacts", ({ transfers }): TransferFacts | null => {
  const of = (variant: TransferVariant) => transfers.find((one) => one.variant === variant);
  const plain = of("plain");
  if (plain === undefined) return null;
  const again = of("again");
  const stopped = hasStopped(plain);
  const stalls = stopped && again !== undefined && hasStopped(again);
  const alike = stalls && stoppedAlike(plain, again);
  if (!alike) return { plain, again, stopped, stalls, alike, cures: [], inVain: [] };
  const raw = of("raw");
  const isRawTelling = raw !== undefined && stoppedAlike(plain, raw);
  const tried = transfers.filter(({ variant }) =>
    isRaw(variant) ? isRawTelling && variant !== "raw" : !CONTROLS.includes(variant),
  );
  const beyond = TWICE * Math.max(plain.receivedBytes, again.receivedBytes);
  return {
    plain,
    again,
    stopped,
    stalls,
    alike,
    cures: tried.filter(({ receivedBytes }) => receivedBytes >= beyond),
    inVain: tried.filter(hasStopped),
  };
});

const CONTROLS: readonly TransferVariant[] = ["plain", "again"];

function isRaw(variant: TransferVariant): boolean {
  return variant.startsWith("raw");
}

const TWICE = 2;

/**
 * Whether it stopped before its end: by a reset, in silence, or closed before all came that was announced. A server that answers a line with an acknowledgement may wait for something of its
 * own, unless it has announced more.
 */
export function hasStopped({ outcome, acknowledged, missingBytes }: Transfer): boolean {
  if (outcome === "reset") return missingBytes !== 0;
  if (outcome === "ended") return (missingBytes ?? 0) > 0;
  return outcome === "stalled" && (acknowledged === false || (missingBytes ?? 0) > 0);
}

/** What was on its way when it stopped differs from one time to the next, and a box that ends connections loses what its buffer holds. */
const ALIKE = { bytes: 65_536, share: 0.3 };

function stoppedAlike(one: Transfer, other: Transfer): boolean {
  if (!hasStopped(other)) return false;
  const apart = Math.abs(one.receivedBytes - other.receivedBytes);
  return apart <= Math.max(ALIKE.bytes, ALIKE.share * one.receivedBytes);
}

/** What the default attempt reads at most of an answer. */
const SHORT_BYTES = 65_536;

/** Whether the answer is longer than what the default attempt has read, or the user wants it read. */
export function isTransferWanted(path: Path): boolean {
  const attempt = defaultAttempt(path);
  const { run } = path;
  if (run === null || attempt === undefined || attempt.answer === null) return false;
  if ((run.command ?? "path") !== "path") return false;
  if (run.options.transferBytes !== undefined) return true;
  const { lengthBytes = 0 } = attempt.answer;
  const read = lastInfo(attempt)?.bytesReceived ?? 0;
  return attempt.ended?.complete === false || Math.max(lengthBytes, read) >= SHORT_BYTES;
}

/** What is out is repeated and not acknowledged; a server that takes no more says so by its window, and answers. */
export function isUploadStalled({ outcome, info }: Upload): boolean {
  return outcome === "stalled" && info.unacked > 0 && info.backoff > 0;
}

/** Both times, or the first time alone; null where nothing was sent up, or it did not stop. */
export function stalledUploads({ uploads }: Path): readonly Seen<Upload>[] | null {
  const stalled = uploads.filter(isUploadStalled);
  return stalled[0]?.variant === "plain" ? stalled : null;
}

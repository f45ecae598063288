// Reads a long answer on, and repeats a transfer that stops: as it was, and with what an ordinary user can switch off.

import { defaultAttempt } from "../../src/facts/connection/subject.ts";
import { hasStopped, isTransferWanted } from "../../src/facts/connection/transfer.ts";
import type { Probe, ProbeContext } from "../../src/probe.ts";
import type { Transfer } from "../../src/schema/events/transfer.ts";
import { TRANSFER_BYTES } from "../../src/schema/run-choices.ts";
import { runTransfer } from "../tcp/transfer.ts";
import { ownRequest } from "./own-request.ts";
import type { TcpDeps } from "./tcp-stages.ts";

/** Enough to have left every initial window and the first losses behind. */
const MAX_MS = 3000;
/** The same where the user wants to see a transfer. */
const ASKED_MS = 30_000;
/** Longer than a server pauses in an answer, and than TCP's first five retransmissions take. */
const STALL_MS = 5000;
/** What has to come through before a transfer counts as cured, with room for the records of TLS. */
const BEYOND = { times: 2, bytes: 4096 };
/** Long enough for twice the way, at half the pace. */
const AGAIN_MS = 12_000;

export function createTransfersProbe(deps: TcpDeps): Probe {
  return async (context) => {
    const { run, requested } = context.path();
    // A connection of this probe's own would go to the proxy and ask it for nothing.
    if (requested !== null) return;
    const attempt = defaultAttempt(context.path());
    if (run === null || attempt === undefined || !isTransferWanted(context.path())) return;
    const { target, options } = run;
    const request = ownRequest(deps, target);
    if (request === null) return;
    const { address, family, port } = attempt;
    const read = (variant: Transfer["variant"], maxBytes: number, maxMs: number) =>
      runTransfer(
        deps.libc,
        {
          variant,
          address,
          family,
          port,
          request,
          maxBytes,
          maxMs,
          zoneIndex: deps.zoneIndex(address),
          stallMs: options.timeoutMs ?? STALL_MS,
        },
        context,
      );
    const { transferBytes } = options;
    const maxMs = transferBytes === undefined ? MAX_MS : ASKED_MS;
    const first = await read("plain", transferBytes ?? TRANSFER_BYTES, maxMs);
    if (context.signal.aborted) return;
    context.emit(first);
    if (hasStopped(first)) await repeat(first, read, context);
  };
}

/** All at once, so that they meet the same path. */
async function repeat(
  { receivedBytes }: Transfer,
  read: (variant: Transfer["variant"], maxBytes: number, maxMs: number) => Promise<Transfer>,
  { emit, signal }: ProbeContext,
): Promise<void> {
  const maxBytes = BEYOND.times * receivedBytes + BEYOND.bytes;
  const variants = ["again", "no-window-scaling", "small-mss"] as const;
  const all = await Promise.all(variants.map((variant) => read(variant, maxBytes, AGAIN_MS)));
  if (signal.aborted) return;
  for (const one of all) emit(one);
}

// Reads a long answer on, and repeats a transfer that stops: as it was, and with what an ordinary user can switch off.

import { TIMESTAMPS_BYTES } from "../../src/facts/connection/attempt.ts";
import { defaultAttempt } from "../../src/facts/connection/subject.ts";
import {
  hasStopped,
  isTransferWanted,
  isUploadStalled,
  transferFacts,
} from "../../src/facts/connection/transfer.ts";
import type { Probe, ProbeContext } from "../../src/probe.ts";
import type { Transfer } from "../../src/schema/events/transfer.ts";
import { TRANSFER_BYTES } from "../../src/schema/run-choices.ts";
import type { ConnectionOpen } from "../native/connection.ts";
import type { Libc } from "../native/libc.ts";
import { rawRefused } from "../native/raw-wire.ts";
import { openRaw } from "../tcp/raw/raw-connection.ts";
import type { RawDestination } from "../tcp/raw/raw-packets.ts";
import type { RawOffer } from "../tcp/raw/raw-state.ts";
import { runTransfer, SMALL_MSS } from "../tcp/transfer.ts";
import { runUpload, type UploadSpec } from "../tcp/upload.ts";
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
    const stallMs = options.timeoutMs ?? STALL_MS;
    const read: Read = (variant, maxBytes, maxMs, open) =>
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
          stallMs,
          ...(open === undefined ? {} : { open }),
        },
        context,
      );
    const { transferBytes } = options;
    const maxMs = transferBytes === undefined ? MAX_MS : ASKED_MS;
    const first = await read("plain", transferBytes ?? TRANSFER_BYTES, maxMs);
    if (context.signal.aborted) return;
    context.emit(first);
    const to = { address, family, port, zoneIndex: deps.zoneIndex(address) };
    await explain(deps.libc, to, first, read, context);
    if (!hasStopped(first)) await sendUp(deps.libc, { ...to, request, stallMs }, context);
  };
}

/** Only where the user asks for a transfer: it is many requests. Where it stalls, once more. */
async function sendUp(
  libc: Libc,
  to: Omit<UploadSpec, "variant" | "maxBytes" | "maxMs">,
  context: ProbeContext,
): Promise<void> {
  const maxBytes = context.path().run?.options.transferBytes;
  if (maxBytes === undefined) return;
  const spec = { ...to, maxBytes, maxMs: ASKED_MS };
  for (const variant of ["plain", "again"] as const) {
    const sent = await runUpload(libc, { ...spec, variant }, context);
    if (context.signal.aborted || sent === null) return;
    context.emit(sent);
    if (!isUploadStalled(sent)) return;
  }
}

/** Why it stopped, where it did: whether it does so again, and what makes it go on. */
async function explain(
  libc: Libc,
  to: RawDestination,
  first: Transfer,
  read: Read,
  context: ProbeContext,
): Promise<void> {
  if (!hasStopped(first)) return;
  await repeat(first, KERNEL_VARIANTS, read, context);
  const facts = transferFacts(context.path());
  // Without a place where it stops, nothing can be said to come further.
  if (facts?.alike !== true || facts.cures.length > 0) return;
  await repeat(first, rawVariants(libc, to, first, context), read, context);
}

type Read = (
  variant: Transfer["variant"],
  maxBytes: number,
  maxMs: number,
  open?: () => ConnectionOpen,
) => Promise<Transfer>;

/** The same once more, and what any user can switch. */
const KERNEL_VARIANTS = [
  { variant: "again" },
  { variant: "no-window-scaling" },
  { variant: "small-mss" },
] as const;

interface Variant {
  readonly variant: Transfer["variant"];
  readonly open?: () => ConnectionOpen;
}

/** All at once, so that they meet the same path. */
async function repeat(
  { receivedBytes }: Transfer,
  variants: readonly Variant[],
  read: Read,
  { emit, signal }: ProbeContext,
): Promise<void> {
  const maxBytes = BEYOND.times * receivedBytes + BEYOND.bytes;
  const all = await Promise.all(
    variants.map(({ variant, open }) => read(variant, maxBytes, AGAIN_MS, open)),
  );
  if (signal.aborted) return;
  for (const one of all) emit(one);
}

const OPTIONS = [
  ["timestamps", "raw-no-timestamps"],
  ["sack", "raw-no-sack"],
  ["ecn", "raw-no-ecn"],
  ["windowScaling", "raw-no-window-scaling"],
] as const;

/** What this kernel and the server agreed on, and the same without one option at a time; none where this user may not. */
function rawVariants(
  libc: Libc,
  to: RawDestination,
  { negotiated, info }: Transfer,
  { clock, emit }: ProbeContext,
): readonly Variant[] {
  const reason = negotiated === null || info === null ? UNREAD : rawRefused(libc);
  if (reason !== null || negotiated === null || info === null) {
    emit({ kind: "probe-skipped", probe: "transfer-options", reason: reason ?? UNREAD });
    return [];
  }
  const offer = { ...negotiated, mss: info.advMss + (info.timestamps ? TIMESTAMPS_BYTES : 0) };
  const variant = (name: Transfer["variant"], changed: Partial<RawOffer>): Variant => ({
    variant: name,
    open: () => openRaw({ libc, clock }, to, { ...offer, ...changed }),
  });
  const without = OPTIONS.filter(([option]) => negotiated[option]);
  return [
    variant("raw", {}),
    ...without.map(([option, name]) => variant(name, { [option]: false })),
    variant("raw-small-mss", { mss: SMALL_MSS }),
  ];
}

const UNREAD = "the kernel does not say what both ends agreed on";

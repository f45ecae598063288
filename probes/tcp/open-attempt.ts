// A TCP socket for an attempt; where this machine has none to give, it is asked again, and then it is reported.

import type { ProbeContext } from "../../src/probe.ts";
import type { TcpPurpose } from "../../src/schema/events/tcp.ts";
import type { ConnectionOpen } from "../native/connection.ts";
import type { TcpOpen } from "../native/tcp-socket.ts";

/** What is short comes free when other probes end (socket(2)). */
const SHORTAGES: readonly string[] = ["EMFILE", "ENFILE", "ENOBUFS", "ENOMEM"];
/** Longer than reading this machine and asking its resolvers take. */
const SHORTAGE_LIMIT_MS = 2000;
const AGAIN_MS = 20;

/** The first try is made before this returns. */
export async function openWhenFree<T extends TcpOpen | ConnectionOpen>(
  open: () => T,
  { clock, signal }: ProbeContext,
): Promise<T> {
  const startedMs = clock.now();
  for (;;) {
    const opened = open();
    const isShort = opened.kind === "not-made" && SHORTAGES.includes(opened.error);
    if (!isShort || signal.aborted || clock.now() - startedMs > SHORTAGE_LIMIT_MS) return opened;
    await clock.sleep(AGAIN_MS);
  }
}

/** Once for all connections of a purpose: each of a sweep has the same to say. */
export function reportNotMade(
  context: ProbeContext,
  purpose: TcpPurpose,
  { call, error }: Extract<TcpOpen, { kind: "not-made" }>,
): void {
  const probe = purpose === "default" ? "tcp" : purpose;
  const isKnown = context.path().skipped.some((one) => one.probe === probe);
  if (isKnown || context.signal.aborted) return;
  context.emit({ kind: "probe-skipped", probe, reason: `a connection needs ${call} (${error})` });
}

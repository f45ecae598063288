// Handshakes that show who interferes: another server name at the same address, and a ClientHello of two segments.

import { stageOf } from "../../src/facts/connection/attempt.ts";
import { defaultAttempt } from "../../src/facts/connection/subject.ts";
import type { ProbeContext } from "../../src/probe.ts";
import type { TcpPurpose } from "../../src/schema/events/tcp.ts";
import type { RunningAttempt } from "./attempt.ts";

export interface Handshake {
  readonly purpose: TcpPurpose;
  /** Null: the target's own. */
  readonly serverName: string | null;
  readonly padBytes: number | null;
  readonly mss: number | null;
}

/** Starts a handshake with the default attempt's address that ends with the handshake. */
export type StartHandshake = (handshake: Handshake) => RunningAttempt;

/** Names that are reserved for examples (RFC 2606 s.3): nobody filters them, and hardly any server has one. */
const OTHER_NAMES = ["example.com", "example.org"] as const;
/** Larger than one segment of LARGE_HELLO_MSS, as a ClientHello with a post-quantum key share is. */
const LARGE_HELLO_BYTES = 1800;
/** So small that few links' limits are met: what then fails rarely fails for the size of a packet. */
const LARGE_HELLO_MSS = 1160;
/** Padded in the same way and no larger than one such segment: it differs from the large one in nothing else. */
const CONTROL_BYTES = 500;
/** Twice may be chance where packets are lost. */
const LARGE_HELLOS = 3;
/** A handshake that has not ended by then is taken for one that never does. */
const LIMIT_MS = 1500;
/** A server that takes its time for a handshake gets as many times what the default attempt waited for. */
const OF_DEFAULT = 3;

/** The handshake failed: does it with another name, and again with the same? */
export async function probeOtherName(context: ProbeContext, start: StartHandshake): Promise<void> {
  const { requested, run } = context.path();
  const host = (requested ?? run?.target)?.host ?? "";
  const serverName = OTHER_NAMES.find((name) => !`.${host}`.endsWith(`.${name}`)) ?? null;
  await settle(start({ ...PLAIN, purpose: "other-name", serverName }), context);
  await settle(start({ ...PLAIN, purpose: "same-name" }), context);
}

const PLAIN = { serverName: null, padBytes: null, mss: null } as const;

/** An issuer that nobody here knows: does the address sign for a name that is not its own as well? */
export async function probeForeignName(
  context: ProbeContext,
  start: StartHandshake,
): Promise<void> {
  const problem = defaultAttempt(context.path())?.certificate?.problem;
  if (problem !== "unknown-issuer" && problem !== "self-signed") return;
  const [serverName] = OTHER_NAMES;
  await settle(start({ ...PLAIN, purpose: "other-name", serverName }), context);
}

/** Does a ClientHello that takes two segments get its answer? If not: it again and again, and a small one between them. */
export async function probeLargeHello(context: ProbeContext, start: StartHandshake): Promise<void> {
  const { serverName } = PLAIN;
  const large = { purpose: "large-hello", serverName, padBytes: LARGE_HELLO_BYTES } as const;
  const control = { purpose: "same-name", serverName, padBytes: CONTROL_BYTES } as const;
  const passes = (hello: typeof large | typeof control) =>
    settle(start({ ...hello, mss: LARGE_HELLO_MSS }), context);
  for (let n = 1; !(await passes(large)) && n < LARGE_HELLOS; n += 1) {
    if (!(await passes(control))) return;
  }
}

/** Waits for the end of the handshake; gives whether it came to one. */
async function settle(attempt: RunningAttempt, context: ProbeContext): Promise<boolean> {
  const { clock, signal } = context;
  const startedMs = clock.now();
  const usualMs = stageOf(defaultAttempt(context.path()), "tls")?.ms ?? 0;
  const limitMs = Math.max(LIMIT_MS, OF_DEFAULT * usualMs);
  while (!signal.aborted && clock.now() - startedMs < limitMs) {
    const state = attempt.state("tls");
    if (state === "passed" || state === "failed") break;
    await Promise.race([attempt.done, clock.sleep(5)]);
  }
  attempt.stop();
  await attempt.done;
  return attempt.state("tls") === "passed";
}

// The outbound PMTU over UDP with DF set, without filling the kernel's PMTU cache.
//
//  1. Only small answers count: port unreachable, time exceeded. Their sender is the responder: the
//     target, or where that is silent the farthest router that answers.
//  2. The MTU of an ICMP error is a candidate, and is believed when that size then passes.
//  3. Silence at a size counts only when the control right after it is answered: routers limit ICMP.
//  4. Where a size vanishes in silence, every hop is probed at that size: the limit lies before the
//     first that stays silent.

import { isFromTarget } from "../../src/facts/connection/subject.ts";
import { SILENCES } from "../../src/facts/loss/thresholds.ts";
import { outboundFacts } from "../../src/facts/size/outbound.ts";
import type { ProbeContext } from "../../src/probe.ts";
import type { Family } from "../../src/schema/events/common.ts";
import type { ProbeResult, ProbeSender, ProbeSpec } from "../probe-sender.ts";

export interface OutboundInput {
  readonly family: Family;
  readonly target: string;
  /** The largest size that the link takes. */
  readonly linkMtu: number;
  readonly smallBytes: number;
  /** TTL that reaches the responder and no farther than it must. */
  readonly ttl: number;
  /** Whether the responder is the target itself. */
  readonly isTarget: boolean;
  /** TTLs of the routers that answer. */
  readonly hops: readonly number[];
  /** Sizes that something names as a limit. */
  readonly candidates: readonly number[];
  readonly waitMs: number;
  /** TCP data decide at once what a used-up rate limit leaves open: after the last attempt it is given no time to recover. */
  readonly decidedByTcp?: boolean;
  /** ICMP errors with an MTU that the kernel has counted so far; undefined where it does not count. */
  packetTooBigCount(): Promise<number | undefined>;
}

/** The smallest MTU that an ICMP error may rightly name (RFC 791; RFC 8200 s.5). */
const MIN_MTU = { 4: 68, 6: 1280 } as const;
/** Chains of ever smaller links are followed so far down. */
const MAX_STEPS = 8;
/** One token of Linux' ICMP rate limit comes back in a second (net.ipv4.icmp_ratelimit). */
export const TOKEN_MS = 1050;
/** Attempts that a used-up rate limit may make void before a size is given up. */
const MAX_VOID = 2;
/** Sizes of a bisection by counted ICMP errors with an MTU. */
const MAX_BISECTION = 14;
/** Sizes of it that are tried once more, as their controls were not answered either. */
const MAX_AGAIN = 2;

type Verdict = "passed" | "too-big" | "silent" | "unanswered";

interface Judged {
  readonly verdict: Verdict;
  /** What the message named, null when it could only be counted. */
  readonly mtu: number | null;
}

export async function sweepOutbound(
  send: ProbeSender,
  context: ProbeContext,
  input: OutboundInput,
): Promise<void> {
  const judge = createJudge(send, context, input);
  const full = await judge(input.linkMtu, input.hops);
  if (full.verdict === "too-big") await followReportedMtu(judge, input, full.mtu);
}

/** @param beside TTLs of hops that are probed at this size too, once it has been silent */
type Judge = (sizeBytes: number, beside?: readonly number[]) => Promise<Judged>;

function createJudge(send: ProbeSender, context: ProbeContext, input: OutboundInput): Judge {
  const { ttl, waitMs } = input;
  const sendSized = async (
    sizeBytes: number,
    beside: readonly ProbeSpec[],
  ): Promise<readonly ProbeResult[]> =>
    send([{ purpose: "size", ttl, sizeBytes }, ...beside], waitMs);
  /** Whether the responder would have answered: only then is silence about the size. */
  const couldAnswer = async (beside: readonly ProbeSpec[]): Promise<boolean> => {
    const control: ProbeSpec = { purpose: "control", ttl, sizeBytes: input.smallBytes };
    const answer = atTtl(await send([control, ...beside], waitMs), ttl);
    return answer !== undefined && isAnswer(answer, input);
  };
  return async (sizeBytes, beside = []) => {
    const before = await input.packetTooBigCount();
    const locator = createLocator(input, sizeBytes, beside);
    const answer = answersTo(context, input, sizeBytes);
    let silences = 0;
    for (let tried = 0; tried - silences < MAX_VOID && !context.signal.aborted; tried++) {
      const results = await sendSized(sizeBytes, locator.sizes(tried));
      const replied = answer.seen();
      if (replied !== undefined) return replied;
      if (await counted(context, input, sizeBytes, before)) return TOO_BIG_UNREAD;
      locator.leaveOutAnswered(results);
      const isSilence = await couldAnswer(locator.controls(tried));
      if (isSilence) silences += 1;
      if (silences === SILENCES) return answer.or(SILENT);
      await context.clock.sleep(restMs(input, tried + 1 - silences));
    }
    return answer.or({ verdict: "unanswered", mtu: null });
  };
}

/**
 * What has come for a size from now on, in time or after its probe was given up: on a busy machine answers take longer
 * than round trips explain, and are received while later probes wait for theirs.
 */
function answersTo({ path }: ProbeContext, input: OutboundInput, sizeBytes: number) {
  const first = path().probes.length;
  const seen = (): Judged | undefined => {
    const own = path()
      .probes.slice(first)
      .filter((probe) => probe.purpose === "size" && probe.ttl === input.ttl);
    const answered = own.find((one) => one.sizeBytes === sizeBytes && readOutcome(one, input));
    return readOutcome(answered, input);
  };
  return { seen, or: (otherwise: Judged): Judged => seen() ?? otherwise };
}

/**
 * How long the responder's rate limit is given before the next attempt, as long as each control was
 * answered: it may have got the only answer that had come back by then, so the size gets as long. Linux
 * gives one back in 62 ms over IPv6 where a default route leads to the sender of the probe (net/ipv6/icmp.c,
 * icmpv6_xrlim_allow). Once a control stayed silent, every answer has to come back before it can be used.
 */
function restMs({ family, waitMs, decidedByTcp }: OutboundInput, voids: number): number {
  if (voids === 0) return family === 6 ? waitMs : 0;
  return decidedByTcp === true && voids === MAX_VOID ? 0 : TOKEN_MS;
}

function atTtl(results: readonly ProbeResult[], ttl: number): ProbeResult | undefined {
  return results.find((one) => one.ttl === ttl);
}

/**
 * The hops beside a silent size, from the second attempt on: those that stay silent are probed again, and
 * once in small.
 */
function createLocator(input: OutboundInput, sizeBytes: number, beside: readonly number[]) {
  let left = beside.filter((ttl) => ttl !== input.ttl);
  const specs = (purpose: "size" | "control", bytes: number, now: boolean) =>
    now ? left.map((ttl): ProbeSpec => ({ purpose, ttl, sizeBytes: bytes })) : [];
  return {
    sizes: (tried: number) => specs("size", sizeBytes, tried === 1 || tried === 2),
    controls: (tried: number) => specs("control", input.smallBytes, tried === 1),
    leaveOutAnswered: (results: readonly ProbeResult[]) => {
      const answered = results.filter(({ outcome }) => outcome.kind !== "no-reply");
      left = left.filter((ttl) => atTtl(answered, ttl) === undefined);
    },
  };
}

const PASSED: Judged = { verdict: "passed", mtu: null };
const SILENT: Judged = { verdict: "silent", mtu: null };
const TOO_BIG_UNREAD: Judged = { verdict: "too-big", mtu: null };

type Answered = Pick<ProbeResult, "outcome">;

function readOutcome(result: Answered | undefined, input: OutboundInput): Judged | undefined {
  if (result === undefined) return undefined;
  if (isAnswer(result, input)) return PASSED;
  if (result.outcome.kind === "too-big") return { verdict: "too-big", mtu: result.outcome.mtu };
  return undefined;
}

function isAnswer({ outcome }: Answered, input: OutboundInput): boolean {
  return input.isTarget
    ? isFromTarget(outcome, input.target)
    : outcome.kind === "time-exceeded" || outcome.kind === "unreachable";
}

async function counted(
  context: ProbeContext,
  input: OutboundInput,
  sizeBytes: number,
  before: number | undefined,
): Promise<boolean> {
  const after = await input.packetTooBigCount();
  if (before === undefined || after === undefined || after <= before) return false;
  const count = after - before;
  context.emit({ kind: "too-big-counted", family: input.family, sizeBytes, count });
  return true;
}

/** Follows what the messages name, or bisects where they name nothing (RFC 1191 s.5) or cannot be read. */
async function followReportedMtu(
  judge: Judge,
  input: OutboundInput,
  named: number | null,
): Promise<void> {
  let below = input.linkMtu;
  let mtu: number | null = named;
  for (let step = 0; step < MAX_STEPS; step++) {
    if (mtu === null || mtu < MIN_MTU[input.family]) return bisect(judge, input, below);
    if (mtu >= below) return;
    // What names a size may be no link that has the limit: silence here is followed to its hop as well.
    const at = await judge(mtu, input.hops);
    if (at.verdict === "passed") {
      // The size above is reported too big again, or the message named a size that is no limit.
      await judge(mtu + 1);
      return;
    }
    if (at.verdict !== "too-big") return;
    below = mtu;
    mtu = at.mtu;
  }
}

/** Sizes tried in silence: each answered one costs the responder's rate limit a reply. */
const MAX_HINTS = 2;

/**
 * A size that something names as the limit is proven when it passes and its neighbour is silent.
 * For what TCP data left open: TCP data decide faster, need no ICMP, and come first.
 */
export async function sweepCandidates(
  send: ProbeSender,
  context: ProbeContext,
  input: OutboundInput,
): Promise<void> {
  const judge = createJudge(send, context, input);
  const { atLeast, below } = outboundFacts(context.path()).estimate;
  const passed = atLeast ?? input.smallBytes;
  const top = below ?? input.linkMtu;
  const likely = input.candidates.filter((mtu) => mtu >= passed && mtu < top);
  for (const mtu of likely.slice(0, MAX_HINTS)) {
    const at = mtu === passed ? PASSED : await judge(mtu);
    if (at.verdict !== "passed") continue;
    const above = await judge(mtu + 1);
    if (above.verdict === "silent") return;
  }
}

async function bisect(judge: Judge, input: OutboundInput, refused: number): Promise<void> {
  let passed = 0;
  let failed = refused;
  let again = MAX_AGAIN;
  const likely = input.candidates.filter((mtu) => mtu < refused).slice(0, 2);
  const queue = likely.flatMap((mtu) => [mtu, mtu + 1]);
  for (let step = 0; step < MAX_BISECTION && failed - passed > 1; step++) {
    const low = Math.max(passed, MIN_MTU[input.family] - 1);
    const size: number = queue.shift() ?? Math.ceil((low + failed) / 2);
    if (size <= passed || size >= failed) continue;
    const { verdict } = await judge(size);
    if (verdict === "passed") passed = size;
    // A router sends only so many messages: here, silence at a size is one that it did not send.
    else if (verdict === "too-big" || verdict === "silent") failed = size;
    else if (again-- > 0) queue.unshift(size);
    else return;
  }
}

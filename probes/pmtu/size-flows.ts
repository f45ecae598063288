// Whether a size limit holds on some of several balanced paths only: connections from source ports that are taken again.
//
//  1. One round of full-size connections, each from another port, few where the default attempt passed; where the default attempt hung, of the largest size that passed.
//     A path that is not balanced carries all of them.
//  2. Where some hang: the same ports at the smallest size, then again and again, until loss no longer explains which ones do.
//  3. Each port that has a limit is divided by itself, one connection after the other, with the limits of its siblings as candidates.
//  4. Ports that fare differently from try to try tell nothing: then many connections of each size, and a range.

import { attemptState, TCP_HEADERS } from "../../src/facts/connection/attempt.ts";
import { defaultAttempt, isOnThisMachine } from "../../src/facts/connection/subject.ts";
import { balancedLimits } from "../../src/facts/size/balanced.ts";
import {
  type FlowTry,
  flowTries,
  isLimitReported,
  type Towards,
} from "../../src/facts/size/flow-tries.ts";
import { fullSize } from "../../src/facts/size/full-size.ts";
import { inboundFacts } from "../../src/facts/size/inbound.ts";
import { awaitsRecovery, isRecoveryLeftOut } from "../../src/facts/size/recovery.ts";
import { COMMON_MTUS, nextSizes } from "../../src/facts/size/size-interval.ts";
import type { Attempt } from "../../src/model/connections.ts";
import type { Path } from "../../src/model/path.ts";
import type { ProbeContext } from "../../src/probe.ts";
import type { TcpDeps } from "../stages/tcp-stages.ts";
import {
  type Flow,
  type FlowSpec,
  openFlows,
  type TryFlows,
  tookFull,
} from "./flow-connections.ts";
import { FLOOR_BYTES } from "./inbound.ts";

/** Enough to meet one path of three in all but 1 of 130 runs. */
const FLOWS = 12;
/** Of these where the default attempt passed, as in most runs nothing is wrong: one path of two is missed in 1 of 512. */
const QUICK_FLOWS = 8;
/** At a time, where each asks for the same page some dozen times. */
const FLOWS_OF_MANY = 4;
/** Of ports whose answers filled no segment. */
const FIRST_ROUNDS = 2;
/** Of those that pass, beside those that hang, when ports are taken again. */
const CONTROLS = 4;
/** A third of the ports that hang in four rounds is beyond what loss explains, and one of twelve in five. */
const ROUNDS = 5;
/** A segment that is lost is sent again after 200 ms and 400 more (TCP_RTO_MIN, net/tcp.h): who hangs then has lost three. */
const HANGS_MS = 900;
/** Those that come later: two, as each port is taken so often that chance does not decide. */
const AGAIN_MS = 500;
/** Ports that are divided first: the others try what came of it. */
const DIVIDED_FIRST = 3;
/** Connections of one port until its limit is known: more than halving all sizes takes. */
const STEPS = 20;
/** Until none is left, candidates are halved; then all sizes between two of them. */
const GUIDED = 6;
/** Sizes of step 4. */
const SHARE_STEPS = 5;

export function createSizeFlowsProbe(deps: TcpDeps): SizeFlowsProbe {
  return async (context, settled) => {
    if (!isSettled(context.path())) await settled;
    const path = context.path();
    const attempt = defaultAttempt(path);
    if (attempt === undefined || !isWanted(path, attempt)) return;
    const first = firstSize(path, attempt);
    if (first === null) return;
    const { flows, isPipelined, round } = openFlows(deps, context, attempt, FLOWS);
    const run: Run = { context, flows, round, headers: TCP_HEADERS[attempt.family], deps };
    await tryAll(run, first, isPipelined);
    for (const towards of ["inbound", "outbound"] as const) {
      if (triesOf(run, towards).some(isLost)) await findLimits(run, towards);
    }
  };
}

/** @param settled settles when nothing is open any more of what one connection shows */
export type SizeFlowsProbe = (context: ProbeContext, settled: Promise<void>) => Promise<void>;

/** The default attempt passed in full size both ways, or hangs at a size that is known: how it ends tells ports nothing. */
function isSettled(path: Path): boolean {
  if (awaitsRecovery(path) || isRecoveryLeftOut(path)) return true;
  const attempt = defaultAttempt(path);
  const size = fullSize(path);
  if (attempt === undefined || attemptState(attempt, "http") !== "passed" || size === null) {
    return false;
  }
  return size.inbound.seen && size.outbound.seen;
}

/** Four ports alone would meet one path of two in one run of sixteen: more are tried where four show nothing. */
async function tryAll(run: Run, first: Omit<FlowSpec, "flow">, isPipelined: boolean) {
  const flows = run.flows.slice(0, first.mss === null ? QUICK_FLOWS : FLOWS);
  const atOnce = isPipelined ? FLOWS_OF_MANY : flows.length;
  for (let n = 0; n < flows.length && !isAnyLost(run); n += atOnce) {
    await tryFirst(run, first, flows.slice(n, n + atOnce));
  }
}

/** Until each port has shown whether a full segment comes. */
async function tryFirst(
  { context, round }: Run,
  first: Omit<FlowSpec, "flow">,
  flows: readonly Flow[],
): Promise<void> {
  let left = flows;
  // A busy server may answer many requests one by one, in segments that are small of themselves.
  for (let n = 0; n < FIRST_ROUNDS && left.length > 0; n++) {
    await round(
      left.map((flow) => ({ flow, ...first })),
      HANGS_MS,
    );
    left = left.filter(({ from }) => !isShown({ context }, from.number));
  }
}

function isAnyLost(run: Run): boolean {
  return [...triesOf(run, "inbound"), ...triesOf(run, "outbound")].some(isLost);
}

interface Run {
  readonly context: ProbeContext;
  readonly flows: readonly Flow[];
  readonly round: TryFlows;
  readonly headers: number;
  readonly deps: TcpDeps;
}

/** A full segment of this port came, or was lost. */
function isShown({ context }: Pick<Run, "context">, port: number): boolean {
  const own = context.path().connections["size-flow"].filter((one) => one.sourcePort === port);
  const isLostHere = triesOf({ context }, "inbound").some(
    (one) => one.port === port && isLost(one),
  );
  const isDead = triesOf({ context }, "outbound").some((one) => one.port === port && isLost(one));
  return isLostHere || isDead || own.some(tookFull);
}

/** The web's protocols alone, whose servers take many connections. */
function isWanted(path: Path, attempt: Attempt): boolean {
  const { scheme } = path.requested ?? path.run?.target ?? {};
  const isWeb = scheme === "https" || scheme === "http";
  return isWeb && attemptState(attempt, "connect") === "passed" && !isOnThisMachine(path);
}

/**
 * Full size both ways, as the default attempt passed; where that hung, inbound alone, of the largest size that passed: on a path
 * that is not balanced it passes again. Null where nothing passed at all, or nothing larger was lost.
 */
function firstSize(path: Path, { family, port }: Attempt): Omit<FlowSpec, "flow"> | null {
  const { subject, hungIn, cached, interval, everySizeHangs } = inboundFacts(path);
  if (hungIn === null || cached) return { mss: null, isPadded: true };
  if (everySizeHangs || interval.passed === null || subject?.port !== port) return null;
  return { mss: interval.passed - TCP_HEADERS[family], isPadded: false };
}

function triesOf({ context }: Pick<Run, "context">, towards: Towards): readonly FlowTry[] {
  return flowTries(context.path(), towards);
}

function isLost({ result }: FlowTry): boolean {
  return result === "lost";
}

async function findLimits(run: Run, towards: Towards): Promise<void> {
  const { context, flows, round } = run;
  const isPadded = towards === "outbound";
  const [begun] = triesOf(run, towards).filter(isLost);
  // What is reported is kept to from then on: sizes that were lost before are no limits of ports.
  const isReported = () => towards === "outbound" && isLimitReported(context.path());
  const isOver = () => context.signal.aborted || isReported();
  const limit = () => balancedLimits(context.path())[towards];
  if (begun === undefined) return;
  const at = (size: number, some: readonly Flow[]) =>
    round(
      some.map((flow) => ({ flow, mss: size - run.headers, isPadded })),
      AGAIN_MS,
    );
  const hanging = () => {
    const lost = triesOf(run, towards).filter(isLost);
    return flows.filter(({ from }) => lost.some(({ port }) => port === from.number));
  };
  await at(FLOOR_BYTES, hanging());
  for (let n = 1; n < ROUNDS && limit() === null && !isOver(); n++) {
    const some = hanging();
    const controls = flows.filter((flow) => !some.includes(flow)).slice(0, CONTROLS);
    await at(begun.sizeBytes, [...some, ...controls]);
  }
  if (limit() === null && !isOver()) await at(FLOOR_BYTES, flows);
  if (isOver()) return;
  const found = limit();
  if (found === null) return;
  if (!found.isByPort) return findShares(run, towards, begun.sizeBytes);
  // Those that pass here may have a limit of their own.
  const others = flows.filter((flow) => !hanging().includes(flow));
  await round(
    others.map((flow) => ({ flow, mss: null, isPadded })),
    AGAIN_MS,
  );
  const some = hanging();
  const divideAll = (part: readonly Flow[]) =>
    Promise.all(part.map((flow) => divide(run, flow, towards)));
  await divideAll(some.slice(0, DIVIDED_FIRST));
  await divideAll(some.slice(DIVIDED_FIRST));
}

/** Halves the sizes of one port until one passes and the next is lost, twice. */
async function divide(run: Run, flow: Flow, towards: Towards): Promise<void> {
  const { context, round, headers } = run;
  const isPadded = towards === "outbound";
  for (let step = 0; step < STEPS && !context.signal.aborted; step++) {
    if (isPadded && isLimitReported(context.path())) return;
    const size = nextOf(run, flow, towards);
    if (size === null) return;
    await round([{ flow, mss: size - headers, isPadded }], AGAIN_MS);
  }
}

/** Null once it is known, or where nothing of this port passes. */
function nextOf(run: Run, { from }: Flow, towards: Towards): number | null {
  const tries = triesOf(run, towards);
  const own = tries.filter(({ port }) => port === from.number);
  const lost = own.filter(isLost).map(({ sizeBytes }) => sizeBytes);
  const passed = Math.max(
    0,
    ...own.filter((one) => !isLost(one)).map(({ sizeBytes }) => sizeBytes),
  );
  const above = lost.filter((size) => size > passed);
  if (above.length === 0) return null;
  const below = Math.min(...above);
  if (passed === 0) return lost.includes(FLOOR_BYTES) ? null : FLOOR_BYTES;
  if (below === passed + 1) return above.filter((size) => size === below).length < 2 ? below : null;
  const known = siblingLimits(tries, from.number).find((size) => size >= passed && size < below);
  if (known !== undefined) return known === passed ? known + 1 : known;
  const candidates = [...run.deps.candidates(run.context.path()), ...COMMON_MTUS];
  return nextSizes({ above: passed, below }, candidates, 1, GUIDED)[0] ?? null;
}

/** Sizes that another port passed, and whose neighbour it lost. */
function siblingLimits(tries: readonly FlowTry[], port: number): readonly number[] {
  const others = tries.filter((one) => one.port !== port);
  const lost = others.filter(isLost);
  return others
    .filter((one) => !isLost(one))
    .filter((one) =>
      lost.some((next) => next.port === one.port && next.sizeBytes === one.sizeBytes + 1),
    )
    .map(({ sizeBytes }) => sizeBytes);
}

/** All ports at one size after the other: the largest at which none hangs. */
async function findShares(run: Run, towards: Towards, full: number): Promise<void> {
  const { context, flows, round, headers } = run;
  const isPadded = towards === "outbound";
  const lostAt = (size: number) =>
    triesOf(run, towards).some((one) => isLost(one) && one.sizeBytes <= size);
  const at = (size: number) =>
    round(
      flows.map((flow) => ({ flow, mss: size - headers, isPadded })),
      AGAIN_MS,
    );
  await at(FLOOR_BYTES);
  let [above, below] = [FLOOR_BYTES, full];
  for (let step = 0; step < SHARE_STEPS && !lostAt(FLOOR_BYTES); step++) {
    const [size] = nextSizes({ above, below }, COMMON_MTUS, 1, GUIDED);
    if (size === undefined || context.signal.aborted) return;
    await at(size);
    if (lostAt(size)) below = size;
    else above = size;
  }
}

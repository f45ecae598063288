// Follows the plan: starts each step when what it waits for is reached, and ends what was switched on whatever fails.
//
// A step that fails is reported as skipped, and the others go on: a report is never lost to one of its pieces.

import { messageOf, TraceError } from "./errors.ts";
import { attemptState } from "./facts/connection/attempt.ts";
import { defaultAttempt } from "./facts/connection/subject.ts";
import { awaitsRecovery, isRecoveryWanted, RECOVERY } from "./facts/size/recovery.ts";
import type { Work } from "./model/snapshot.ts";
import { PLAN } from "./plan.ts";
import type { Condition, Milestone, SharedStep, Step, StepName } from "./plan-steps.ts";
import type {
  HostProbes,
  KernelWatching,
  ProbeContext,
  Probes,
  StagedProbe,
  TcpStagesProbe,
} from "./probe.ts";
import { isCertificateChecked } from "./schemes.ts";

/** What a step that was started reaches: its end, and what comes before it. */
interface Started {
  readonly done: Promise<void>;
  readonly decided?: Promise<void>;
  readonly clear?: Promise<void>;
  readonly chosen?: Promise<void>;
  readonly silent?: Promise<void>;
}

/** What the steps of one run share. */
interface Run {
  readonly probes: Probes;
  readonly hostProbes: HostProbes;
  /** Shows what is known by now. */
  readonly interim: () => void;
  /** With the kernel's watch once that is on. */
  context: ProbeContext;
  kernel: KernelWatching | null;
  names: StagedProbe | null;
  tcp: TcpStagesProbe | null;
  hopNames: StagedProbe | null;
  readonly reached: Map<Milestone, Promise<void>>;
}

/**
 * @param options.begin is called with what goes on from now on, and gives what is called at its end
 * @param options.interim is called when the default attempt has shown what it can, but for a recovery
 * @param options.until settles with the work, or when the run has to end
 */
export async function runPlan(
  probes: Probes,
  context: ProbeContext,
  {
    begin,
    interim,
    until,
  }: {
    readonly begin: Begin;
    readonly interim: () => void;
    readonly until: (work: Promise<void>) => Promise<void>;
  },
): Promise<void> {
  const hostProbes = probes.hostProbes(context);
  const run: Run = {
    probes,
    hostProbes,
    interim,
    context,
    kernel: null,
    names: null,
    tcp: null,
    hopNames: null,
    reached: new Map(),
  };
  try {
    await until(followPlan(run, begin));
  } finally {
    hostProbes.close();
    if (run.kernel !== null) await until(run.kernel.stop());
  }
}

type Begin = (work: Pick<Work, "step" | "what">) => () => void;

/** Settles when the milestone is reached, or left out. */
function reach({ reached }: Run, milestone: Milestone): Promise<void> {
  const found = reached.get(milestone);
  return found ?? Promise.reject(new Error(`${milestone} stands behind who waits`));
}

async function followPlan(run: Run, begin: Begin): Promise<void> {
  for (const step of PLAN) {
    const started = Promise.all(step.after.map((one) => reach(run, one))).then(() =>
      start(step, run, begin),
    );
    for (const [milestone, promise] of milestonesOf(step.step, started)) {
      // Awaited together below; until then a failure of one is nobody's.
      promise.catch(() => undefined);
      run.reached.set(milestone, promise);
    }
  }
  await Promise.all(PLAN.map(({ step }) => reach(run, step)));
}

/** Undefined for a step that is left out. The end is in an object: a promise would be waited for. */
function start({ step, when, activity }: Step, run: Run, begin: Begin): Started | undefined {
  if (when !== undefined && !HOLDS[when](run)) return undefined;
  const end = activity === undefined ? () => undefined : begin({ step, what: activity });
  try {
    const begun = isShared(step) ? STARTS[step](run) : run.probes[step](run.context);
    const started = begun instanceof Promise ? { done: reported(run, step, begun) } : begun;
    // Its failure is thrown where it is awaited.
    started.done.catch(() => undefined).finally(end);
    return started;
  } catch (error) {
    end();
    skip(run, step, error);
    return undefined;
  }
}

/**
 * A run that is ending makes probes fail: that is no news.
 * @throws TraceError, which stops the tool, as it came
 */
function skip({ context }: Run, step: StepName, error: unknown): void {
  if (error instanceof TraceError) throw error;
  if (context.signal.aborted) return;
  context.emit({ kind: "probe-skipped", probe: step, reason: messageOf(error) });
}

/** Settles with the work, whose failure is reported here and is nobody else's. */
function reported(run: Run, step: StepName, work: Promise<void>): Promise<void> {
  return work.catch((error: unknown) => skip(run, step, error));
}

/** Whoever waits for a part of it goes on where it fails; the failure is reported with its end. */
function staged<T extends StagedProbe>(run: Run, step: StepName, probe: T): T {
  const decided = probe.decided.catch(() => undefined);
  return { ...probe, decided, done: reported(run, step, probe.done) };
}

function isShared(step: StepName): step is SharedStep {
  return step in STARTS;
}

function milestonesOf(
  step: StepName,
  started: Promise<Started | undefined>,
): readonly (readonly [Milestone, Promise<void>])[] {
  const part = (name: keyof Started) => started.then((one) => one?.[name]);
  const done = [step, part("done")] as const;
  switch (step) {
    case "resolve":
      return [done, ["resolve.silent", part("silent")], ["resolve.decided", part("decided")]];
    case "tcp":
      return [
        done,
        ["tcp.started", started.then(() => undefined)],
        ["tcp.chosen", part("chosen")],
        ["tcp.clear", part("clear")],
        ["tcp.decided", part("decided")],
      ];
    case "hop-names":
      return [done, ["hop-names.started", started.then(() => undefined)]];
    default:
      return [done];
  }
}

const NOTHING = Promise.resolve();
/** The path is followed all the same. */
const UNWATCHED: KernelWatching = { connecting: () => undefined, stop: () => NOTHING };

const STARTS: Readonly<Record<SharedStep, (run: Run) => Started | Promise<void>>> = {
  resolve: (run) => {
    const names = run.probes.resolve(run.context, reach(run, "host"));
    run.names = staged(run, "resolve", names);
    return run.names;
  },
  "route-before": ({ probes, context }) => probes.route("before")(context),
  "host-names": ({ hostProbes }) => hostProbes.names(),
  kernel: async (run) => {
    run.kernel = await run.probes.kernel(run.context).catch((error: unknown) => {
      skip(run, "kernel", error);
      return UNWATCHED;
    });
    run.context = { ...run.context, connecting: run.kernel.connecting };
  },
  tcp: (run) => {
    const tcp = run.probes.tcp(run.context, reach(run, "udp"));
    const clear = tcp.clear.catch(() => undefined);
    const chosen = tcp.chosen.catch(() => undefined);
    run.tcp = staged(run, "tcp", { ...tcp, clear, chosen });
    return run.tcp;
  },
  udp: (run) => {
    const clear = Promise.all([reach(run, "tcp.clear"), reach(run, "host")]);
    return run.probes.udp(
      run.context,
      clear.then(() => undefined),
    );
  },
  flows: (run) => run.probes.flows(run.context, reach(run, "udp")),
  "size-flows": (run) => run.probes.sizeFlows(run.context, reach(run, "long-answer")),
  proxy: ({ probes, context, tcp }) =>
    tcp === null ? NOTHING : probes.proxy(context, tcp.decided),
  "host-probes": ({ hostProbes, tcp }) => (tcp === null ? NOTHING : hostProbes.follow(tcp)),
  "hop-names": (run) => {
    run.hopNames = staged(run, "hop-names", run.probes.hopNames(run.context));
    return run.hopNames;
  },
  "interim-names": async ({ interim }) => interim(),
  interim: async ({ interim }) => interim(),
  "tcp-end": async (run) => {
    // Once more: where the size was not known to the byte, another connection may have shown it.
    run.interim();
    leaveRecoveryOut(run);
    await run.tcp?.done;
  },
  "host-end": () => NOTHING,
  "route-after": ({ probes, context }) => probes.route("after")(context),
  inbound: ({ probes, context, hostProbes }) => probes.inbound(context, hostProbes),
  "hop-names-end": async ({ hopNames }) => {
    hopNames?.conclude?.();
    await hopNames?.done;
  },
  "kernel-end": async (run) => {
    const { kernel } = run;
    run.kernel = null;
    await kernel?.stop();
  },
  "resolve-end": async ({ names, context }) => {
    if (isAnswered(context)) names?.conclude?.();
    await names?.done;
  },
};

const HOLDS: Readonly<Record<Condition, (run: Run) => boolean>> = {
  "names-wanted": ({ context }) => !isOfService(context),
  "inbound-wanted": ({ context }) => isOfService(context) && !context.signal.aborted,
  "route-wanted": ({ context }) => isRouteWanted(context),
  "tls-wanted": ({ context }) =>
    isRouteWanted(context) &&
    isSendWanted(context) &&
    isCertificateChecked(context.path().run?.target.scheme ?? "unknown"),
  "no-address": ({ context }) => context.path().addresses === null && !isOfService(context),
  "no-address-and-sending": ({ context }) =>
    context.path().addresses === null && isSendWanted(context) && !isOfService(context),
  "path-wanted": ({ context }) => isRouteWanted(context) && isSendWanted(context),
  "path-followed": ({ kernel }) => kernel !== null,
  "hop-names-wanted": ({ kernel, context }) =>
    kernel !== null && context.path().run?.options.hopNames !== false,
  "host-probing": ({ context }) => {
    const { hostProber } = context.path();
    return hostProber !== null && hostProber.reason === null;
  },
};

/** A run about sizes, and one that is not to wait, ends where all else is known; both say so. */
function leaveRecoveryOut({ tcp, context }: Run): void {
  const path = context.path();
  if (tcp?.conclude === undefined || isRecoveryWanted(path) || !awaitsRecovery(path)) return;
  context.emit({ kind: "probe-skipped", probe: RECOVERY, reason: RECOVERY_LEFT_OUT });
  tcp.conclude();
}

const RECOVERY_LEFT_OUT = "a server that probes for black holes would recover within seconds";

/** A run about a service of this distro has no target to resolve or to send to. */
function isOfService({ path }: ProbeContext): boolean {
  return path().run?.command === "inbound";
}

/** A run about names ends where their addresses are known. */
function isRouteWanted({ path, signal }: ProbeContext): boolean {
  const { run, addresses } = path();
  return run?.command !== "dns" && addresses !== null && !signal.aborted;
}

/** A run about this machine sends nothing. */
function isSendWanted({ path, signal }: ProbeContext): boolean {
  return path().run?.command !== "env" && !signal.aborted;
}

/** The address was the right one: nobody has to be caught lying about it. */
function isAnswered(context: ProbeContext): boolean {
  const attempt = defaultAttempt(context.path());
  if (attempt === undefined || attempt.certificate?.authorized === false) return false;
  return attemptState(attempt, "http") === "passed";
}

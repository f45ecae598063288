// Makes the probes of a run and hands them to the trace: for every command that traces, and for the library.

import { createProbes } from "../../probes/index.ts";
import { zoneIndex } from "../../probes/linux/zone-index.ts";
import { realSystem } from "../../probes/system.ts";
import { createTlsContexts } from "../../probes/tcp/trust.ts";
import { readSnapshotFile, type SnapshotSource } from "../../probes/windows/host-snapshot.ts";
import { systemClock } from "../clock.ts";
import type { PathCommand } from "../commands/path-command.ts";
import type { PathDeps } from "../commands/path-request.ts";
import { PROXY_VARIABLES } from "../facts/connection/proxy.ts";
import { divertedByMark } from "../facts/marks.ts";
import type { ProbeEvent } from "../schema/event.ts";
import type { RunCommand } from "../schema/events/run.ts";
import { trace } from "../trace.ts";
import type { Captures } from "./packets.ts";
import { type AccessHost, windowsAccess } from "./windows-access.ts";

/** The process that traces, and what ends its runs early. */
export interface TracerHost extends AccessHost {
  readonly own: AccessHost["own"] & Pick<NodeJS.Process, "pid">;
  readonly version: string;
  readonly ending: { readonly signal: AbortSignal };
}

/** A part of the diagnosis that is a command of its own. */
export type Part = Exclude<RunCommand, "path" | "run">;

/** What of a command every run of it shares. */
type TracerOptions = Pick<PathCommand, "hostSnapshot" | "caFile" | "kernel">;

/** Of this process: what several runs send at the same time is told apart by these. */
let runs = 0;
let marks = 0;

function nextMark(): number {
  marks += 1;
  return marks;
}

const SESSION_MASK = 0xffff;
/** A prime far above the distance of processes that are started together, whose runs have numbers of their own. */
const SESSION_STEP = 4099;

/** 16 bits that the packets of one run carry. @param run counts from 1 */
function sessionOf(pid: number, run: number): number {
  return (pid + (run - 1) * SESSION_STEP) & SESSION_MASK;
}

/** What sees a run beside its report. */
interface Companions {
  readonly notice?: (event: ProbeEvent) => void;
  /** Of runs that are not beside others. */
  readonly captures?: Pick<Captures, "start" | "end"> | null;
}

/** Runs of one command: the snapshot and the certificates are read once. */
export async function createTracer(
  host: TracerHost,
  { hostSnapshot, caFile, kernel }: TracerOptions,
  part: Part | undefined,
  live: boolean,
  { notice = () => undefined, captures = null }: Companions = {},
): Promise<PathDeps["trace"]> {
  const { own, version, ending } = host;
  const source = snapshotSource(hostSnapshot);
  const snapshot = source.kind === "file" ? await readSnapshotFile(realSystem, source.path) : null;
  const { SSL_CERT_FILE, NODE_EXTRA_CA_CERTS } = own.env;
  const environmentFiles = [SSL_CERT_FILE, NODE_EXTRA_CA_CERTS];
  const tls = await createTlsContexts(realSystem, { environmentFiles, caFile });
  return async function* (target, options, record, beside) {
    runs += 1;
    const session = sessionOf(own.pid, runs);
    const observe = (await captures?.start(session)) ?? null;
    const probes = await createProbes({
      system: realSystem,
      clock: systemClock,
      tls,
      snapshotSource: source,
      snapshot,
      windows: windowsAccess(host),
      session,
      ...(observe === null ? {} : { observe }),
      nextMark,
      isShared: beside !== undefined,
      ...kernel,
      proxies: Object.fromEntries(PROXY_VARIABLES.map((name) => [name, own.env[name]])),
      userAgent: `wsl-trace/${version}`,
      engine: options.engine,
      ...(options.mark === undefined ? {} : { mark: options.mark }),
      ...(options.interface === undefined ? {} : { device: options.interface }),
      zoneIndex,
    });
    const snapshots = trace({
      version,
      target,
      options,
      ...(part === undefined ? {} : { command: part }),
      probes,
      clock: systemClock,
      signal: beside === undefined ? ending.signal : AbortSignal.any([ending.signal, beside]),
      record: (event) => {
        // Before anything is sent by it.
        const diverted = event.kind === "packet-marks" ? divertedByMark(event) : null;
        if (diverted !== null) host.notify(diverted);
        if (beside === undefined) notice(event);
        record(event);
      },
      live,
    });
    try {
      yield* snapshots;
    } finally {
      captures?.end();
    }
  };
}

function snapshotSource(requested: string | null): SnapshotSource {
  if (requested === null) return { kind: "auto" };
  return requested === "none" ? { kind: "none" } : { kind: "file", path: requested };
}

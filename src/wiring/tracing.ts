// Makes the probes of a run and hands them to the trace: for `path` and for the commands that are a part of it.

import { createProbes } from "../../probes/index.ts";
import { zoneIndex } from "../../probes/linux/zone-index.ts";
import { openOutput, realSystem } from "../../probes/system.ts";
import { createTlsContexts } from "../../probes/tcp/trust.ts";
import { readSnapshotFile, type SnapshotSource } from "../../probes/windows/host-snapshot.ts";
import { systemClock } from "../clock.ts";
import { path } from "../commands/path.ts";
import type { PathCommand } from "../commands/path-command.ts";
import type { PathDeps } from "../commands/path-request.ts";
import type { ExitCode } from "../errors.ts";
import { PROXY_VARIABLES } from "../facts/connection/proxy.ts";
import { divertedByMark } from "../facts/marks.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { RunCommand } from "../schema/events/run.ts";
import { trace } from "../trace.ts";
import { loadEarlyWhereFewFiles } from "./few-files.ts";
import { CTRL_C_CODE } from "./signals.ts";
import { windowsAccess } from "./windows.ts";
import type { Wiring } from "./wiring.ts";

type Part = Exclude<RunCommand, "path">;

export async function tracePath(
  wiring: Wiring,
  command: PathCommand,
  part: Part | undefined,
): Promise<ExitCode> {
  const live = part === undefined && wiring.own.stdout.isTTY && !command.json && !command.quiet;
  await loadEarlyWhereFewFiles();
  return path(command, {
    trace: await createTracer(wiring, command, part, live),
    show: live ? (snapshots) => show(wiring, snapshots, !command.once) : null,
    openFile: openOutput,
    print: wiring.print,
  });
}

/** What of a command every run of it shares. */
type TracerOptions = Pick<PathCommand, "hostSnapshot" | "caFile" | "kernel">;

/** Runs of one command: the snapshot and the certificates are read once. */
export async function createTracer(
  wiring: Wiring,
  { hostSnapshot, caFile, kernel }: TracerOptions,
  part: Part | undefined,
  live: boolean,
): Promise<PathDeps["trace"]> {
  const { own, version, ending } = wiring;
  const source = snapshotSource(hostSnapshot);
  const snapshot = source.kind === "file" ? await readSnapshotFile(realSystem, source.path) : null;
  const { SSL_CERT_FILE, NODE_EXTRA_CA_CERTS } = own.env;
  const environmentFiles = [SSL_CERT_FILE, NODE_EXTRA_CA_CERTS];
  const tls = await createTlsContexts(realSystem, { environmentFiles, caFile });
  return async function* (target, options, record) {
    const probes = await createProbes({
      system: realSystem,
      clock: systemClock,
      tls,
      snapshotSource: source,
      snapshot,
      windows: windowsAccess(wiring),
      session: own.pid & 0xffff,
      ...kernel,
      proxies: Object.fromEntries(PROXY_VARIABLES.map((name) => [name, own.env[name]])),
      userAgent: `wsl-trace/${version}`,
      engine: options.engine,
      ...(options.mark === undefined ? {} : { mark: options.mark }),
      ...(options.interface === undefined ? {} : { device: options.interface }),
      zoneIndex,
    });
    yield* trace({
      version,
      target,
      options,
      ...(part === undefined ? {} : { command: part }),
      probes,
      clock: systemClock,
      signal: ending.signal,
      record: (event) => {
        // Before anything is sent by it.
        const diverted = event.kind === "packet-marks" ? divertedByMark(event) : null;
        if (diverted !== null) wiring.notify(diverted);
        record(event);
      },
      live,
    });
  };
}

function snapshotSource(requested: string | null): SnapshotSource {
  if (requested === null) return { kind: "auto" };
  return requested === "none" ? { kind: "none" } : { kind: "file", path: requested };
}

/** Ink is loaded only where it draws: it takes longer to load than all the rest. */
async function show(
  { own, ending }: Wiring,
  snapshots: AsyncIterable<Snapshot>,
  stayOpen: boolean,
): Promise<void> {
  const { showSnapshots } = await import("../../ui/show.tsx");
  const { NO_COLOR } = own.env;
  const outcome = await showSnapshots(snapshots, {
    stdout: own.stdout,
    stdin: own.stdin,
    colour: NO_COLOR === undefined || NO_COLOR === "",
    stayOpen,
  });
  if (outcome === "interrupted") ending.endEarly(CTRL_C_CODE, new Error("Ctrl-C"));
  if (outcome === "quit") ending.endEarly(null, new Error("q"));
}

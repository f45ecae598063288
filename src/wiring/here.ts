// What runs on this machine with probes of its own: one module to load, since each file costs a start a millisecond.

import { watchDrops } from "../../probes/kernel/live-drops.ts";
import { importKoffi } from "../../probes/native/libc.ts";
import { isPackageInstalled } from "../../probes/native/raw-socket.ts";
import { openOutput } from "../../probes/output-file.ts";
import { systemClock } from "../clock.ts";
import { type DropsCommand, drops } from "../commands/drops.ts";
import type { DropsSeen } from "../commands/drops-seen.ts";
import type { EnvCommand } from "../commands/program-env.ts";
import type { DropsRequest } from "../drops-port.ts";
import type { ExitCode } from "../errors.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { whenDrained } from "../output-end.ts";
import { onSecondScreen, showWhileItLasts } from "./live-screen.ts";
import { createTracer } from "./tracer.ts";
import type { Wiring } from "./wiring.ts";

export { openOutput } from "../../probes/output-file.ts";
export { showFilm } from "./film.ts";
export { openBuilding } from "./live-screen.ts";
export { inNetns } from "./netns.ts";
export { createPublish } from "./otlp.ts";
export { packetTools } from "./packets.ts";
export { watchForHours } from "./patrol.ts";
export { runFollowed } from "./program.ts";
export { reportTools } from "./report.ts";
export { tracePath } from "./tracing.ts";
export { readHost } from "./windows.ts";

export async function readEnv(wiring: Wiring, command: EnvCommand): Promise<ExitCode> {
  const { env } = await import("../commands/env.ts");
  return env(command, await envDeps(wiring, command));
}

export async function inspect(wiring: Wiring, command: EnvCommand): Promise<ExitCode> {
  const { doctor } = await import("../commands/doctor.ts");
  const { inspectInstallation } = await import("../../probes/installation.ts");
  return doctor(command, {
    ...(await envDeps(wiring, command)),
    inspect: () =>
      inspectInstallation(wiring.version, wiring.own, isPackageInstalled(), importKoffi),
  });
}

async function envDeps(wiring: Wiring, command: EnvCommand) {
  const live = wiring.canDraw && !command.json;
  const tracer = await createTracer(wiring, { ...command, caFile: null }, "env", live);
  const show = (snapshots: AsyncIterable<readonly Snapshot[]>) =>
    showWhileItLasts(wiring, snapshots, command);
  return { trace: tracer, openFile: openOutput, print: wiring.print, show: live ? show : null };
}

export function showDrops(wiring: Wiring, command: DropsCommand): Promise<ExitCode> {
  const { own, ending, print, notify } = wiring;
  const watch = (request: DropsRequest) => watchDrops(request, ending.signal);
  const drained = () => whenDrained(own.stdout, ending.signal);
  const show = wiring.canDraw
    ? (seen: AsyncIterable<DropsSeen>) => showSeen(wiring, seen, command)
    : null;
  return drops(command, { watch, clock: systemClock, print, drained, notify, show });
}

async function showSeen(
  wiring: Wiring,
  seen: AsyncIterable<DropsSeen>,
  command: DropsCommand,
): Promise<void> {
  const { dropsLines, showLines } = await import("../../ui/show-lines.tsx");
  const outcome = await onSecondScreen(wiring, command, (terminal) =>
    showLines(seen, { ...terminal, draw: dropsLines }),
  );
  if (outcome === "quit") wiring.ending.endEarly(null, new Error("q"));
}

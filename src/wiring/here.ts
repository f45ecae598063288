// What runs on this machine with probes of its own: one module to load, since each file costs a start a millisecond.

import { watchDrops } from "../../probes/kernel/live-drops.ts";
import { isPackageInstalled } from "../../probes/native/raw-socket.ts";
import { openOutput } from "../../probes/output-file.ts";
import { systemClock } from "../clock.ts";
import { type DropsCommand, drops } from "../commands/drops.ts";
import type { EnvCommand } from "../commands/program-env.ts";
import type { DropsRequest } from "../drops-port.ts";
import type { ExitCode } from "../errors.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { whenDrained } from "../output-end.ts";
import { canDraw, showWhileItLasts } from "./live-screen.ts";
import { createTracer } from "./tracer.ts";
import type { Wiring } from "./wiring.ts";

export { openOutput } from "../../probes/output-file.ts";
export { showFilm } from "./film.ts";
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
    inspect: () => inspectInstallation(wiring.version, wiring.own, isPackageInstalled()),
  });
}

async function envDeps(wiring: Wiring, command: EnvCommand) {
  const live = canDraw(wiring) && !command.json;
  const tracer = await createTracer(wiring, { ...command, caFile: null }, "env", live);
  const show = (snapshots: AsyncIterable<readonly Snapshot[]>) =>
    showWhileItLasts(wiring, snapshots, command);
  return { trace: tracer, openFile: openOutput, print: wiring.print, show: live ? show : null };
}

export function showDrops(
  { own, ending, print, notify }: Wiring,
  command: DropsCommand,
): Promise<ExitCode> {
  const watch = (request: DropsRequest) => watchDrops(request, ending.signal);
  const drained = () => whenDrained(own.stdout, ending.signal);
  return drops(command, { watch, clock: systemClock, print, drained, notify });
}

// Traces for `path` and for the commands that are a part of it, and shows the run.

import { openOutput } from "../../probes/output-file.ts";
import type { WantedFix } from "../../ui/App.tsx";
import { path } from "../commands/path.ts";
import type { PathCommand } from "../commands/path-command.ts";
import type { PathDeps } from "../commands/path-request.ts";
import { createStageNotices } from "../commands/stage-notices.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { createWatchControls } from "../watch/controls.ts";
import { loadEarlyWhereFewFiles } from "./few-files.ts";
import { showScreen, showWhileItLasts } from "./live-screen.ts";
import { createPublish } from "./otlp.ts";
import { createCaptures, packetTools } from "./packets.ts";
import { createTracer, type Part } from "./tracer.ts";
import { watchPaths } from "./watching.ts";
import type { Wiring } from "./wiring.ts";

export async function tracePath(
  wiring: Wiring,
  command: PathCommand,
  part: Part | undefined,
): Promise<number> {
  const live = wiring.canDraw && !command.json && !command.quiet;
  // A report on a pipe comes at the end alone; with --json and --quiet nothing but that is wanted.
  const isSilent = live || part !== undefined || command.json || command.quiet;
  const notice = isSilent ? () => undefined : createStageNotices(wiring.notify);
  await loadEarlyWhereFewFiles();
  const isWatched = goesOn(command, part, live);
  const controls = isWatched ? createWatchControls(command.options.family) : null;
  let wanted: WantedFix | null = null;
  const onFix = (one: WantedFix) => {
    wanted = one;
  };
  const wantedFix = (): WantedFix | null => wanted;
  const captures = typeof command.pcapFile === "string" ? createCaptures() : null;
  let kept: string | null = null;
  const code = await path(command, {
    trace: await createTracer(wiring, command, part, live, { notice, captures }),
    ...(captures === null ? {} : { packets: { tools: packetTools, take: captures.take } }),
    show: !live
      ? null
      : part === undefined
        ? (snapshots) => show(wiring, snapshots, { ...command, controls, onFix })
        : (snapshots) => showWhileItLasts(wiring, snapshots, command),
    watch: isWatched ? (options, runs) => watchPaths(wiring, options, runs) : null,
    controls,
    signal: wiring.ending.signal,
    notify: wiring.notify,
    openFile: openOutput,
    print: wiring.print,
    // A screen shows one run, a capture is of one, what is watched has a run of its own, and a run about sizes or names is all about what routers and servers have to say.
    atOnce: live || isWatched || part !== undefined || captures !== null ? 1 : atOnce(command),
    publish: createPublish(wiring, command, () => kept),
    keepRun: async ({ verdict, events }, index) => {
      const { keepLastRun, lastCommandOf } = await import("./last-run.ts");
      const fix = wantedFix();
      if (fix !== null && index !== fix.target) return;
      // `env` comes by another way and traces nothing.
      if (part === "env" || (index > 0 && verdict === "healthy")) return;
      kept = keepLastRun(wiring.own, events, (cwd) =>
        lastCommandOf(command, index, part ?? "path", cwd),
      );
    },
  });
  const fix = wantedFix();
  return fix === null ? code : (await import("./fix.ts")).tryFix(wiring, fix.cause);
}

/** On a screen that stays, and where it was asked for. */
function goesOn(command: PathCommand, part: Part | undefined, live: boolean): boolean {
  const isWanted = command.watch === true || (live && !command.once);
  return isWanted && part === undefined;
}

/** Of one process, as its probes share a thread; where Windows is asked, each has a PowerShell of its own there. */
const TARGETS_AT_ONCE = 8;
const TARGETS_WITH_WINDOWS = 4;

function atOnce({ hostSnapshot }: PathCommand): number {
  return hostSnapshot === "none" ? TARGETS_AT_ONCE : TARGETS_WITH_WINDOWS;
}

interface Shown extends Pick<PathCommand, "once" | "redaction" | "theme" | "ascii"> {
  readonly controls: PathDeps["controls"];
  readonly onFix: (wanted: WantedFix) => void;
}

async function show(
  wiring: Wiring,
  snapshots: AsyncIterable<readonly Snapshot[]>,
  { controls, onFix, ...command }: Shown,
): Promise<void> {
  const outcome = await showScreen(wiring, snapshots, command, {
    stayOpen: !command.once,
    ...(controls === null ? {} : { onWatchKey: controls.press }),
    onFix,
  });
  if (outcome === "quit") wiring.ending.endEarly(null, new Error("q"));
}

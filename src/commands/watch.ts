// `wsl-trace watch`: targets for hours or days without a terminal, and what came of it.

import type { Clock } from "../clock.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import { type Checked, patrol } from "../patrol/patrol.ts";
import type { ProbeEvent } from "../schema/event.ts";
import type { RunOptions, Target } from "../schema/events/run.ts";
import {
  escapedJson,
  indentedJson,
  recordingHeader,
  recordingLine,
} from "../schema/recording-lines.ts";
import type { NetworkState } from "../watch/network-state.ts";
import type { PathDeps } from "./path-request.ts";
import type { KernelChoice } from "./readers.ts";

/** The options of `watch`, read and checked. */
export interface WatchRequest {
  readonly targets: readonly Target[];
  readonly options: RunOptions;
  readonly everyMs: number;
  /** Null: until a signal. */
  readonly forMs: number | null;
  /** Null: the user's folder for state. */
  readonly folder: string | null;
  readonly keepBytes: number;
  /** Prints what was seen, and watches nothing. */
  readonly summary: boolean;
  /** Prints a systemd user unit, and watches nothing. */
  readonly unit: boolean;
  readonly json: boolean;
  /** --otlp; absent, as null: OpenTelemetry's variables decide. */
  readonly otlp?: string | null;
  readonly hostSnapshot: string | null;
  readonly caFile: string | null;
  readonly kernel: KernelChoice;
}

export interface WatchDeps {
  readonly clock: Clock;
  readonly ring: {
    keep(name: string, text: string): string;
    note(line: string): void;
    journal(): string;
  };
  readState(signal: AbortSignal): Promise<NetworkState | null>;
  check(target: Target, signal: AbortSignal): Promise<Checked>;
  readonly trace: PathDeps["trace"];
  readonly publish?: PathDeps["publish"];
  readonly signal: AbortSignal;
  print(text: string): void;
  notify(line: string): void;
}

export async function watchTargets(request: WatchRequest, deps: WatchDeps): Promise<ExitCode> {
  const { signal, ring, notify } = deps;
  if (request.summary) return printSummary(request, deps);
  await patrol({
    ...deps,
    targets: request.targets.map((target) => ({ input: target.input, target })),
    everyMs: request.everyMs,
    forMs: request.forMs,
    diagnose: (target) => diagnosed(target, request.options, deps),
    write: (line) => {
      ring.note(escapedJson(line));
      if (line.kind === "verdict")
        notify(`${line.at} ${line.target}: ${line.verdict}. ${line.reason}`);
    },
  });
  // What ended it is how it is meant to end.
  return signal.aborted ? EXIT.healthy : printSummary(request, deps);
}

async function printSummary({ json }: WatchRequest, { ring, print }: WatchDeps): Promise<ExitCode> {
  const { readJournal } = await import("../patrol/journal.ts");
  const { summaryOf } = await import("../patrol/summary.ts");
  const { watchSummaryText } = await import("../report/text-watch-summary.ts");
  const summary = summaryOf(readJournal(ring.journal()));
  print(
    json ? indentedJson({ schema: "wsl-trace.watch/1", ...summary }) : watchSummaryText(summary),
  );
  return EXIT.healthy;
}

async function diagnosed(target: Target, options: RunOptions, deps: WatchDeps) {
  const { trace, ring, clock } = deps;
  const events: ProbeEvent[] = [];
  for await (const _ of trace(target, options, (event) => events.push(event)));
  const { makeReport } = await import("./path-output.ts");
  const report = makeReport(events);
  await deps.publish?.([report]);
  const { verdict, reason, findings } = report;
  const cause = findings.find(({ severity }) => severity !== "note")?.cause ?? null;
  const name = `${clock.date().toISOString().replaceAll(/[:.]/g, "-")}-${target.host.replaceAll(/[^\w.-]/g, "_")}`;
  const recording = ring.keep(name, [recordingHeader(), ...events.map(recordingLine)].join(""));
  return { verdict, cause, reason, recording };
}

/** A unit that starts with the user's session (systemd.service(5)); what was typed is quoted for it. */
export function unitText(program: readonly string[], targets: readonly string[]): string {
  const quoted = [...program, "watch", ...targets].map(
    (word) =>
      `"${word.replaceAll("%", "%%").replaceAll("$", "$$$$").replaceAll(/["\\]/g, "\\$&")}"`,
  );
  return [
    "# ~/.config/systemd/user/wsl-trace-watch.service; then: systemctl --user enable --now wsl-trace-watch",
    "[Unit]",
    "Description=wsl-trace watch",
    "",
    "[Service]",
    `ExecStart=${quoted.join(" ")}`,
    "Nice=10",
    "Restart=on-failure",
    "",
    "[Install]",
    "WantedBy=default.target",
    "",
  ].join("\n");
}

// `wsl-trace drops`: what this kernel drops, as it happens, with the reason and what it means; a summary at the end.

import type { Clock } from "../clock.ts";
import type { DropsRequest, DropsUnavailable, DropsWatch } from "../drops-port.ts";
import { EXIT, type ExitCode, TraceError } from "../errors.ts";
import { printable } from "../report/escape.ts";
import type { DropRedactor } from "../report/redact/alone.ts";
import { escapedJson } from "../schema/recording-lines.ts";
import { asScreen, type DropsSeen } from "./drops-seen.ts";
import { createTally, dropLine, meaningLines, summaryLines } from "./drops-text.ts";
import type { Redaction } from "./readers.ts";
import type { Theme } from "./themes.ts";

export interface DropsCommand extends DropsRequest {
  readonly theme: Theme;
  readonly ascii: boolean;
  readonly json: boolean;
  /** Of its JSON; the terminal shows real names. */
  readonly redaction: Redaction;
}

export interface DropsDeps {
  watch(request: DropsRequest): Promise<DropsWatch | DropsUnavailable>;
  readonly clock: Clock;
  print(text: string): void;
  /** Waits for a reader that is slow: what cannot be written meanwhile is counted as lost, and no memory grows. */
  drained(): Promise<void>;
  notify(line: string): void;
  /** Draws them on the terminal; absent, as null: there is none to draw on. */
  readonly show?: ((seen: AsyncIterable<DropsSeen>) => Promise<void>) | null;
}

/** @throws TraceError with exit code 3 where this kernel lets nobody watch */
export async function drops(request: DropsCommand, deps: DropsDeps): Promise<ExitCode> {
  const watch = await deps.watch(request);
  if (watch.kind === "unavailable") {
    const message = `drops of this kernel cannot be watched: ${watch.reason}`;
    throw new TraceError("drops-unavailable", message, { exitCode: EXIT.inconclusive });
  }
  // On standard error: lines of standard output are drops and nothing else.
  deps.notify(watch.note);
  const { show = null } = deps;
  if (request.json) await asJson(watch, request.redaction, deps);
  else if (show !== null) await onScreen(watch, show, deps);
  else await asText(watch, deps);
  return EXIT.healthy;
}

async function asJson(
  watch: DropsWatch,
  { applied, target }: Redaction,
  { print, drained, clock }: DropsDeps,
): Promise<void> {
  const tally = createTally(clock.now());
  const redactor = applied ? await redactorFor(target ? [] : watch.peers) : null;
  for await (const raw of watch.drops) {
    const drop = redactor?.redact(raw) ?? raw;
    tally.add(drop);
    print(`${escapedJson(drop)}\n`);
    await drained();
  }
  const rows = tally.rows().map(({ words: _, ...row }) => row);
  const summary = {
    kind: "summary",
    dropped: tally.total(),
    lost: watch.lost(),
    reasons: rows,
    redaction: { applied, replaced: redactor?.replaced() ?? [] },
  };
  print(`${escapedJson(summary)}\n`);
}

/** Loaded late: it knows every word that may stay. */
async function redactorFor(kept: readonly string[]): Promise<DropRedactor> {
  const { createDropRedactor } = await import("../report/redact/redact.ts");
  return createDropRedactor(kept);
}

/** Its lines are for a pipe; the summary stays behind the screen. */
async function onScreen(
  watch: DropsWatch,
  show: NonNullable<DropsDeps["show"]>,
  { print, clock }: DropsDeps,
): Promise<void> {
  const tally = await asScreen(watch, show, clock);
  for (const words of summaryLines(tally, watch.lost(), clock.now())) {
    print(`${printable(words)}\n`);
  }
}

async function asText(watch: DropsWatch, { print, drained, clock }: DropsDeps): Promise<void> {
  const tally = createTally(clock.now());
  const line = (text: string) => print(`${printable(text)}\n`);
  let over = false;
  // The first of a kind at once, what follows once a second with its rate.
  const reportRepeats = async () => {
    while (!over) {
      await clock.sleep(REPEATS_MS);
      if (over) return;
      for (const { last, perSecond } of tally.takeRepeats(clock.now())) {
        line(dropLine(last, perSecond));
      }
    }
  };
  void reportRepeats();
  try {
    for await (const drop of watch.drops) {
      const { firstOfKind, firstOfReason } = tally.add(drop);
      if (firstOfKind) line(dropLine(drop, null));
      if (firstOfReason) for (const words of meaningLines(drop)) line(words);
      await drained();
    }
  } finally {
    over = true;
  }
  for (const words of summaryLines(tally, watch.lost(), clock.now())) line(words);
}

const REPEATS_MS = 1000;

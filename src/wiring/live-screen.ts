// The screen of a run, on a terminal that can draw one.

import type { Leaving, ShowOptions } from "../../ui/show.tsx";
import { systemClock } from "../clock.ts";
import { fromThenOn } from "../commands/lasting.ts";
import type { PathCommand } from "../commands/path-command.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { CTRL_C_CODE } from "./signals.ts";
import type { Wiring } from "./wiring.ts";

/** A dumb terminal, as an editor's, has no cursor to move (terminfo's "dumb"). */
export function canDraw({ own }: Pick<Wiring, "own">): boolean {
  return own.stdout.isTTY && own.env.TERM !== "dumb";
}

type Look = Pick<PathCommand, "theme" | "ascii">;
type Choices = Look & Pick<PathCommand, "redaction">;
type Terminal = Pick<ShowOptions, "stdout" | "stdin" | "theme" | "ascii" | "signal">;

/** Shows something there, and leaves the first screen as it was, whatever ends the process. */
export async function onSecondScreen(
  { own, ending }: Wiring,
  { theme, ascii }: Look,
  show: (terminal: Terminal) => Promise<Leaving>,
): Promise<Leaving> {
  const { LEAVE } = await import("../../ui/alternate-screen.ts");
  const { NO_COLOR } = own.env;
  const leave = () => own.stdout.write(LEAVE);
  own.once("exit", leave);
  const outcome = await show({
    stdout: own.stdout,
    stdin: own.stdin,
    theme: NO_COLOR === undefined || NO_COLOR === "" ? theme : "none",
    ascii,
    signal: ending.signal,
  }).finally(() => own.off("exit", leave));
  if (outcome === "interrupted") ending.endEarly(CTRL_C_CODE, new Error("Ctrl-C"));
  return outcome;
}

/** Ink is loaded only where it draws: it takes longer to load than all the rest. */
export async function showScreen(
  wiring: Wiring,
  snapshots: AsyncIterable<readonly Snapshot[]>,
  choices: Choices,
  keys: Pick<ShowOptions, "onWatchKey" | "onFix" | "stayOpen">,
): Promise<Leaving> {
  const { showSnapshots } = await import("../../ui/show.tsx");
  const { createScreenTools } = await import("./screen-tools.ts");
  const { own } = wiring;
  const tools = createScreenTools({ own, redaction: choices.redaction });
  return onSecondScreen(wiring, choices, (terminal) =>
    showSnapshots(snapshots, { ...terminal, ...keys, tools }),
  );
}

/** Null where it is over before anybody waits for it. */
export function onceItLasts<T>(values: AsyncIterable<T>): Promise<AsyncIterable<T> | null> {
  return fromThenOn(values, systemClock.sleep(SHOWN_AFTER_MS));
}

/** Of a run that ends by itself: what is over at once would only flash. */
export async function showWhileItLasts(
  wiring: Wiring,
  snapshots: AsyncIterable<readonly Snapshot[]>,
  choices: Choices,
): Promise<void> {
  const lasting = await onceItLasts(snapshots);
  if (lasting === null) return;
  const outcome = await showScreen(wiring, lasting, choices, { stayOpen: false });
  if (outcome === "quit") wiring.ending.endEarly(null, new Error("q"));
}

/** A person has begun to wait by then. */
const SHOWN_AFTER_MS = 300;

// The screen of a run, on a terminal that can draw one.

import type { Leaving, ShowOptions } from "../../ui/show.tsx";
import { systemClock } from "../clock.ts";
import type { BuildingScreen, LabSeen } from "../commands/lab-port.ts";
import { fromThenOn } from "../commands/lasting.ts";
import type { PathCommand } from "../commands/path-command.ts";
import { EXIT } from "../errors.ts";
import { createLatestValueChannel } from "../latest-value-channel.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { CTRL_C_CODE } from "./signals.ts";
import type { Wiring } from "./wiring.ts";

type Look = Pick<PathCommand, "theme" | "ascii">;
type Choices = Look & Pick<PathCommand, "redaction">;
type Terminal = Pick<ShowOptions, "stdout" | "stdin" | "theme" | "ascii" | "signal">;

/** Shows something there, and leaves the first screen as it was, whatever ends the process. */
export async function onSecondScreen(
  { own, ending, notices }: Wiring,
  { theme, ascii }: Look,
  show: (terminal: Terminal) => Promise<Leaving>,
): Promise<Leaving> {
  const { LEAVE } = await import("../../ui/alternate-screen.ts");
  const { NO_COLOR } = own.env;
  const leave = () => {
    own.stdout.write(LEAVE);
    notices.release();
  };
  own.once("exit", leave);
  notices.hold();
  const outcome = await show({
    stdout: own.stdout,
    stdin: own.stdin,
    theme: NO_COLOR === undefined || NO_COLOR === "" ? theme : "none",
    ascii,
    signal: ending.signal,
  }).finally(() => {
    own.off("exit", leave);
    notices.release();
  });
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
function onceItLasts<T>(values: AsyncIterable<T>): Promise<AsyncIterable<T> | null> {
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

/** For a lab that is built. */
export function openBuilding(wiring: Wiring): BuildingScreen {
  const seen = createLatestValueChannel<LabSeen>();
  const shown = showBuilding(wiring, seen.values);
  return {
    show: seen.push,
    end: () => {
      seen.end();
      return shown;
    },
  };
}

async function showBuilding(wiring: Wiring, seen: AsyncIterable<LabSeen>): Promise<void> {
  const lasting = await onceItLasts(seen);
  if (lasting === null) return;
  const { labLines, showLines } = await import("../../ui/show-lines.tsx");
  const look = { theme: "dark", ascii: false } as const;
  const outcome = await onSecondScreen(wiring, look, (terminal) =>
    showLines(lasting, { ...terminal, draw: labLines }),
  );
  // There is no verdict yet that could be kept.
  if (outcome === "quit") wiring.ending.endEarly(EXIT.inconclusive, new Error("q"));
}

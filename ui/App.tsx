// Draws the screen for one snapshot, and hands its keys on.

import { useInput, useStdin } from "ink";
import { useRef, useState } from "react";
import type { FixPlan } from "../src/commands/fix-plan.ts";
import type { Theme } from "../src/commands/themes.ts";
import type { Snapshot } from "../src/model/snapshot.ts";
import type { Report } from "../src/schema/report.ts";
import type { FilmKey, WatchKey } from "../src/watch/controls.ts";
import { asciiOf } from "./ascii.ts";
import { type Action, actionOf, type Pressed, pressesIn, watchKeyOf } from "./keys.ts";
import { Lines } from "./Lines.tsx";
import { cut, line } from "./lines.ts";
import { layOut } from "./screen.ts";
import { beginning, pressed, type ScreenState, typedInto } from "./screen-state.ts";
import { useReport } from "./use-snapshot.ts";

/** What reaches beyond the screen; each gives a sentence that says what came of it. */
export interface Tools {
  /** To the clipboard. */
  copy(text: string): Promise<string>;
  write(report: Report): Promise<string>;
  /** What a fix would do, or a sentence that says why nothing can be done. */
  planFix(report: Report): Promise<FixPlan | string>;
}

/** A fix that is to be tried. */
export interface WantedFix {
  /** Index of its target. */
  readonly target: number;
  readonly cause: string;
}

interface AppProps {
  /** Of each target, in the order in which they were typed; at least one. */
  readonly targets: readonly [Snapshot, ...Snapshot[]];
  /** Since the newest snapshot. */
  readonly sinceMs?: number;
  readonly columns: number;
  readonly rows: number;
  readonly theme: Theme;
  /** Draws with what every font has. */
  readonly ascii?: boolean;
  readonly tools?: Tools;
  /** Keys of continuous mode; absent: there is none. */
  readonly onWatchKey?: ((key: FilmKey | WatchKey) => void) | undefined;
  /** The user has agreed to it; absent: nothing can be tried here. */
  readonly onFix?: ((wanted: WantedFix) => void) | undefined;
  /** Null when the screen takes no keys. */
  readonly onQuit: ((how: "quit" | "interrupt") => void) | null;
}

export function App({
  targets,
  sinceMs = 0,
  columns,
  rows,
  theme,
  ascii = false,
  tools = NO_TOOLS,
  onWatchKey,
  onFix,
  onQuit,
}: AppProps) {
  const [state, setState] = useState(() => beginning(targets));
  const snapshot = targets[state.target] ?? targets[0];
  const report = useReport(snapshot);
  // What the key before made of it, which may not be drawn yet.
  const now = useRef(state);
  const change = (next: ScreenState) => {
    now.current = next;
    setState(next);
  };
  const { finished } = snapshot;
  const [told, setTold] = useState<{ text: string | null; finished: boolean }>(SILENT);
  const setSaid = (text: string | null) => setTold({ text, finished });
  // What was said of a run that went on is not true of one that has ended.
  const said = told.finished === finished ? told.text : null;
  const { isRawModeSupported } = useStdin();
  const keys = isRawModeSupported && onQuit !== null;
  const nowMs = snapshot.elapsedMs + (snapshot.finished ? 0 : sinceMs);
  const input = { snapshot, targets, report, nowMs, columns, rows, keys };
  const askFix = async () => {
    if (onFix === undefined) return setSaid(UNAVAILABLE);
    // What is to be measured again must be over, of every target.
    if (report === null || !targets.every(({ finished }) => finished)) return setSaid(NO_REPORT);
    const plan = await tools.planFix(report);
    if (typeof plan === "string") setSaid(plan);
    else change({ ...now.current, asked: plan, offset: null, selected: null });
  };
  const answer = (typed: string, { asked, target }: ScreenState) => {
    change({ ...now.current, asked: null });
    if (typed === "y" && asked !== null) onFix?.({ target, cause: asked.cause });
  };
  const use = async (tool: Tool) => {
    if (tool === "fix") return askFix();
    const commands = snapshot.diagnosis.findings[0]?.fixes[0]?.commands ?? [];
    if (tool === "copy") {
      setSaid(commands.length === 0 ? NO_FIX : await tools.copy(commands.join("\n")));
    } else setSaid(report === null ? NO_REPORT : await tools.write(report));
  };
  const steer = (key: FilmKey | WatchKey) => {
    if (snapshot.watch === undefined && snapshot.film === undefined) setSaid(NOT_YET);
    else onWatchKey?.(key);
  };
  const press = (typed: string, key: Pressed) => {
    setSaid(null);
    const action = actionOf(typed, key);
    if (action === "interrupt") return onQuit?.(action);
    const before = now.current;
    if (before.asked !== null) return answer(typed, before);
    if (before.typing) {
      const { return: isEnd = false, escape: isGivenUp = false } = key;
      const isErasing = key.backspace === true || key.delete === true;
      const one = { input: typed, isEnd, isErasing, isGivenUp };
      return change(typedInto(before, one, layOut(input, before)));
    }
    if (action === "quit") return onQuit?.(action);
    const watchKey = watchKeyOf(action);
    if (watchKey !== null) return steer(watchKey);
    if (isTool(action)) return void use(action);
    change(pressed(action, before, layOut(input, before)));
  };
  useInput(
    (typed, key) => {
      for (const one of pressesIn(typed, key)) press(one.input, one.key);
    },
    { isActive: keys },
  );
  const { lines } = layOut(input, state);
  const shown =
    said === null ? lines : [...lines.slice(0, -1), cut(line(` ${said}`, "strong"), columns)];
  return <Lines lines={ascii ? shown.map(asciiOf) : shown} theme={theme} />;
}

type Tool = "copy" | "fix" | "write";
const TOOL_ACTIONS: readonly unknown[] = ["copy", "fix", "write"] satisfies Tool[];

function isTool(action: Action | null): action is Tool {
  return TOOL_ACTIONS.includes(action);
}

const SILENT = { text: null, finished: false };
const NOT_YET = "rounds begin after the verdict";
const NO_FIX = "there is no fix to copy";
const NO_REPORT = "the report is there when the run has ended";
const UNAVAILABLE = "not possible here";
const NO_TOOLS: Tools = {
  copy: async () => UNAVAILABLE,
  write: async () => UNAVAILABLE,
  planFix: async () => UNAVAILABLE,
};

// Shows a run live on a terminal until it ends or the user has seen enough.

import { render, Text, useApp, useInput, useStdin } from "ink";
import { useEffect, useState } from "react";
import type { Theme } from "../src/commands/themes.ts";
import type { Snapshot } from "../src/model/snapshot.ts";
import { BEGINNING } from "../src/report/words/finding.ts";
import type { FilmKey, WatchKey } from "../src/watch/controls.ts";
import { App, type Tools, type WantedFix } from "./App.tsx";
import { openScreen, type Screen } from "./alternate-screen.ts";
import { actionOf } from "./keys.ts";
import { useSince, useSnapshot } from "./use-snapshot.ts";
import { useGone, useTerminalSize } from "./use-terminal.ts";

export interface ShowOptions {
  readonly stdout: NodeJS.WriteStream;
  readonly stdin: NodeJS.ReadStream;
  readonly theme: Theme;
  /** Draws with what every font has. */
  readonly ascii: boolean;
  readonly tools: Tools;
  /** Keys of continuous mode; absent: there is none. */
  readonly onWatchKey?: (key: FilmKey | WatchKey) => void;
  /** A fix that the user has agreed to, when the screen has been left for it; absent: none can be tried. */
  readonly onFix?: (wanted: WantedFix) => void;
  /** Whether the screen waits for `q` when the run has ended. */
  readonly stayOpen: boolean;
  /** Ends the screen, as when its terminal is gone. */
  readonly signal: AbortSignal;
}

/** How the screen was left: `q` before the run ended, Ctrl-C at any time, or by the end itself. */
export type Leaving = "finished" | "quit" | "interrupted";

/**
 * Draws every snapshot on the terminal's second screen; the first one is as it was when this settles. When the user
 * leaves early the caller aborts the run. Rejects with what the run threw.
 */
export async function showSnapshots(
  snapshots: AsyncIterable<readonly Snapshot[]>,
  options: ShowOptions,
): Promise<Leaving> {
  let outcome: Leaving = "finished";
  const { stdin } = options;
  const leave = (how: Leaving) => {
    outcome = how;
  };
  const screen = openScreen(options.stdout);
  try {
    const live = <Live snapshots={snapshots} options={options} screen={screen} onLeave={leave} />;
    // Ctrl-C is a key like q: Ink's own handling would not notify the caller.
    const drawn = render(live, {
      stdout: screen.stdout,
      stdin,
      exitOnCtrlC: false,
      patchConsole: false,
    });
    await drawn.waitUntilExit();
  } finally {
    screen.close();
  }
  return outcome;
}

interface LiveProps {
  readonly snapshots: AsyncIterable<readonly Snapshot[]>;
  readonly options: ShowOptions;
  readonly screen: Screen;
  readonly onLeave: (how: Leaving) => void;
}

function Live({ snapshots, options, screen, onLeave }: LiveProps) {
  const { exit } = useApp();
  const { targets, ended, failure } = useSnapshot(snapshots);
  const [left, setLeft] = useState(false);
  const size = useTerminalSize(screen);
  const sinceMs = useSince(targets);
  const gone = useGone(options);
  const closing = failure !== null || left || gone || (ended && !options.stayOpen);
  // An effect, so that the closing frame is on the screen before Ink lets go of it.
  useEffect(() => {
    if (failure !== null) {
      exit(asError(failure.error));
    } else if (closing) {
      exit();
    }
  }, [closing, failure, exit]);
  const quit = (how: "quit" | "interrupt") => {
    if (how === "interrupt") onLeave("interrupted");
    else if (!ended && targets?.every(({ finished }) => finished) !== true) onLeave("quit");
    setLeft(true);
  };
  const { onFix } = options;
  const tryFix = (wanted: WantedFix) => {
    onFix?.(wanted);
    setLeft(true);
  };
  // Between two sizes: Ink draws nothing that is the same as before.
  if (size === null) return null;
  if (targets === null) {
    return <Waiting onQuit={quit} />;
  }
  return (
    <App
      targets={targets}
      tools={options.tools}
      onWatchKey={options.onWatchKey}
      onFix={onFix === undefined ? undefined : tryFix}
      sinceMs={sinceMs}
      columns={size.columns}
      rows={size.rows}
      theme={options.theme}
      ascii={options.ascii}
      onQuit={closing ? null : quit}
    />
  );
}

/** Before the first snapshot: the keys that quit already work. */
function Waiting({ onQuit }: { readonly onQuit: (how: "quit" | "interrupt") => void }) {
  const { isRawModeSupported } = useStdin();
  useInput(
    (input, key) => {
      const action = actionOf(input, key);
      if (action === "quit" || action === "interrupt") onQuit(action);
    },
    { isActive: isRawModeSupported },
  );
  return <Text>{BEGINNING}</Text>;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

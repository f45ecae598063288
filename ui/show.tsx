// Shows a run live on a terminal until it ends or the user has seen enough.

import { render, Text, useApp, useInput, useStdin, useStdout } from "ink";
import { useEffect, useState } from "react";
import type { Snapshot } from "../src/model/snapshot.ts";
import { BEGINNING } from "../src/report/words/finding.ts";
import { App } from "./App.tsx";
import { actionOf } from "./keys.ts";
import { useSnapshot } from "./use-snapshot.ts";

export interface ShowOptions {
  readonly stdout: NodeJS.WriteStream;
  readonly stdin: NodeJS.ReadStream;
  /** Width to draw for; the terminal's own when left out. */
  readonly columns?: number;
  readonly colour: boolean;
  /** Whether the screen waits for `q` when the run has ended. */
  readonly stayOpen: boolean;
}

/** How the screen was left: `q` before the run ended, Ctrl-C at any time, or by the end itself. */
export type Leaving = "finished" | "quit" | "interrupted";

/** Draws every snapshot; when the user leaves early the caller aborts the run. Rejects with what the run threw. */
export async function showSnapshots(
  snapshots: AsyncIterable<Snapshot>,
  options: ShowOptions,
): Promise<Leaving> {
  let outcome: Leaving = "finished";
  const { stdout, stdin } = options;
  const leave = (how: Leaving) => {
    outcome = how;
  };
  const live = <Live snapshots={snapshots} options={options} onLeave={leave} />;
  // Ctrl-C is a key like q: Ink's own handling would not notify the caller.
  const screen = render(live, { stdout, stdin, exitOnCtrlC: false, patchConsole: false });
  await screen.waitUntilExit();
  return outcome;
}

interface LiveProps {
  readonly snapshots: AsyncIterable<Snapshot>;
  readonly options: ShowOptions;
  readonly onLeave: (how: Leaving) => void;
}

function Live({ snapshots, options, onLeave }: LiveProps) {
  const { exit } = useApp();
  const { snapshot, ended, failure } = useSnapshot(snapshots);
  const [left, setLeft] = useState(false);
  const size = useTerminalSize();
  const closing = failure !== null || left || (ended && !options.stayOpen);
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
    else if (!ended && snapshot?.finished !== true) onLeave("quit");
    setLeft(true);
  };
  if (snapshot === null) {
    return <Waiting onQuit={quit} />;
  }
  return (
    <>
      <App
        snapshot={snapshot}
        columns={options.columns ?? size.columns}
        // What stays behind in the scrollback is the whole frame, however tall.
        rows={closing ? null : size.rows}
        colour={options.colour}
        onQuit={closing ? null : quit}
      />
      {/* Ink ends a frame taller than the screen without a newline. */}
      {closing ? <Text> </Text> : null}
    </>
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

// The width of terminals that cannot be queried; every report fits it.
const DEFAULT_COLUMNS = 80;

interface TerminalSize {
  readonly columns: number;
  readonly rows: number | null;
}

function useTerminalSize(): TerminalSize {
  const { stdout } = useStdout();
  const [size, setSize] = useState(() => sizeOf(stdout));
  useEffect(() => {
    const update = () => setSize(sizeOf(stdout));
    stdout.on("resize", update);
    return () => {
      stdout.off("resize", update);
    };
  }, [stdout]);
  return size;
}

// A terminal that does not know its size reports 0 or nothing.
function sizeOf({ columns, rows }: NodeJS.WriteStream): TerminalSize {
  return { columns: columns || DEFAULT_COLUMNS, rows: rows || null };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

// Shows what goes on and is no run of probes, such as drops, on the terminal's second screen, until it ends or is left.

import { render, Text, useApp, useInput, useStdin } from "ink";
import { useEffect, useState } from "react";
import type { Theme } from "../src/commands/themes.ts";
import { BEGINNING } from "../src/report/words/finding.ts";
import { type FrameSize, openScreen, type Screen } from "./alternate-screen.ts";
import { asciiOf } from "./ascii.ts";
import { actionOf } from "./keys.ts";
import { Lines } from "./Lines.tsx";
import { cut, type Line } from "./lines.ts";
import type { Leaving } from "./show.tsx";
import { useGone, useTerminalSize } from "./use-terminal.ts";

export { dropsLines } from "./drops-lines.ts";
export { labLines } from "./lab-lines.ts";

interface LinesOptions<T> {
  readonly stdout: NodeJS.WriteStream;
  readonly stdin: NodeJS.ReadStream;
  readonly theme: Theme;
  readonly ascii: boolean;
  readonly signal: AbortSignal;
  /** At most so many lines as there are rows but one. */
  readonly draw: (value: T, size: FrameSize) => readonly Line[];
}

/** Draws the newest value; the first screen is as it was when this settles. */
export async function showLines<T>(
  values: AsyncIterable<T>,
  options: LinesOptions<T>,
): Promise<Leaving> {
  let outcome: Leaving = "finished";
  const screen = openScreen(options.stdout);
  const leave = (how: Leaving) => {
    outcome = how;
  };
  try {
    const live = <Live values={values} options={options} screen={screen} onLeave={leave} />;
    const drawn = render(live, {
      stdout: screen.stdout,
      stdin: options.stdin,
      exitOnCtrlC: false,
      patchConsole: false,
    });
    await drawn.waitUntilExit();
  } finally {
    screen.close();
    await letGo(options.stdin);
  }
  return outcome;
}

/**
 * Nothing reads the terminal any more: a program that is started next gets every key. Ink leaves a read begun, which
 * only the "pause" of a stream that flows ends.
 */
async function letGo(stdin: NodeJS.ReadStream): Promise<void> {
  // A stream notices a turn later that its listeners are gone.
  await new Promise(setImmediate);
  stdin.resume();
  stdin.pause();
}

interface LiveProps<T> {
  readonly values: AsyncIterable<T>;
  readonly options: LinesOptions<T>;
  readonly screen: Screen;
  readonly onLeave: (how: Leaving) => void;
}

function Live<T>({ values, options, screen, onLeave }: LiveProps<T>) {
  const { exit } = useApp();
  const { isRawModeSupported } = useStdin();
  const size = useTerminalSize(screen);
  const sinceMs = useSinceOpened();
  const { newest, ended } = useNewest(values);
  const [left, setLeft] = useState(false);
  const gone = useGone(options);
  const closing = ended || left || gone;
  useEffect(() => {
    if (closing) exit();
  }, [closing, exit]);
  useInput(
    (input, key) => {
      const action = actionOf(input, key);
      if (action !== "quit" && action !== "interrupt") return;
      onLeave(action === "quit" ? "quit" : "interrupted");
      setLeft(true);
    },
    { isActive: isRawModeSupported && !closing },
  );
  if (size === null) return null;
  if (newest === null) return <Text>{BEGINNING}</Text>;
  const lines = options
    .draw(newest.value, { ...size, sinceMs, keys: isRawModeSupported })
    .slice(0, size.rows - 1)
    .map((one) => cut(one, size.columns));
  return <Lines lines={options.ascii ? lines.map(asciiOf) : lines} theme={options.theme} />;
}

function useNewest<T>(values: AsyncIterable<T>) {
  const [newest, setNewest] = useState<{ readonly value: T } | null>(null);
  const [ended, setEnded] = useState(false);
  useEffect(() => {
    let gone = false;
    const follow = async () => {
      for await (const value of values) {
        if (gone) return;
        setNewest({ value });
      }
    };
    // What failed is thrown where it was begun.
    follow()
      .catch(() => undefined)
      .finally(() => setEnded(true));
    return () => {
      gone = true;
    };
  }, [values]);
  return { newest, ended };
}

const TICK_MS = 250;

function useSinceOpened(): number {
  const [since, setSince] = useState(0);
  useEffect(() => {
    const begun = performance.now();
    const timer = setInterval(() => setSince(performance.now() - begun), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return since;
}

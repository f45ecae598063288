// What a screen knows of its terminal: its size, and whether it is still there.

import { useEffect, useState } from "react";
import type { Screen, TerminalSize } from "./alternate-screen.ts";

/** Null for one frame after each change: Ink draws nothing that is the same as before. */
export function useTerminalSize(screen: Screen): TerminalSize | null {
  const [size, setSize] = useState<TerminalSize | null>(null);
  useEffect(() => screen.onResize(() => setSize(null)), [screen]);
  useEffect(() => {
    if (size === null) setSize(screen.size());
  }, [size, screen]);
  return size;
}

interface Ends {
  readonly stdin: NodeJS.ReadStream;
  readonly signal: AbortSignal;
}

/** Whether the run was ended from outside, or nobody can press a key any more. */
export function useGone({ signal, stdin }: Ends): boolean {
  const [gone, setGone] = useState(signal.aborted);
  useEffect(() => {
    const update = () => setGone(true);
    if (signal.aborted) update();
    signal.addEventListener("abort", update);
    for (const end of ENDS) stdin.on(end, update);
    return () => {
      signal.removeEventListener("abort", update);
      for (const end of ENDS) stdin.off(end, update);
    };
  }, [signal, stdin]);
  return gone;
}

/** What a terminal's input says when its terminal is gone. */
const ENDS = ["end", "close", "error"] as const;

// A real terminal: one window of a tmux server of the test's own, whose screen and scroll-back can be read.

import { execa } from "execa";
import { vi } from "vitest";

/** A busy machine is no failure. */
const PATIENT = { timeout: 60_000, interval: 100 };

export interface Terminal {
  /** Types a line and Enter. */
  type(line: string): Promise<void>;
  /** One key, named as in tmux(1). */
  press(key: string): Promise<void>;
  resize(columns: number, rows: number): Promise<void>;
  /** The lines on the screen. */
  screen(): Promise<readonly string[]>;
  /** The scroll-back and the screen behind it. */
  everything(): Promise<readonly string[]>;
  /** Until the screen shows the text, and none of the others: a busy machine shows an old screen for a while. */
  shows(text: string | RegExp, ...gone: readonly string[]): Promise<void>;
  /** Until the screen no longer shows the text. */
  hides(text: string): Promise<void>;
  close(): Promise<void>;
}

export const noTmux = (await execa("tmux", ["-V"], { reject: false })).failed;

/** A shell in a window of that size. */
export async function openTerminal(columns: number, rows: number): Promise<Terminal> {
  const socket = `wsl-trace-test-${process.pid}-${performance.now()}`;
  const tmux = async (...args: readonly string[]) => {
    const { stdout } = await execa("tmux", ["-L", socket, ...args], { env: { CI: undefined } });
    return stdout;
  };
  const size = (x: number, y: number) => ["-x", `${x}`, "-y", `${y}`];
  const shell = "env -u CI PS1='$ ' sh";
  await tmux("-f", "/dev/null", "new-session", "-d", ...size(columns, rows), shell);
  await tmux("set", "-g", "history-limit", "10000");
  const screen = async () => (await tmux("capture-pane", "-p")).split("\n");
  return {
    type: async (line) => {
      await tmux("send-keys", line, "Enter");
    },
    press: async (key) => {
      await tmux("send-keys", key);
    },
    resize: async (x, y) => {
      await tmux("resize-window", ...size(x, y));
    },
    screen,
    everything: async () => (await tmux("capture-pane", "-p", "-S", "-")).split("\n"),
    shows: async (text, ...gone) => {
      await vi.waitFor(async () => {
        const shown = (await screen()).join("\n");
        const isThere = typeof text === "string" ? shown.includes(text) : text.test(shown);
        if (!isThere) throw new Error(`no ${text}:\n${shown}`);
        const still = gone.find((one) => shown.includes(one));
        if (still !== undefined) throw new Error(`still ${still}:\n${shown}`);
      }, PATIENT);
    },
    hides: async (text) => {
      await vi.waitFor(async () => {
        const lines = await screen();
        if (lines.join("\n").includes(text)) throw new Error(`still ${text}:\n${lines.join("\n")}`);
      }, PATIENT);
    },
    close: async () => {
      await tmux("kill-server").catch(() => undefined);
    },
  };
}

// The live screen: when it ends, what it answers, and what it leaves behind.

import { setImmediate } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { showSnapshots } from "../../ui/show.tsx";
import { blackhole, empty, running } from "./sample-snapshots.ts";
import { createTerminal, type Terminal } from "./terminal.ts";

/** A busy machine is no failure. */
const PATIENT = { timeout: 30_000 };
const never = new Promise<never>(() => {});

async function* finished(): AsyncGenerator<Snapshot> {
  yield empty;
  yield running;
  yield blackhole;
}

async function* endless(): AsyncGenerator<Snapshot> {
  yield running;
  await never;
}

const TOOLS = {
  copy: async () => "copied",
  write: async () => "written",
  planFix: async () => "no fix",
};

async function* alone(snapshots: AsyncIterable<Snapshot>): AsyncGenerator<readonly Snapshot[]> {
  for await (const snapshot of snapshots) yield [snapshot];
}

function show(snapshots: AsyncIterable<Snapshot>, terminal: Terminal, stayOpen = false) {
  const { stdout, stdin } = terminal;
  const { signal } = new AbortController();
  return showSnapshots(alone(snapshots), {
    stdout,
    stdin,
    theme: "none",
    ascii: false,
    tools: TOOLS,
    stayOpen,
    signal,
  });
}

// More turns of the event loop than React and Ink take to draw a snapshot and to read keys on it.
const TURNS = 20;

async function drawn(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn += 1) {
    await setImmediate();
  }
}

/** Presses until the screen listens: Ink takes keys only after its first frame. */
async function pressUntil(terminal: Terminal, key: string, settled: Promise<unknown>) {
  let open = true;
  const close = () => {
    open = false;
  };
  settled.then(close, close);
  await vi.waitFor(() => {
    if (open) {
      terminal.press(key);
    }
    expect(open).toBe(false);
  }, PATIENT);
}

describe("the live screen", () => {
  it("ends with the run and leaves its last snapshot, without keys", async () => {
    const terminal = createTerminal();
    await expect(show(finished(), terminal)).resolves.toBe("finished");
    const last = terminal.written().split("wsl-trace github.com").at(-1);
    expect(last).toContain("$ sudo ip link set dev eth0 mtu 1400");
    expect(last).not.toContain("q quit");
  });

  it.each([
    ["q", "q", "quit"],
    ["Ctrl-C", "\u0003", "interrupted"],
  ])("reports how it was left when %s comes before the end", async (_, key, how) => {
    const terminal = createTerminal();
    const outcome = show(endless(), terminal);
    await pressUntil(terminal, key, outcome);
    await expect(outcome).resolves.toBe(how);
  });

  it("stays open after the run when an option asks for it, and then q is no abort", async () => {
    const terminal = createTerminal();
    let ended = false;
    async function* watched(): AsyncGenerator<Snapshot> {
      yield* finished();
      await drawn();
      ended = true;
    }
    const outcome = show(watched(), terminal, true);
    await vi.waitFor(() => expect(ended).toBe(true), PATIENT);
    await expect(Promise.race([outcome, Promise.resolve("open")])).resolves.toBe("open");
    await pressUntil(terminal, "q", outcome);
    await expect(outcome).resolves.toBe("finished");
  });

  it("rejects with what the run threw", async () => {
    async function* failing(): AsyncGenerator<Snapshot> {
      yield running;
      throw new TypeError("the recording is cut");
    }
    await expect(show(failing(), createTerminal())).rejects.toThrow("the recording is cut");
  });

  it("ends with a run that had nothing to show", async () => {
    async function* nothing(): AsyncGenerator<Snapshot> {}
    await expect(show(nothing(), createTerminal())).resolves.toBe("finished");
  });
});

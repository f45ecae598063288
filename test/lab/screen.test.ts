// The built command line's screen in a real terminal: what it leaves there, and what happens when that goes away.

import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { noTmux, openTerminal, type Terminal } from "./harness/tmux.ts";
import { createFolder } from "./independent/tool.ts";

beforeEach(({ skip }) => skip(noTmux, "there is no tmux, which npm test installs as root"));

const CLI = path.resolve(import.meta.dirname, "../../dist/cli.js");
/** Discard (RFC 863), which nobody serves any more: refused, and the run is short. */
const TRACE = `node ${CLI} path 127.0.0.1 --port 9`;
const LINES = 300;
const NUMBERS = Array.from({ length: LINES }, (_, index) => `${index + 1}`);
const PATIENT = { timeout: 60_000 };

const folder = createFolder();
let terminal: Terminal | undefined;

afterEach(async () => {
  await terminal?.close();
  terminal = undefined;
});
afterAll(() => folder.remove());

async function open(): Promise<Terminal> {
  terminal = await openTerminal(200, 50);
  return terminal;
}

const numbersIn = (lines: readonly string[]) => lines.filter((line) => /^\d+$/.test(line));
const count = (lines: readonly string[], text: string) =>
  lines.filter((line) => line.includes(text)).length;

describe("a terminal", () => {
  it("has its scroll-back and the whole report after q, whatever its size was meanwhile", async () => {
    const { type, press, resize, screen, shows, everything } = await open();
    await type(`seq ${LINES}; ${TRACE}; echo exit $?`);
    await shows("q quit");
    await resize(60, 20);
    await vi.waitFor(async () => {
      const lines = await screen();
      expect(lines[0]).toContain("wsl-trace");
      expect(lines.slice(0, 19).join("\n")).toContain("q quit");
      expect(lines[19]).toBe("");
    }, PATIENT);
    await resize(200, 50);
    await shows("finished");
    await press("q");
    await shows("exit 1");
    const lines = await everything();
    expect(numbersIn(lines)).toEqual(NUMBERS);
    expect(count(lines, "q quit")).toBe(0);
    for (const title of ["wsl-trace: fault", "Stages", "Findings", "verdict: fault"]) {
      expect(count(lines, title), title).toBe(1);
    }
  });

  it("whose environment has DEV and CI shows the run all the same", async () => {
    const { type, press, shows } = await open();
    await type(`DEV=true CI=true ${TRACE}; echo exit $?`);
    await shows("finished");
    await press("C-c");
    await shows("exit 130");
  });

  it.each(["while it runs", "when it waits for q"])(
    "that goes away %s ends the run with 129 and a whole recording",
    async (when) => {
      const { type, shows, close } = await open();
      const file = (name: string) => path.join(folder.path, `${name} ${when}`.replaceAll(" ", "-"));
      await type(`sh -c 'trap : HUP; ${TRACE} --record ${file("run")}; echo $? > ${file("code")}'`);
      await shows(when === "while it runs" ? "connect" : "finished");
      await close();
      await vi.waitFor(() => expect(existsSync(file("code"))).toBe(true), PATIENT);
      await vi.waitFor(() => expect(readFileSync(file("code"), "utf8")).toBe("129\n"), PATIENT);
      const lines = readFileSync(file("run"), "utf8").trimEnd().split("\n");
      // Rounds go on after the verdict, so that what was watched may stand behind its end.
      const kinds = lines.map((line) => JSON.parse(line).kind).filter((kind) => kind !== "watched");
      expect(kinds.at(-1)).toBe("run-ended");
    },
  );
});

// Signals that end a run early: what waits is told, and the exit code is the signal's.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";

/** A process of its own that listens, waits for its end, and says why it came. */
const LISTENING = `
import { listenForEnd } from "./src/wiring/signals.ts";
const ending = listenForEnd(process);
const rest = setInterval(() => undefined, 1000);
ending.signal.addEventListener("abort", () => {
  clearInterval(rest);
  process.stdout.write(ending.signal.reason.message);
  process.exitCode = ending.code();
});
process.stdout.write("ready ");
`;

test.each([
  ["SIGHUP", 129],
  ["SIGINT", 130],
  ["SIGQUIT", 131],
  ["SIGTERM", 143],
] as const)("%s ends what waits, with exit code %i", async (signal, code) => {
  const args = ["--import", "tsx", "--input-type=module", "--eval", LISTENING];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => {
    said += chunk.toString();
    if (said === "ready ") child.kill(signal);
  });
  const [exitCode] = await once(child, "close");
  expect([said, exitCode]).toEqual([`ready ${signal}`, code]);
});

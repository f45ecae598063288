// The lab's powershell.exe: answers helper.ps1's questions by real pings, connections and questions from the host's
// namespace, and prints the lab's snapshot to whoever sends the collector instead.
// node lab-windows.js SETTINGS SNAPSHOT; what PowerShell would be given stands behind and is not looked at.

import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import type { HelperAnswer, HelperQuestion } from "../../../windows/helper-protocol.ts";
import { messageOf } from "../error.ts";
import { answerAsWindows, type WindowsPort, type WindowsSettings } from "./lab-windows-probes.ts";

type Marked = HelperQuestion & { readonly token: string };
type Line = Marked & { readonly questions?: readonly Marked[]; readonly script?: string };

/** Answers what comes on standard input, and ends the process with it. */
export async function runWindows(port: WindowsPort): Promise<never> {
  const [settingsFile = "", snapshotFile = ""] = process.argv.slice(2);
  const settings: WindowsSettings = JSON.parse(await readFile(settingsFile, "utf8"));
  let asked = 0;
  for await (const line of createInterface({ input: process.stdin })) {
    for (const question of questionsIn(line)) {
      asked += 1;
      void answer(question, settings, port);
    }
  }
  if (asked === 0) process.stdout.write(await readFile(snapshotFile, "utf8"));
  // Nothing is left to receive what is still in flight.
  process.exit(0);
}

/** The script comes first, and is not looked at. Lines of the collector are no JSON. */
function questionsIn(line: string): readonly Marked[] {
  try {
    const reported: Line = JSON.parse(line);
    if (reported.script !== undefined) return [];
    return reported.questions ?? [reported];
  } catch {
    return [];
  }
}

async function answer(
  question: Marked,
  settings: WindowsSettings,
  port: WindowsPort,
): Promise<void> {
  const began = performance.now();
  const reported = await answerAsWindows(question, settings, port).catch(
    (error: unknown): Partial<HelperAnswer> => ({ ok: false, error: messageOf(error) }),
  );
  const ms = Math.round(performance.now() - began);
  const whole = { token: question.token, ok: true, ms, error: null, code: null, ...reported };
  process.stdout.write(`${JSON.stringify(whole)}\n`);
}

// The lab's powershell.exe: answers helper.ps1's questions by real pings, connections and questions from the host's
// namespace, and prints the lab's snapshot to whoever sends the collector instead.
// node lab-windows.js SETTINGS SNAPSHOT; what PowerShell would be given stands behind and is not looked at.

import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { messageOf } from "../../src/errors.ts";
import type { HelperAnswer, HelperQuestion } from "../windows/helper-protocol.ts";
import { answerAsWindows, type WindowsSettings } from "./lab-windows-probes.ts";

const [settingsFile = "", snapshotFile = ""] = process.argv.slice(2);
const settings: WindowsSettings = JSON.parse(await readFile(settingsFile, "utf8"));

type Marked = HelperQuestion & { readonly token: string };

let asked = 0;
const pending: Promise<void>[] = [];
for await (const line of createInterface({ input: process.stdin })) {
  for (const question of questionsIn(line)) {
    asked += 1;
    pending.push(answer(question));
  }
}
if (asked === 0) process.stdout.write(await readFile(snapshotFile, "utf8"));
// Nothing is left to receive what is still in flight.
process.exit(0);

/** Lines of the collector are no JSON. */
function questionsIn(line: string): readonly Marked[] {
  try {
    const reported: Marked & { readonly questions?: readonly Marked[] } = JSON.parse(line);
    return reported.questions ?? [reported];
  } catch {
    return [];
  }
}

async function answer(question: Marked): Promise<void> {
  const began = performance.now();
  const reported = await answerAsWindows(question, settings).catch(
    (error: unknown): Partial<HelperAnswer> => ({ ok: false, error: messageOf(error) }),
  );
  const ms = Math.round(performance.now() - began);
  const whole = { token: question.token, ok: true, ms, error: null, code: null, ...reported };
  process.stdout.write(`${JSON.stringify(whole)}\n`);
}

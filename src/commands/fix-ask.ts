// Whether a change may be made: --yes, or the user's own answer.

import { EXIT, TraceError } from "../errors.ts";
import type { FixDeps, FixRequest } from "./fix-port.ts";

/** Whether the user wants it. @throws TraceError where there is nobody to ask */
export async function mayGoOn(
  { yes }: Pick<FixRequest, "yes">,
  { ask }: Pick<FixDeps, "ask">,
  question: string,
): Promise<boolean> {
  if (yes) return true;
  if (ask !== null) return ask(question);
  throw new TraceError("fix-ask", "there is no terminal to ask on: give --yes", {
    exitCode: EXIT.usage,
  });
}

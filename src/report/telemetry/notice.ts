// The one line about what was sent to a collector.

import { printable } from "../escape.ts";

export interface Sent {
  readonly endpoint: string;
  /** The variable that asked for it; null: --otlp did. */
  readonly variable: string | null;
  /** Why it did not arrive, or not all of it. */
  readonly problems: readonly string[];
  /** The recording that can be sent later. */
  readonly later: string | null;
}

/** Null where there is nothing to say: what was asked for by an option was done. */
export function sendNotice({ endpoint, variable, problems, later }: Sent): string | null {
  if (problems.length > 0) {
    const again = later === null ? "" : `; later: wsl-trace replay ${later}, with the same --otlp`;
    return printable(`not sent to ${endpoint}: ${problems.join("; ")}${again}`);
  }
  // Who set the variable for another program should know.
  return variable === null ? null : printable(`sent to ${endpoint}, as ${variable} asks for`);
}

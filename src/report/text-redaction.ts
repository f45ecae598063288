// What a text report says of its redaction.

import type { Report } from "../schema/report.ts";
import { hanging } from "./text-layout.ts";

/** Empty where nobody asked: on the terminal. */
export function redactionLines({ redaction }: Report): string[] {
  if (redaction === undefined) return [];
  if (!redaction.applied) return ["not redacted: real names and addresses of this network"];
  const counts = redaction.replaced.map(
    ({ kind, values, times }) => `${kind} ${values} (${times}x)`,
  );
  return hanging(
    "redacted: ",
    counts.length === 0 ? "nothing had to be" : `others stand for ${counts.join(", ")}`,
  );
}

// Which verdicts are wider than a cause: what the table of findings hides behind it.

import { type CauseId, FINDINGS, isCauseId } from "../../src/diagnosis/findings.ts";

/** Every cause that would have been hidden behind this one, and what would have been behind those. */
export function widerCauses(cause: string): readonly string[] {
  const found = new Set<string>();
  const left = isCauseId(cause) ? [cause] : [];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    for (const id of causesBehind(next)) {
      if (found.has(id)) continue;
      found.add(id);
      left.push(id);
    }
  }
  return [...found];
}

function causesBehind(cause: CauseId): readonly CauseId[] {
  return Object.keys(FINDINGS).flatMap((id) =>
    isCauseId(id) && FINDINGS[id].dependsOn.includes(cause) ? [id] : [],
  );
}

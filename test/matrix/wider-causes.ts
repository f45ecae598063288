// Which verdicts are wider than a cause: what the list of causes hides behind it.

import { CAUSES } from "../../src/diagnosis/causes/list.ts";

/** Every cause that would have been hidden behind this one, and what would have been behind those. */
export function widerCauses(cause: string): readonly string[] {
  // With less evidence no special cause may be left to name.
  const found = new Set<string>(LAST_RESORTS);
  const left = [cause];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    for (const id of causesBehind(next)) {
      if (found.has(id)) continue;
      found.add(id);
      left.push(id);
    }
  }
  return [...found];
}

const LAST_RESORTS = CAUSES.filter(({ lastResort }) => lastResort === true).map(({ id }) => id);

function causesBehind(cause: string): readonly string[] {
  return CAUSES.flatMap(({ id, dependsOn }) =>
    dependsOn.some((other) => other === cause) ? [id] : [],
  );
}

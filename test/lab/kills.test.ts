// The short form of `npm run trust -- kills`: a run that is ended in the middle leaves nothing but its recording, which opens.

import { expect, it } from "vitest";
import type { As } from "../trust/kills/rows.ts";
import { killsOf } from "../trust/kills/world.ts";

/** One that has a helper and programs of eBPF, and one that has namespaces of a user's own. */
const CHOSEN: readonly { readonly name: string; readonly as: As }[] = [
  { name: "path", as: "sudo" },
  { name: "lab run", as: "user" },
];
const WAYS = ["SIGKILL", "terminal closed"];
/** Far longer than they take. */
const LIMIT_MS = 600_000;

it(
  "a run that is killed, or whose terminal is closed, leaves nothing",
  async () => {
    const kills = await killsOf(CHOSEN, WAYS, 1, {
      signal: AbortSignal.timeout(LIMIT_MS),
      tell: () => undefined,
    });
    expect(kills).toHaveLength(CHOSEN.length * WAYS.length);
    expect(kills.flatMap(({ wrong }) => wrong)).toEqual([]);
  },
  LIMIT_MS,
);

// The short form of `npm run trust -- kills`: a run that is ended in the middle leaves nothing but its recording, which opens.

import { expect, it } from "vitest";
import type { As } from "../trust/kills/rows.ts";
import { killsOf } from "../trust/kills/world.ts";

/** One that has a helper, programs and a capture; one that has namespaces of a user; one that changes settings. */
const CHOSEN: readonly (readonly [string, As, readonly string[]])[] = [
  ["path", "sudo", ["SIGKILL", "terminal closed"]],
  ["path --pcap", "root", ["SIGINT", "disk full"]],
  ["lab run", "user", ["SIGTERM"]],
  ["fix --apply", "root", ["SIGKILL"]],
];

it.each(CHOSEN)("%s as %s leaves nothing", async (name, as, ways) => {
  const told: string[] = [];
  const kills = await killsOf([{ name, as }], ways, 1, {
    signal: AbortSignal.timeout(LIMIT_MS),
    tell: (line) => told.push(line),
  });
  expect(kills).toHaveLength(ways.length);
  expect(kills.flatMap(({ wrong }) => wrong)).toEqual([]);
});

/** Far longer than any takes. */
const LIMIT_MS = 170_000;

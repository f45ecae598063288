// The table of what an end in the middle leaves behind: nothing, whatever ended it and whenever.

import PQueue from "p-queue";
import type { Part } from "../part.ts";
import { type As, ROWS } from "./rows.ts";
import { WAYS } from "./ways.ts";
import { type Kill, killsOf } from "./world.ts";

/** As many as the moments of a run that are told apart by hand: its start, names, connection, sizes, hops, verdict, report, end. */
const MOMENTS = 8;

interface Row {
  readonly name: string;
  readonly as: As;
  readonly kills: readonly Kill[];
}

export const KILLS: Part = {
  name: "kills",
  what: "runs that are ended in the middle",
  run: async ({ only, runs = MOMENTS, jobs, signal, tell }) => {
    const queue = new PQueue({ concurrency: jobs });
    const chosen = ROWS.flatMap(({ name, as }) => as.map((one) => ({ name, as: one }))).filter(
      ({ name, as }) => `${name} ${as}`.includes(only),
    );
    const ways = WAYS.map(({ name }) => name);
    const rows = await queue.addAll(
      chosen.map((row) => async (): Promise<Row> => {
        const kills = await killsOf(row, ways, runs, { signal, tell });
        return { ...row, kills };
      }),
    );
    return {
      table: [
        `| command | as | ${ways.join(" | ")} |`,
        `| --- | --- | ${ways.map(() => "---").join(" | ")} |`,
        ...rows.filter(({ kills }) => kills.length > 0).map((row) => lineOf(row, ways)),
      ],
      wrong: rows.flatMap(({ name, as, kills }) =>
        kills
          .filter(({ wrong }) => wrong.length > 0)
          .map(
            ({ way, share, wrong }) => `${name} as ${as}, ${way} at ${share}: ${wrong.join("; ")}`,
          ),
      ),
    };
  },
};

/** How many left nothing, of how many that were still at work. */
function lineOf({ name, as, kills }: Row, ways: readonly string[]): string {
  const cells = ways.map((way) => {
    const all = kills.filter((kill) => kill.way === way && !kill.tooLate);
    return `${all.filter(({ wrong }) => wrong.length === 0).length} of ${all.length}`;
  });
  return `| ${[`\`${name}\``, as, ...cells].join(" | ")} |`;
}

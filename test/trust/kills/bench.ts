// The table of what an end in the middle leaves behind: nothing, whatever ended it and whenever.

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
    const rows = ROWS.flatMap(({ name, as }) => as.map((one) => ({ name, as: one }))).filter(
      ({ name, as }) => `${name} as ${as}`.includes(only),
    );
    const ways = WAYS.map(({ name }) => name);
    const worlds = Array.from({ length: jobs }, (_, n) =>
      rows.filter((_row, at) => at % jobs === n),
    );
    const done = await Promise.all(worlds.map((own) => killsOf(own, ways, runs, { signal, tell })));
    const kills = done.flat();
    return {
      table: [
        `| command | as | ${ways.join(" | ")} |`,
        `| --- | --- | ${ways.map(() => "---").join(" | ")} |`,
        ...rows
          .map((row) => ({
            ...row,
            kills: kills.filter(({ name, as }) => name === row.name && as === row.as),
          }))
          .filter((row) => row.kills.length > 0)
          .map((row) => lineOf(row, ways)),
      ],
      wrong: kills
        .filter(({ wrong }) => wrong.length > 0)
        .map(
          ({ name, as, way, share, wrong }) =>
            `${name} as ${as}, ${way} at ${share}: ${wrong.join("; ")}`,
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

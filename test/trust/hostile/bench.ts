// The table of what hostile networks and servers change about a verdict: nothing, or it is left open.

import { SITE } from "../../lab/independent/chain.ts";
import { makeServerFiles } from "../../lab/independent/server.ts";
import { createFolder } from "../../lab/independent/tool.ts";
import type { Part } from "../part.ts";
import { type Attacked, attack, NAME } from "./attack.ts";
import { KINDS, type Kind } from "./kinds.ts";

const PACKETS = 20_000;
const RUNS = 1;
/** A flight of several kB. */
const NAMES = 90;

interface Row {
  readonly kind: Kind;
  readonly runs: readonly Attacked[];
}

export const HOSTILE: Part = {
  name: "hostile",
  what: "runs beside forged packets and hostile servers",
  run: async ({ only, runs = RUNS, signal, tell }) => {
    const folder = createFolder();
    const rows: Row[] = [];
    try {
      const addresses = [SITE[4], SITE[6]];
      const files = await makeServerFiles(folder, NAME, NAMES, addresses);
      for (const kind of KINDS.filter(({ name }) => name.includes(only))) {
        const done: Attacked[] = [];
        for (let n = 0; n < runs && !signal.aborted; n += 1) {
          done.push(await attack(kind, { folder, files, packets: PACKETS }));
        }
        rows.push({ kind, runs: done });
        tell(`${kind.name}: ${done.map(({ outcome, said }) => `${outcome} (${said})`).join("; ")}`);
      }
    } finally {
      folder.remove();
    }
    return {
      table: [
        "| kind | what | runs | right | inconclusive | wrong |",
        "| --- | --- | --- | --- | --- | --- |",
        ...rows.map(lineOf),
      ],
      wrong: rows.flatMap(({ kind, runs: all }) =>
        all.filter(({ outcome }) => outcome === "wrong").map(({ said }) => `${kind.name}: ${said}`),
      ),
    };
  },
};

function lineOf({ kind, runs }: Row): string {
  const count = (wanted: Attacked["outcome"]) =>
    runs.filter(({ outcome }) => outcome === wanted).length;
  const cells = [
    kind.name,
    kind.what,
    runs.length,
    count("right"),
    count("inconclusive"),
    count("wrong"),
  ];
  return `| ${cells.join(" | ")} |`;
}

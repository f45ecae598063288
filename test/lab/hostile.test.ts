// The short form of `npm run trust -- hostile`: forged packets and hostile servers change no verdict.

import { afterAll, beforeAll, expect, it } from "vitest";
import { attack, NAME } from "../trust/hostile/attack.ts";
import { KINDS } from "../trust/hostile/kinds.ts";
import { SITE } from "./independent/chain.ts";
import { makeServerFiles, type ServerFiles } from "./independent/server.ts";
import { createFolder } from "./independent/tool.ts";

const folder = createFolder();
const PACKETS = 2000;
const NAMES = 90;
let files: ServerFiles;

beforeAll(async () => {
  files = await makeServerFiles(folder, NAME, NAMES, [SITE[4], SITE[6]]);
});
afterAll(() => folder.remove());

/** One of each program, and what each must come to; the long form takes them all. */
const CHOSEN = [
  ["too-big-4", "right"],
  ["reset-6", "right"],
  ["http-status-split", "right"],
  ["https-garbage", "right"],
  ["dns-many-records", "right"],
  ["dns-wrong-id-first", "right"],
] as const;

it.each(CHOSEN)("%s is %s", async (name, outcome) => {
  const kind = KINDS.find((one) => one.name === name);
  if (kind === undefined) throw new Error(`no kind ${name}`);
  const done = await attack(kind, { folder, files, packets: PACKETS });
  expect(done.outcome, done.said).toBe(outcome);
});

// Bug reports that nothing else in the lab is like, each in its own network: `npm run cases` has the others too.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCase } from "../cases/case.ts";
import { CASES, siteFiles } from "../cases/list.ts";
import type { ServerFiles } from "./independent/server.ts";
import { createFolder } from "./independent/tool.ts";

const OWN = [
  "l2tp_less",
  "tailscale_twice",
  "mirrored_ports",
  "mirrored_half",
  "apipa",
  "none",
  "wide_mask",
];

const folder = createFolder();
let files: ServerFiles;

beforeAll(async () => {
  files = await siteFiles(folder);
});
afterAll(() => folder.remove());

describe.each(CASES.filter(({ name }) => OWN.includes(name)))("$name ($reports)", (one) => {
  it.each([
    { privilege: "none", snapshot: true },
    { privilege: "root", snapshot: false },
  ] as const)("is right as $privilege, with the snapshot: $snapshot", async (how) => {
    const { wrong } = await runCase(one, folder, files, how);
    expect(wrong).toEqual([]);
  });
});

// A replay prints and writes what the live run did, byte for byte: each face of each command that records, as root and as an ordinary user.

import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Net } from "./independent/net.ts";
import { createOffice, OFFICE } from "./independent/office.ts";
import { makeServerFiles, startServer } from "./independent/server.ts";
import { createFolder, runTool } from "./independent/tool.ts";

const BODY_BYTES = 4000;

/** What is printed, and beside it what is written: together each face, redacted and with real names, in both languages. */
const FACES = [
  { print: [], write: "md", language: [] },
  { print: ["--explain-run"], write: "html", language: [] },
  { print: ["--json"], write: "txt", language: [] },
  { print: ["--json", "--no-redact"], write: "json", language: [] },
  { print: ["--json", "--redact-target"], write: "json", language: [] },
  { print: [], write: "md", language: ["--lang", "zh"] },
  { print: [], write: "html", language: ["--lang", "zh"] },
  { print: [], write: "txt", language: ["--lang", "zh"] },
] as const;
/** Each costs a run: English ones, redacted and not, are enough for the second network and for root. */
const SOME = FACES.slice(0, 4);
const NETWORKS = [
  {
    network: "a silent tunnel",
    office: { tunnelMtu: 1400, farSilent: true },
    asUser: FACES,
    asRoot: SOME,
  },
  { network: "a healthy path", office: { tunnelMtu: 1500 }, asUser: SOME, asRoot: [] },
];
const TARGET = `${OFFICE.site4}:443`;
type Privilege = "none" | "root";

const folder = createFolder();
afterAll(() => folder.remove());
let runs = 0;

describe.each(NETWORKS)("behind $network", ({ office, asUser, asRoot }) => {
  let net: Net;
  beforeAll(async () => {
    net = await createOffice(office);
    await startServer(net, await makeServerFiles(folder, "site", 3), BODY_BYTES);
  });
  afterAll(() => net.remove());

  async function tool(args: readonly string[], privilege: Privilege = "none") {
    const { stdout, stderr } = await runTool(net, "guest", args, { privilege });
    expect(stderr).not.toMatch(/error|cannot/i);
    return stdout;
  }
  const text = (file: string) => readFileSync(file, "utf8");

  /** As the recording was made by root, root reads it. */
  async function expectAlike(
    command: readonly string[],
    { print, write, language }: (typeof FACES)[number],
    privilege: Privilege,
  ): Promise<void> {
    runs += 1;
    const [recording, live, again] = ["ndjson", `live.${write}`, `again.${write}`].map(
      (end) => `${folder.path}/${runs}.${end}`,
    ) as [string, string, string];
    const files = ["--record", recording, "--report", live];
    const common = ["--host-snapshot", "none", "--once", ...files];
    const printed = await tool([...command, ...common, ...print, ...language], privilege);
    expect(printed.length).toBeGreaterThan(0);
    const replay = ["replay", recording, "--once", ...print, ...language];
    expect(await tool(replay, privilege)).toBe(printed);
    const redaction = print.filter((option) => option.includes("redact"));
    await tool(["report", recording, "--out", again, ...redaction, ...language], privilege);
    expect(text(again)).toBe(text(live));
  }

  const path = ["path", TARGET, "--no-wait"];
  it.each(asUser)("as a user: $print $write $language", (faces) =>
    expectAlike(path, faces, "none"),
  );
  it.each(asRoot)("as root: $print $write $language", (faces) => expectAlike(path, faces, "root"));
  it("mtu", () => expectAlike(["mtu", TARGET, "--no-wait"], FACES[0], "none"));
  // As JSON: text tells what is known so far while a name server may yet answer.
  it("dns", () => expectAlike(["dns", "site.example"], FACES[2], "none"));
});

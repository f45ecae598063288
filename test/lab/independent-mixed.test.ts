// Several faults at once, by fixed seeds, as an ordinary user without a snapshot: the first that stops the user is first.

import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { NAME } from "./independent/dns.ts";
import { createMixed, faultsOf, type MixedFaults, wrongAbout } from "./independent/mixed-faults.ts";
import type { Net } from "./independent/net.ts";
import { OFFICE } from "./independent/office.ts";
import { makeServerFiles, type ServerFiles, startServer } from "./independent/server.ts";
import { createFolder, tracePath } from "./independent/tool.ts";

const folder = createFolder();
let files: ServerFiles;
let net: Net | undefined;

beforeAll(async () => {
  files = await makeServerFiles(folder, "big", 90);
});
afterEach(async () => {
  await net?.remove();
  net = undefined;
});
afterAll(() => folder.remove());

const TARGETS: Readonly<Record<MixedFaults["target"], string>> = {
  name: `https://${NAME}/`,
  "literal 4": `https://${OFFICE.site4}/`,
  "literal 6": `https://[${OFFICE.site6}]/`,
};

const SEEDS = Array.from({ length: 10 }, (_, n) => n + 1);

describe("mixed faults", () => {
  it.each(SEEDS)("of seed %i are reported in a user's order", async (seed) => {
    const on = faultsOf(seed);
    net = await createMixed(on);
    if (on.port !== "refused") await startServer(net, files, 40_000);
    const trust = on.trust === "ok" ? ["--ca", files.ca] : [];
    const resolvConf = folder.file("resolv.conf", `nameserver ${OFFICE.resolver4}\n`);
    const args = [TARGETS[on.target], ...trust, "--host-snapshot", "none"];
    const { report } = await tracePath(net, args, { resolvConf });
    const told = report.findings.map(({ cause, severity }) => `${cause} ${severity}`);
    expect(wrongAbout(report, on), JSON.stringify({ on, told })).toEqual([]);
  });
});

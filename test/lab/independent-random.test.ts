// Networks that nobody wrote down: random sizes, silences and settings, by fixed seeds, as an ordinary user.

import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Net } from "./independent/net.ts";
import { OFFICE, officeSnapshot } from "./independent/office.ts";
import { createRandomNetwork, networkOf, wrongIn } from "./independent/random-network.ts";
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

const SEEDS = Array.from({ length: 12 }, (_, n) => n + 1);

describe("a random network", () => {
  it.each(SEEDS)("of seed %i gets no wrong verdict and no wrong size", async (seed) => {
    const on = networkOf(seed);
    net = await createRandomNetwork(on);
    await startServer(net, files, 40_000);
    const mtu = on.snapshot === "right" ? on.tunnelMtu : on.tunnelMtu - 7;
    const snapshot =
      on.snapshot === "none"
        ? "none"
        : folder.file("host.json", JSON.stringify(officeSnapshot(mtu)));
    const target = on.family === 4 ? `https://${OFFICE.site4}/` : `https://[${OFFICE.site6}]/`;
    const { report } = await tracePath(net, [
      target,
      "--ca",
      files.ca,
      "--host-snapshot",
      snapshot,
    ]);
    const told = report.findings.map(({ cause, severity }) => `${cause} ${severity}`);
    expect(wrongIn(report, on), JSON.stringify({ on, told, pmtu: report.pmtu })).toEqual([]);
  });
});

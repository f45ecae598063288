// SSH targets in networks that the product did not build: an answer, a silent tunnel, and how little the server is bothered.

import { readFileSync } from "node:fs";
import { afterAll, afterEach, expect, it } from "vitest";
import type { Report } from "../../src/schema/report.ts";
import type { Net } from "./independent/net.ts";
import { createOffice, OFFICE, officeSnapshot } from "./independent/office.ts";
import { createFolder, tracePath } from "./independent/tool.ts";

const folder = createFolder();
const count = folder.file("count", "0");
let net: Net | undefined;

async function office(tunnelMtu: number): Promise<Net> {
  net = await createOffice({ tunnelMtu, farSilent: true });
  const server = new URL("./independent/ssh-server.mjs", import.meta.url).pathname;
  await net.serve("site", process.execPath, server, "22", count);
  return net;
}

afterEach(async () => {
  await net?.remove();
  net = undefined;
});
afterAll(() => folder.remove());

const TARGETS = [
  ["git@HOST:a/b.git", OFFICE.site4],
  ["ssh://[HOST]", OFFICE.site6],
] as const;

it.each(TARGETS)("%s is answered, and its reply fills a segment", async (form, address) => {
  const on = await office(1500);
  const args = [form.replace("HOST", address), "--host-snapshot", "none"];
  const { report } = await tracePath(on, args);
  expect(report.verdict).toBe("healthy");
  const answer = report.events.find(({ kind }) => kind === "protocol-answer");
  expect(answer).toMatchObject({ protocol: "ssh", outcome: "answered", seen: { inbound: 1500 } });
});

it.each(TARGETS)("%s behind a silent tunnel is an inbound black hole", async (form, address) => {
  const on = await office(1400);
  const args = [form.replace("HOST", address), "--host-snapshot", "none"];
  const { report, code } = await tracePath(on, args);
  expect(code).toBe(1);
  expect(report.findings.map(({ cause }) => cause)).toEqual(["pmtu-inbound-blackhole"]);
  expect(report.pmtu.inbound).toMatchObject({ bytes: 1400, exact: true, silent: true });
  expect(Number(readFileSync(count, "utf8"))).toBeLessThanOrEqual(10);
  expect(mostAtOnce(report)).toBeLessThanOrEqual(4);
});

/** Connections that were open at the same time. */
function mostAtOnce({ events }: Report): number {
  let open = 0;
  return events.reduce((most, { kind }) => {
    if (kind === "tcp-started") open += 1;
    if (kind === "tcp-ended") open -= 1;
    return Math.max(most, open);
  }, 0);
}

it("a VPN adapter's limit is found to the byte with few connections", async () => {
  const on = await office(1337);
  const snapshot = folder.file("host.json", JSON.stringify(officeSnapshot(1337)));
  const { report } = await tracePath(on, [`${OFFICE.site4}:22`, "--host-snapshot", snapshot]);
  expect(report.findings[0]).toMatchObject({ cause: "vpn-mtu-inbound-blackhole" });
  expect(report.pmtu.inbound).toMatchObject({ bytes: 1337, exact: true });
});

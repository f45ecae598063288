// Several targets at once, some of them sick: each gets the verdict that it gets alone, and nobody else's packets as evidence.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { type Report, report } from "../../src/schema/report.ts";
import { onThePath, serveNames } from "./independent/dns.ts";
import type { Net } from "./independent/net.ts";
import { createOffice, OFFICE } from "./independent/office.ts";
import { makeServerFiles, type ServerFiles, startServer } from "./independent/server.ts";
import { createFolder, runTool } from "./independent/tool.ts";

const folder = createFolder();
const at = (host: number) => `198.51.100.${host}`;
const [HEALTHY, SMALL_IN, SMALL_OUT, CLOSED, OWN_WALL] = [101, 102, 103, 104, 105];
const HOSTS = [HEALTHY, SMALL_IN, SMALL_OUT, CLOSED, OWN_WALL];
const TARGETS = [
  `https://${at(HEALTHY)}/`,
  `https://${at(SMALL_IN)}/`,
  "https://web.example.test/",
  `https://${at(CLOSED)}:4444/`,
  "https://nobody.example.test/",
  `https://${at(SMALL_OUT)}/`,
  `https://${at(OWN_WALL)}/`,
];
const SICK = `
  ip saddr ${at(SMALL_IN)} meta length > 1400 drop
  ip daddr ${at(SMALL_OUT)} meta length > 1400 drop
  ip daddr 192.0.2.0/24 drop`;
const WALL = `table inet wall {
  chain leaving {
    type filter hook output priority 0; policy accept;
    ip daddr ${at(OWN_WALL)} drop
  }
}
`;

let net: Net;
let files: ServerFiles;
let resolvConf: string;

beforeAll(async () => {
  net = await createOffice({ tunnelMtu: 1500, farSilent: false, middleboxSilent: false });
  for (const host of HOSTS) {
    await net.ip("site", "address", "add", `${at(host)}/24`, "dev", "eth0");
  }
  files = await makeServerFiles(folder, "site", 90, [OFFICE.site4, ...HOSTS.map(at)]);
  await startServer(net, files, 20_000);
  await serveNames(net);
  await onThePath(net, SICK);
  await net.nft("guest", WALL);
  resolvConf = folder.file("resolv.conf", `nameserver ${OFFICE.resolver4}\n`);
});
afterAll(async () => {
  await net.remove();
  folder.remove();
});

async function trace(
  targets: readonly string[],
  privilege: "none" | "root",
): Promise<readonly Report[]> {
  await net.run("guest", "ip", "route", "flush", "cache");
  const options = ["-4", "--ca", files.ca, "--host-snapshot", "none", "--json", "--no-redact"];
  const run = { resolvConf, privilege };
  const { stdout, stderr } = await runTool(net, "guest", ["path", ...targets, ...options], run);
  expect(stderr).toBe("");
  return z.union([report.transform((one) => [one]), z.array(report)]).parse(JSON.parse(stdout));
}

const told = ({ verdict, findings, pmtu }: Report) => ({
  verdict,
  causes: findings.filter(({ severity }) => severity !== "note").map(({ cause }) => cause),
  inbound: pmtu.inbound.bytes,
  outbound: pmtu.outbound.bytes,
});

const HEALTH = { verdict: "healthy", causes: [] };
const EXPECTED = [
  HEALTH,
  { verdict: "fault", causes: ["pmtu-inbound-blackhole"], inbound: 1400 },
  HEALTH,
  { verdict: "fault", causes: ["port-refused"] },
  { verdict: "fault", causes: ["dns-name-does-not-exist"] },
  { verdict: "degraded", causes: ["pmtu-outbound-blackhole"], outbound: 1400 },
  { verdict: "fault" },
];

describe.each(["none", "root"] as const)("seven targets with privilege %s", (privilege) => {
  it("have the verdicts that each has alone", async () => {
    const together = await trace(TARGETS, privilege);
    expect(together.map(told)).toMatchObject(EXPECTED);
    expect(together.map(({ target }) => target.input)).toEqual(TARGETS);
    const [alone] = await trace([TARGETS.at(-1) ?? ""], privilege);
    expect(told(together.at(-1) ?? fail())).toEqual(told(alone ?? fail()));
  });

  it("are not each other's evidence", async () => {
    const reports = await trace(TARGETS, privilege);
    // The number of a mark, which a packet has on its way through the kernel.
    const seen = reports.map(({ events }) => new Set(events.flatMap(seenNumbers)));
    const all = seen.flatMap((numbers) => [...numbers]);
    expect(new Set(all).size).toBe(all.length);
    if (privilege === "root") expect(all.length).toBeGreaterThan(TARGETS.length);
    for (const { verdict, events } of reports) {
      const isCounted = events.some(({ kind }) => kind === "kernel-counters");
      if (verdict === "healthy") expect(isCounted).toBe(false);
    }
  });
});

function seenNumbers(event: Report["events"][number]): readonly number[] {
  return event.kind === "kernel-probe" && event.of.by === "cookie"
    ? [event.of.cookie & 0xffff]
    : [];
}

function fail(): never {
  throw new Error("no report");
}

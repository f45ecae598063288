// One run beside somebody hostile: guest - r1 - r2 - site, where r2 has whoever sends what nobody asked for.

import { textReport } from "../../../src/report/text.ts";
import type { Report } from "../../../src/schema/report.ts";
import { createChain, SITE } from "../../lab/independent/chain.ts";
import type { Net } from "../../lab/independent/net.ts";
import type { ServerFiles } from "../../lab/independent/server.ts";
import { startServer } from "../../lab/independent/server.ts";
import { type createFolder, traceWith } from "../../lab/independent/tool.ts";
import type { Kind } from "./kinds.ts";

export const NAME = "web.example.test";
const RESOLVER = "10.91.200.53";
const PAGE_BYTES = 40_000;
const GUEST = { 4: "10.91.0.1", 6: "2001:db8:91:0::1" } as const;
const PORTS = { http: "80", https: "443" } as const;

/** Both directions, and nobody says so. */
const LOSSY = `table inet hole {
  chain through {
    type filter hook forward priority 0; policy accept;
    ip length > 1300 drop
  }
}
`;

export type Outcome = "right" | "inconclusive" | "wrong";

export interface Attacked {
  readonly outcome: Outcome;
  /** Verdict and findings, in a line. */
  readonly said: string;
  readonly report: Report;
}

const program = (name: string) => new URL(name, import.meta.url).pathname;

/** @param packets how many a spoofer sends */
export async function attack(
  kind: Kind,
  tools: {
    readonly folder: ReturnType<typeof createFolder>;
    readonly files: ServerFiles;
    readonly packets: number;
  },
): Promise<Attacked> {
  const { net } = await createChain([1500, 1500, 1500]);
  try {
    await net.ip("site", "addr", "add", `${RESOLVER}/32`, "dev", "lo");
    if (kind.lossy === true) await net.nft("r2", LOSSY);
    return judged(kind, await RUNS[kind.by](net, kind, tools));
  } finally {
    await net.remove();
  }
}

type Tools = Parameters<typeof attack>[1];

const RUNS: Readonly<Record<Kind["by"], (net: Net, kind: Kind, tools: Tools) => Promise<Report>>> =
  {
    spoofer: async (net, { habit, family }, { folder, files, packets }) => {
      await startServer(net, files, PAGE_BYTES);
      await net.serve(
        "site",
        process.execPath,
        program("names.mjs"),
        "doubled",
        RESOLVER,
        NAME,
        SITE[4],
      );
      const argv = [habit, `${family}`, GUEST[family], SITE[family], RESOLVER, `${packets}`];
      await net.serve("r2", process.execPath, program("spoofer.mjs"), ...argv);
      const resolvConf = folder.file("resolv.conf", `nameserver ${RESOLVER}\n`);
      // By its name where the name server is what is forged; its addresses are in the certificate.
      const host = { 4: SITE[4], 6: `[${SITE[6]}]` }[family];
      const target = habit === "names" ? `https://${NAME}/` : `https://${host}/`;
      return traced(net, "path", [target, "--once", "--ca", files.ca], resolvConf);
    },
    server: async (net, { habit, scheme = "http" }, { folder }) => {
      const port = PORTS[scheme];
      await net.serve("site", process.execPath, program("server.mjs"), habit, SITE[4], port);
      const resolvConf = folder.file("resolv.conf", `nameserver ${RESOLVER}\n`);
      return traced(net, "path", [`${scheme}://${SITE[4]}/`, "--once"], resolvConf);
    },
    names: async (net, { habit }, { folder }) => {
      await net.serve(
        "site",
        process.execPath,
        program("names.mjs"),
        habit,
        RESOLVER,
        NAME,
        SITE[4],
      );
      const resolvConf = folder.file("resolv.conf", `nameserver ${RESOLVER}\n`);
      return traced(net, "dns", [NAME], resolvConf);
    },
  };

async function traced(net: Net, command: string, args: readonly string[], resolvConf: string) {
  const full = [...args, "--host-snapshot", "none"];
  return (await traceWith(net, command, full, { resolvConf })).report;
}

function judged({ faults }: Kind, report: Report): Attacked {
  const found = report.findings.filter(({ severity }) => severity === "fault");
  const said = `${report.verdict} ${found.map(({ cause, segment }) => `${cause} at ${segment}`).join(", ")}`;
  return { outcome: outcomeOf(faults, report, found), said: said.trim(), report };
}

function outcomeOf(faults: readonly string[], report: Report, found: Report["findings"]): Outcome {
  if (drivesTerminal(textReport(report))) return "wrong";
  if (!found.every(({ cause }) => faults.includes(cause))) return "wrong";
  if (report.verdict === "inconclusive") return "inconclusive";
  return report.verdict === (faults.length > 0 ? "fault" : "healthy") ? "right" : "wrong";
}

/** Control characters other than the ends of lines, and what is not seen or turns the direction of text. */
function drivesTerminal(text: string): boolean {
  return /[\p{Cc}\p{Cf}]/u.test(text.replaceAll("\n", ""));
}

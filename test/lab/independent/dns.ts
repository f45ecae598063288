// Name servers of a test's network, what is done to their packets on the path, and `wsl-trace dns` run against them.

import { type Report, report } from "../../../src/schema/report.ts";
import { link, type Net } from "./net.ts";
import { OFFICE } from "./office.ts";
import { runTool, type ToolOptions } from "./tool.ts";

export const NAME = "web.example.test";
const SERVER = new URL("./dns-server.mjs", import.meta.url).pathname;

export interface ServerOptions {
  readonly host?: string;
  readonly address?: string;
  readonly name?: string;
  readonly a?: string;
  readonly aaaa?: string;
  readonly [option: string]: unknown;
}

/** Serves a name on the server (or another host) until the network is removed. */
export async function serveNames(net: Net, options: ServerOptions = {}): Promise<void> {
  const { host = "site", address = OFFICE.resolver4, name = NAME, ...rest } = options;
  const { a = OFFICE.site4, aaaa = OFFICE.site6, ...more } = rest;
  const argv = [address, name, a, aaaa, JSON.stringify(more)];
  await net.serve(host, process.execPath, SERVER, ...argv);
}

/** Rules of the far router for packets that pass it. */
export function onThePath(net: Net, rule: string): Promise<void> {
  return net.nft(
    "far",
    `table inet way {
      chain through {
        type filter hook forward priority 0; policy accept;
        ${rule}
      }
    }
    `,
  );
}

const FORGER = "192.0.2.66";

/** A host beside the far router that has the resolver's address too, and answers questions that it gets. */
export async function addForger(net: Net, options: ServerOptions): Promise<void> {
  await link(net, ["far", "aside0"], ["wire", "eth0"], 1500);
  await net.ip("far", "addr", "add", "192.0.2.65/30", "dev", "aside0");
  await net.ip("wire", "addr", "add", `${FORGER}/30`, "dev", "eth0");
  await net.ip("wire", "addr", "add", `${OFFICE.resolver4}/32`, "dev", "lo");
  await net.ip("wire", "route", "add", "default", "via", "192.0.2.65");
  await serveNames(net, { host: "wire", ...options });
}

/** Every question to the resolver reaches the forger as well, who answers first. */
export function copyQuestions(net: Net, to = `${FORGER} device "aside0"`): Promise<void> {
  return net.nft(
    "far",
    `table ip copies {
      chain before {
        type filter hook prerouting priority -150; policy accept;
        ip daddr ${OFFICE.resolver4} udp dport 53 dup to ${to}
      }
    }
    `,
  );
}

/** Questions over UDP reach the forger and not the resolver; TCP goes where it should. */
export function divertQuestions(net: Net): Promise<void> {
  return net.nft(
    "far",
    `table ip diverted {
      chain before {
        type nat hook prerouting priority -100; policy accept;
        ip daddr ${OFFICE.resolver4} udp dport 53 dnat to ${FORGER}
      }
    }
    `,
  );
}

export interface Asked {
  readonly report: Report;
  readonly code: number | null;
  readonly json: string;
}

/** The report of `wsl-trace dns ARGS` in the guest, as nobody and without a snapshot unless one is given. */
export async function askNames(
  net: Net,
  args: readonly string[],
  options: ToolOptions,
): Promise<Asked> {
  const snapshot = args.includes("--host-snapshot") ? [] : ["--host-snapshot", "none"];
  const result = await runTool(
    net,
    "guest",
    ["dns", ...args, ...snapshot, "--json", "--no-redact"],
    options,
  );
  if (result.stdout === "") throw new Error(`exit ${result.code}: ${result.stderr}`);
  const parsed = report.parse(JSON.parse(result.stdout));
  return { report: parsed, code: result.code, json: result.stdout };
}

/** "dns-tcp-blocked fault", one for each finding. */
export function causes({ findings }: Pick<Report, "findings">): readonly string[] {
  return findings
    .filter(({ cause }) => !BY_CHANCE.includes(cause))
    .map(({ cause, severity }) => `${cause} ${severity}`);
}

/** Notes that come as the routers' limits for ICMP have it: failed queries use them up, too. */
const BY_CHANCE: readonly string[] = ["hop-silent", "icmp-rate-limited"];

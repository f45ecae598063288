// The parsers over a folder of real outputs, where one is named in WSL_TRACE_EXAMPLES: prints what they understood.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { errorText } from "../../../probes/windows/clixml.ts";
import { decodeOutput } from "../../../probes/windows/decode.ts";
import { failureAfter } from "../../../probes/windows/interop-failure.ts";
import { parseIpconfig } from "../../../probes/windows/ipconfig.ts";
import { parseNetsh } from "../../../probes/windows/netsh.ts";
import { createPingProber } from "../../../probes/windows/ping-program.ts";
import { parseRoutePrint } from "../../../probes/windows/route-print.ts";
import { routeOnHost } from "../../../src/host/routes.ts";
import { type Rows, route, snapshotOf } from "../../src/host/example.ts";

// biome-ignore lint/style/noProcessEnv: the folder is no part of the project
const FOLDER = process.env.WSL_TRACE_EXAMPLES;

interface Understood {
  readonly rows: number;
  readonly notUnderstood: readonly string[];
}

const PARSERS: readonly (readonly [RegExp, (text: string) => Understood])[] = [
  [
    /ipconfig/,
    (text) => {
      const { blocks, notUnderstood } = parseIpconfig(text);
      const rows = blocks.reduce((sum, block) => sum + block.addresses.length + 1, 0);
      return { rows, notUnderstood };
    },
  ],
  [
    /route-print/,
    (text) => {
      const { interfaces, routes, notUnderstood } = parseRoutePrint(text);
      return { rows: interfaces.length + routes.length, notUnderstood };
    },
  ],
  [
    /netsh/,
    (text) => {
      const { rows, notUnderstood } = parseNetsh(text);
      return { rows: rows.length, notUnderstood };
    },
  ],
];

/** Tables of these kinds are not read: neighbours, and the long form of name servers. */
const NOT_READ = /neigh|dnsservers/;

/** "23 172.24.16.0/20 0.0.0.0 256 5000 ActiveStore": rows of Get-NetRoute's table. */
function routesOf(text: string): readonly Rows[] {
  return text.split("\n").flatMap((line) => {
    const [ifIndex, prefix = "", hop, metric, own] = line.trim().split(/\s+/);
    const more = { RouteMetric: metric, InterfaceMetric: own };
    return prefix.includes("/") && hop !== undefined
      ? [route(Number(ifIndex), prefix, hop, more)]
      : [];
  });
}

test("the route is chosen as Find-NetRoute reported, and as the user found while the VPN had it", ({
  skip,
}) => {
  const folder = FOLDER ?? "";
  const chosen = (name: string) => {
    const rows = routesOf(readFileSync(join(folder, name), "utf8"));
    return routeOnHost(snapshotOf({ "Get-NetRoute": rows }), "172.24.18.66");
  };
  if (FOLDER === undefined) skip("WSL_TRACE_EXAMPLES names no folder of real outputs");
  const raised = chosen("Get-NetRoute.rows.metric-raised.anyconnect.txt");
  expect(raised).toMatchObject({ adapter: { ifIndex: 23 }, effectiveMetric: 5256 });
  const stolen = chosen("Get-NetRoute.rows.vpn-steals-wsl-subnet.anyconnect.txt");
  expect(stolen).toMatchObject({ adapter: { ifIndex: 4 }, effectiveMetric: 2 });
});

/** What ping.exe printed, as the fallback takes it for an answer to one echo. */
async function pinged(bytes: Uint8Array): Promise<string> {
  const run = async () => ({
    end: { kind: "exited", exitCode: 0 } as const,
    stdout: bytes,
    stderr: new Uint8Array(),
    elapsedMs: 1,
  });
  const never = new AbortController().signal;
  const prober = createPingProber({ run, debug: () => undefined }, "ping.exe", never);
  const echo = { ask: "echo", address: "192.0.2.1", payloadBytes: 36, ttl: 128 } as const;
  const [reply] = await Promise.all(prober.ask([{ ...echo, timeoutMs: 1000 }]));
  return reply?.kind === "answered" ? (reply.answer.status ?? "none") : "failed";
}

test("only a real reply to ping is one, in every language", async ({ skip }) => {
  const folder = FOLDER ?? "";
  if (FOLDER === undefined) skip("WSL_TRACE_EXAMPLES names no folder of real outputs");
  const names = readdirSync(folder).filter((name) => /^ping-.*(ok|fail|timeout)/.test(name));
  for (const name of names) {
    const status = await pinged(readFileSync(join(folder, name)));
    process.stdout.write(`${name}: ${status}\n`);
    expect(status, name).toBe(/ok/.test(name) ? "reply" : "no-reply");
  }
});

test("what failing interop and PowerShell's progress print is distinguished", ({ skip }) => {
  const folder = FOLDER ?? "";
  if (FOLDER === undefined) skip("WSL_TRACE_EXAMPLES names no folder of real outputs");
  const linesOf = (name: string) =>
    readFileSync(join(folder, name), "utf8")
      .split("\n")
      .slice(1)
      .filter((line) => line !== "");
  const exited = { kind: "exited", exitCode: 1 } as const;
  const codes = linesOf("sub.interop-errors.txt").map((line) => failureAfter(exited, line)?.code);
  // A command that is not found is looked for by its path, and a notice is no failure.
  expect(codes).toEqual([
    "interop-no-handler",
    "interop-no-interpreter",
    undefined,
    "interop-socket",
    "interop-socket",
    undefined,
  ]);
  expect(errorText(linesOf("sub.powershell.clixml-progress.stderr.txt").join("\n"))).toBe("");
});

test("every real output is read without throwing", ({ skip }) => {
  if (FOLDER === undefined) {
    skip("WSL_TRACE_EXAMPLES names no folder of real outputs");
    return;
  }
  for (const name of readdirSync(FOLDER).sort()) {
    const text = decodeOutput(readFileSync(join(FOLDER, name)), null);
    for (const [pattern, parse] of PARSERS) {
      // The first line names the source.
      const { rows, notUnderstood } = parse(text.slice(text.indexOf("\n") + 1));
      if (!pattern.test(name)) continue;
      const more = notUnderstood.length > 0 ? `, not understood: ${notUnderstood.join(" | ")}` : "";
      process.stdout.write(`${name}: ${rows} rows${more}\n`.slice(0, 300));
      if (!NOT_READ.test(name)) expect(rows, name).toBeGreaterThan(0);
    }
  }
});

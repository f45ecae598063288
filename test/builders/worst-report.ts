// The largest report that a run can end with: 64 hops, 20 adapters, and text from outside that wants to be more than text.

import { makeReport } from "../../src/report/make.ts";
import type { ProbeEvent } from "../../src/schema/event.ts";
import type { Report } from "../../src/schema/report.ts";
import { readEvents } from "../recordings/files.ts";

/** What a name server, a router's PTR record, Windows or a server may say. */
export const HOSTILE =
  '</pre></details>```|| <img src=x onerror=alert(1)> [x](javascript:alert(1)) <!-- "> & \'; @everyone #1 $x$ ~~~ `` end --> :::bad click s0 href "javascript:alert(1)"';

const HOPS = 64;
const ADAPTERS = 20;
const LONG = 40;

/** One of them; a run with several targets has as many. */
export function worstReport(): Report {
  const events = readEvents("wsl2-vpn.root.ndjson.gz");
  const report = makeReport([...events.slice(0, -1), ...extra(events), ...events.slice(-1)]);
  const hop = report.chain.find(({ kind }) => kind === "internet-hop");
  const hops = Array.from({ length: HOPS }, (_, n) => ({
    ...(hop ?? fail("a hop")),
    name: `${HOSTILE} ${n}`,
    address: `2001:db8:aaaa:bbbb:cccc:dddd:${n.toString(16)}:ffff`,
    ttl: n + 1,
    outbound: n % 2 === 0 ? ("ok" as const) : ("lossy" as const),
    reason: HOSTILE.repeat(2),
  }));
  const [first] = report.findings;
  return {
    ...report,
    chain: [...report.chain, ...hops],
    findings: [
      { ...(first ?? fail("a finding")), summary: HOSTILE.repeat(LONG) },
      ...report.findings,
    ],
    notChecked: report.notChecked.map(({ cause }) => ({ cause, reason: HOSTILE.repeat(2) })),
    trace: report.trace.map((step) => ({
      ...step,
      cameBack: HOSTILE.repeat(LONG),
      proves: HOSTILE.repeat(LONG),
    })),
  };
}

/** Probes to more hops than a run shows, and adapters that Windows names. */
function extra(events: readonly ProbeEvent[]): readonly ProbeEvent[] {
  const probe = events.find((event) => event.kind === "probe");
  const names = Array.from({ length: ADAPTERS }, (_, n) => ({ Name: `${HOSTILE} ${n}` }));
  return [
    ...Array.from(
      { length: HOPS },
      (_, n): ProbeEvent => ({ ...(probe ?? fail("a probe")), id: `e${9000 + n}`, ttl: n + 1 }),
    ),
    {
      kind: "host-snapshot",
      id: "e9999",
      atMs: 1,
      origin: "file",
      snapshot: {
        schema: "wsl-trace.host/1",
        collectedAt: "2026-01-01T00:00:00Z",
        elevated: false,
        languageMode: "FullLanguage",
        sources: { "Get-NetAdapter": names },
      },
      reason: null,
    },
  ];
}

function fail(what: string): never {
  throw new Error(`the recording has ${what}`);
}

// Who answered what for the name: each resolver in reach, and Windows beside them.

import { hostResolved, resolvedNames } from "../src/host/look-ups.ts";
import type { Snapshot } from "../src/model/snapshot.ts";
import type { DnsReply } from "../src/schema/events/dns-replies.ts";
import { line } from "./lines.ts";
import { type Column, table } from "./table.ts";
import type { ViewInput, ViewLines } from "./view.ts";

/** What one of them said. */
interface NameRow {
  readonly id: string;
  readonly resolver: string;
  readonly namedBy: string;
  readonly over: string;
  readonly type: string;
  readonly name: string;
  readonly ms: number | null;
  readonly answer: string;
  readonly evidence: readonly string[];
}

const COLUMNS: readonly Column<NameRow>[] = [
  { title: "resolver", text: ({ resolver }) => resolver, value: ({ resolver }) => resolver },
  { title: "named by", text: ({ namedBy }) => namedBy, value: ({ namedBy }) => namedBy },
  { title: "over", text: ({ over }) => over, value: ({ over }) => over },
  { title: "type", text: ({ type }) => type, value: ({ type }) => type },
  { title: "name", from: 100, text: ({ name }) => name, value: ({ name }) => name },
  {
    title: "ms",
    right: true,
    text: ({ ms }) => (ms === null ? "" : ms.toFixed(1)),
    value: ({ ms }) => -(ms ?? 0),
  },
  { title: "answer", grows: true, text: ({ answer }) => answer, value: ({ answer }) => answer },
];

export function namesView({ snapshot, columns, sort, nowMs }: ViewInput): ViewLines {
  const { path } = snapshot;
  const { dns, host, resolverConfig, libcLookups } = path;
  const windows =
    host?.snapshot == null
      ? `Windows was not asked${host?.reason == null ? "" : `: ${host.reason}`}`
      : null;
  const notes = [
    ...(resolverConfig?.problem == null ? [] : [line(` ${resolverConfig.problem}`, "bad")]),
    ...(windows === null ? [] : [line(` ${windows}`, "dim")]),
  ];
  const rows = [
    ...openRows(snapshot, nowMs),
    ...dns.map(replyRow),
    ...libcLookups.map(libcRow),
    ...windowsRows(snapshot),
  ];
  if (rows.length === 0)
    return { heading: [...notes, line(" no resolver answered yet", "dim")], body: [] };
  const drawn = table(rows, COLUMNS, { columns, sort });
  return {
    heading: [...notes, drawn.heading],
    body: drawn.rows.map(({ row, cells }) => ({
      id: row.id,
      line: cells,
      evidence: row.evidence,
    })),
  };
}

type Path = Snapshot["path"];

/** Who was asked and did not answer yet. */
function openRows({ openQueries = [], work = [] }: Snapshot, nowMs: number): readonly NameRow[] {
  const sinceMs = work.find(({ step }) => step === ASKING)?.sinceMs ?? 0;
  return openQueries.map(({ server, origin, transport, name, type }) => ({
    id: `open ${server} ${type}`,
    resolver: server,
    namedBy: origin,
    over: transport,
    type,
    name,
    ms: Math.max(0, nowMs - sinceMs),
    answer: "… nothing yet",
    evidence: [],
  }));
}

/** The step of the plan in which they are. */
const ASKING = "resolve";

function replyRow(reply: Path["dns"][number]): NameRow {
  const { id, server, origin, transport, type, name, rttMs, outcome } = reply;
  const from = { id, resolver: server, namedBy: origin, evidence: [id] };
  return { ...from, over: transport, type, name, ms: rttMs, answer: formatOutcome(outcome) };
}

/** As every program here gets it, which may be by other ways than a name server. */
function libcRow({ id, name, addresses, exitCode, ms }: Path["libcLookups"][number]): NameRow {
  const answer = addresses.length === 0 ? `no address (getent ${exitCode})` : addresses.join(", ");
  const from = { id, resolver: "getent", namedBy: "nsswitch", evidence: [id] };
  return { ...from, over: "libc", type: "any", name, ms, answer };
}

/** Of the target's name, and of all others that Windows has an answer for. */
function windowsRows({ path, target }: Snapshot): readonly NameRow[] {
  const { host } = path;
  const asked = host?.snapshot ?? null;
  if (host === null || asked === null) return [];
  const names = [...new Set([target.host, ...resolvedNames(asked)])];
  return names.flatMap((name): readonly NameRow[] => {
    const found = hostResolved(asked, name);
    if (!found.known) return [];
    const { addresses, servers, ms, error } = found;
    const answer = addresses.length === 0 ? (error ?? "no address") : addresses.join(", ");
    const resolver = servers.length === 0 ? "Windows" : `Windows, ${servers.join(" ")}`;
    const from = { id: `Windows ${name}`, resolver, namedBy: "Windows", evidence: [host.id] };
    return [{ ...from, over: "", type: "any", name, ms, answer }];
  });
}

function formatOutcome(outcome: DnsReply["outcome"]): string {
  switch (outcome.kind) {
    case "answer": {
      const cut = outcome.truncated ? ", cut (TC)" : "";
      const addresses =
        outcome.addresses.length === 0 ? "no address" : outcome.addresses.join(", ");
      return `${outcome.rcode === "NOERROR" ? addresses : outcome.rcode}${cut}`;
    }
    case "no-reply":
      return `nothing in ${Math.round(outcome.waitedMs)} ms`;
    case "refused":
      return "nobody serves names there";
    case "unreachable":
      return `unreachable (${outcome.error})`;
    default:
      return `malformed: ${outcome.why}`;
  }
}

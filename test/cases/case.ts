// One reported case: its network, what must come of it, and how a report differs from that.

import type { Report } from "../../src/schema/report.ts";
import type { Net } from "../lab/independent/net.ts";
import type { ServerFiles } from "../lab/independent/server.ts";
import { type createFolder, type ToolOptions, tracePath } from "../lab/independent/tool.ts";

export interface Place {
  readonly net: Net;
  readonly folder: ReturnType<typeof createFolder>;
  readonly files: ServerFiles;
}

export interface Right {
  readonly verdict: Report["verdict"];
  /** The first finding that is no note; null: there is none. */
  readonly cause: string | null;
  readonly segment?: string | null;
  /** Further findings that must be there. */
  readonly also?: readonly string[];
  readonly inbound?: number;
  readonly outbound?: number;
  /** What findings and fixes must say, or the kinds in the chain. */
  readonly says?: readonly string[];
  readonly chain?: readonly string[];
  /** Causes that may not be listed, and kinds that may not be in the chain. */
  readonly without?: readonly string[];
  readonly address?: string;
}

export interface ReportedCase {
  readonly name: string;
  /** Where it was reported. */
  readonly reports: string;
  /** What is right, in the words of the list. */
  readonly right: string;
  /** The snapshot's file, without its ending; null: the case has none. */
  readonly snapshot: string | null;
  readonly args: readonly string[];
  readonly net: () => Promise<Net>;
  /** Starts servers and makes the fault; gives what the tool runs with. */
  readonly prepare: (place: Place) => Promise<ToolOptions>;
  readonly withSnapshot: Right;
  /** With less evidence; without it the same. */
  readonly alone?: Right;
  /** The first fix, typed as it is printed, makes it work. */
  readonly cure?: true;
  /** What must hold in the network after a run; gives what does not. */
  readonly after?: (net: Net, report: Report) => Promise<readonly string[]>;
}

export interface CaseRun {
  readonly privilege: "root" | "none";
  readonly snapshot: boolean;
  readonly report: Report;
  /** Empty where it is right. */
  readonly wrong: readonly string[];
}

const hostFile = (name: string) => new URL(`./hosts/${name}.host.json`, import.meta.url).pathname;

/** A network of its own, in which the tool runs once. */
export async function runCase(
  one: ReportedCase,
  folder: Place["folder"],
  files: ServerFiles,
  { privilege, snapshot }: Pick<CaseRun, "privilege" | "snapshot">,
): Promise<CaseRun> {
  const net = await one.net();
  try {
    const options = await one.prepare({ net, folder, files });
    const host = snapshot && one.snapshot !== null ? hostFile(one.snapshot) : "none";
    const args = [...one.args, "--ca", files.ca, "--host-snapshot", host];
    const { report } = await tracePath(net, args, { ...options, privilege });
    const right = host === "none" ? (one.alone ?? one.withSnapshot) : one.withSnapshot;
    const wrong = [...differs(right, report), ...((await one.after?.(net, report)) ?? [])];
    if (one.cure === true && host !== "none") {
      await typeFirstFix(net, report);
      const again = await tracePath(net, args, { ...options, privilege });
      if (again.report.verdict === "fault") wrong.push("its fix cures nothing");
    }
    return { privilege, snapshot, report, wrong };
  } finally {
    await net.remove();
  }
}

async function typeFirstFix(net: Net, { findings }: Report): Promise<void> {
  const fix = findings[0]?.fixes.find(({ where }) => where === "linux");
  const script = ['sudo() { "$@"; }', ...(fix?.commands ?? [])].join("\n");
  await net.run("guest", "sh", "-ec", script);
}

function differs(right: Right, report: Report): readonly string[] {
  const first = report.findings.find(({ severity }) => severity !== "note");
  const listed = report.findings.map(({ cause }) => cause);
  const kinds = report.chain.map(({ kind }) => kind as string);
  const said = JSON.stringify([report.findings, report.chain]);
  const is = (what: string, wanted: unknown, got: unknown) =>
    wanted === undefined || wanted === got ? [] : [`${what} is ${got}, not ${wanted}`];
  return [
    ...is("verdict", right.verdict, report.verdict),
    ...is("cause", right.cause, first?.cause ?? null),
    ...is("segment", right.segment, first?.segment),
    ...is("address", right.address, report.target.address),
    ...is("inbound", right.inbound, report.pmtu.inbound.bytes),
    ...is("outbound", right.outbound, report.pmtu.outbound.bytes),
    ...(right.also ?? []).filter((id) => !listed.includes(id)).map((id) => `${id} is not listed`),
    ...(right.says ?? [])
      .filter((text) => !said.includes(text))
      .map((text) => `"${text}" is not said`),
    ...(right.chain ?? [])
      .filter((kind) => !kinds.includes(kind))
      .map((kind) => `${kind} is not in the chain`),
    ...(right.without ?? [])
      .filter((id) => listed.includes(id) || kinds.includes(id))
      .map((id) => `${id} is there`),
  ];
}

// The report as plain text for a pipe or a log: no ANSI, 80 columns, and the verdict with its fix at the end.

import { divertedByMark } from "../facts/marks.ts";
import type { SizesReport } from "../schema/hop-mtu.ts";
import type { Report } from "../schema/report.ts";
import type { ResolversReport } from "../schema/resolver-row.ts";
import type { Stage } from "../schema/verdict.ts";
import { duration } from "./duration.ts";
import { printable } from "./escape.ts";
import { chainLines } from "./text-chain.ts";
import { resolverLines, searchLines, windowsLines } from "./text-dns.ts";
import {
  findingLines,
  firstFixLines,
  formatCause,
  formatLocation,
  rootCause,
} from "./text-findings.ts";
import { formatHost, hostDropLines } from "./text-host.ts";
import { kernelLines } from "./text-kernel.ts";
import { kernelStageLines } from "./text-kernel-stages.ts";
import { hanging, padded } from "./text-layout.ts";
import { formatPmtu } from "./text-pmtu.ts";
import { programLines } from "./text-program.ts";
import { redactionLines } from "./text-redaction.ts";
import { listenerLines, wayLines } from "./text-service.ts";
import { fragmentLines, hopMtuLines, legendLines, mssLines, protocolLines } from "./text-sizes.ts";
import { watchLines } from "./text-watch.ts";
import { NO_REASON } from "./words/finding.ts";

/** The whole report as text; the last screenful holds the verdict and what to type. */
export function textReport(report: Report): string {
  // Of a program that was well nothing was traced.
  if (report.program !== undefined && report.packetsSent === 0) return programText(report);
  const lines = [
    ...headline(report),
    ...section(PROGRAM, programLines(report)),
    ...mainSections(report),
    ...section("Packets in this machine's kernel", kernelStageLines(report.kernel)),
    ...section("Dropped by this machine's kernel", kernelLines(report.events)),
    ...section("Dropped by Windows, as pktmon counted", hostDropLines(report.events)),
    ...section("Not checked", notCheckedLines(report)),
    ...section("Not observable from here", [...privilegeLines(report), ...skippedLines(report)]),
    ...section("Watched after the first verdict", watchLines(report.watch)),
    ...section("Findings", findingLines(report.findings)),
    ...section("Do this first", firstSteps(report)),
    "",
    ...redactionLines(report),
    ...closingLines(report),
  ];
  // The last guard: whatever a line was made of, it cannot drive the terminal.
  return `${lines.map(printable).join("\n")}\n`;
}

/** The first fix; else who can mend it, and what to send them. */
function firstSteps({ findings, trace }: Report): string[] {
  const fix = firstFixLines(findings);
  const { mendedBy = null, send } = trace.at(-1)?.conclusion ?? {};
  if (fix.length > 0 || mendedBy === null) return fix;
  return [...hanging("  ", mendedBy), ...(send === undefined ? [] : [`    $ ${send}`])];
}

const PROGRAM = "The program and its connections";

function programText(report: Report): string {
  const lines = [
    ...section(PROGRAM, programLines(report)),
    "",
    ...hanging(VERDICT, `${report.verdict}. ${report.reason}`),
  ];
  return `${lines.slice(1).map(printable).join("\n")}\n`;
}

const VERDICT = "verdict: ";

function mainSections(report: Report): string[] {
  if (report.inbound !== undefined) return serviceSections(report);
  if (report.resolvers !== undefined) return nameSections(report.resolvers);
  return report.sizes === undefined ? pathSections(report) : sizeSections(report, report.sizes);
}

function serviceSections(report: Report): string[] {
  return [
    ...section(`Port ${report.target.port} in the distro`, listenerLines(report)),
    ...section(
      "Who reaches it (lan, vpn: Windows' own address there, tried by Windows)",
      wayLines(report),
    ),
  ];
}

function sizeSections(report: Report, sizes: SizesReport): string[] {
  const rows = hopMtuLines(sizes, report.pmtu.inbound, report.target.address);
  return [
    ...section("Sizes in bytes, hop by hop (-> outbound, <- inbound)", [
      ...rows,
      ...legendLines(rows),
    ]),
    ...section("Path MTU", pmtuLines(report)),
    ...section("Outbound, protocol by protocol", protocolLines(sizes)),
    ...section("Fragments (no DF)", fragmentLines(sizes)),
    ...section("MSS", mssLines(sizes)),
  ];
}

function pathSections(report: Report): string[] {
  return [
    ...section("Chain, from the guest outward (-> outbound, <- inbound)", chainLines(report)),
    ...section("Stages", report.stages.flatMap(stageLines)),
    ...section("Path MTU", pmtuLines(report)),
  ];
}

function nameSections(resolvers: ResolversReport): string[] {
  return [
    ...section("Resolvers, in the order in which a program queries them", resolverLines(resolvers)),
    ...section("Names that were queried", searchLines(resolvers)),
    ...section("Windows", windowsLines(resolvers)),
  ];
}

const LABEL_WIDTH = 10;

function headline(report: Report): string[] {
  const { target, vantage, findings } = report;
  const root = rootCause(findings);
  const isOwn = report.inbound !== undefined;
  const port = report.resolvers === undefined ? `:${target.port}` : "";
  const cause = root === undefined ? "" : `, ${root.cause} ${formatLocation(root)}`;
  const netns = vantage.netns === undefined ? "" : `, in namespace ${vantage.netns}`;
  const mode = vantage.networkingMode === null ? "" : `, ${vantage.networkingMode} networking`;
  return [
    ...hanging("wsl-trace: ", `${report.verdict}${cause}`),
    ...hanging(
      padded("target", LABEL_WIDTH),
      isOwn
        ? `TCP port ${target.port} of this distro`
        : `${bracketed(target.host)}${port} ${formatWay(target)}`,
    ),
    ...hanging(
      padded("vantage", LABEL_WIDTH),
      `${VANTAGES[vantage.kind]}${mode}, kernel ${vantage.kernel}${netns}`,
    ),
    ...windowsHeadline(report),
    ...markHeadline(report),
  ];
}

function formatWay({ address, proxy }: Report["target"]): string {
  const missing = "no address was found";
  if (proxy === undefined) return `(${address ?? missing})`;
  return `through ${proxy.url} (${proxy.variable}; ${proxy.address ?? missing})`;
}

function windowsHeadline({ windows, vantage, resolvers }: Report): string[] {
  // A run about names has a section for Windows' answers, and no use for its routes.
  const wanted = windows !== undefined && (resolvers === undefined || windows.age !== null);
  const words = wanted ? formatHost(windows, vantage.kind !== "linux") : null;
  return words === null ? [] : hanging(padded("windows", LABEL_WIDTH), words);
}

/** Only where it changes the path. */
function markHeadline({ events }: Report): string[] {
  const marks = events.find((event) => event.kind === "packet-marks");
  const words = marks === undefined ? null : divertedByMark(marks);
  return words === null ? [] : hanging(padded("marks", LABEL_WIDTH), words);
}

const VANTAGES = {
  wsl1: "WSL1",
  wsl2: "WSL2",
  linux: "Linux",
} as const satisfies Record<Report["vantage"]["kind"], string>;

// An IPv6 address before a port needs its brackets (RFC 3986 s.3.2.2).
function bracketed(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", title, "", ...lines];
}

const STAGE_SYMBOLS = {
  ok: "+",
  failed: "X",
  skipped: "-",
  unknown: "?",
} as const satisfies Record<Stage["status"], string>;

function stageLines({ stage, status, ms, detail }: Stage): string[] {
  const took = ms === null ? "" : duration(ms);
  const lead = `  ${STAGE_SYMBOLS[status]} ${padded(stage, 8)} ${padded(status, 8)} ${took.padStart(9)}  `;
  return hanging(lead, detail).map((line) => line.trimEnd());
}

function pmtuLines({ pmtu }: Report): string[] {
  return [
    ...hanging("  -> outbound  ", formatPmtu(pmtu.outbound)),
    ...hanging("  <- inbound   ", formatPmtu(pmtu.inbound)),
  ];
}

function notCheckedLines({ notChecked }: Report): string[] {
  return notChecked.flatMap(({ cause, reason }) => hanging("  ? ", `${cause}: ${reason}`));
}

function privilegeLines({ vantage, resolvers }: Report): string[] {
  // Names need no more than sockets that everybody may open.
  if (resolvers !== undefined) return [];
  return vantage.ladder
    .filter((privilege) => !privilege.available)
    .flatMap(({ rung, reason, enable }, at, missing) => [
      ...hanging("  ? ", `${rung}: ${reason ?? NO_REASON}`),
      // Once for all that it gives.
      ...(enable === null || missing[at + 1]?.enable === enable ? [] : [`      $ ${enable}`]),
    ]);
}

/** What was to be sent, and could not be. */
function skippedLines({ events, resolvers }: Report): string[] {
  if (resolvers !== undefined) return [];
  const lines = events.flatMap((event) =>
    event.kind === "probe-skipped" ? [`${event.probe} was left out: ${event.reason}`] : [],
  );
  return [...new Set(lines)].flatMap((line) => hanging("  ? ", line));
}

function closingLines(report: Report): string[] {
  const run = `${duration(report.durationMs)}, ${report.packetsSent} packets sent`;
  return [
    ...formatCause(report.findings),
    ...hanging(VERDICT, `${report.verdict}. ${report.reason} [${run}]`),
  ];
}

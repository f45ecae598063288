// Several targets side by side ("most sites, not all"): what differs, which routers their paths share, where they part.

import type { Report } from "../schema/report.ts";
import type { Segment } from "../schema/verdict.ts";
import { hanging, padded } from "./text-layout.ts";

const LEAD = 12;

/** Nothing for one target. */
export function comparisonText(reports: readonly Report[]): string {
  if (reports.length < 2) return "";
  const lines = [
    "",
    "Compared:",
    ...reports.flatMap(targetLines),
    ...sharedLines(reports),
    ...sickLines(reports),
    ...sizeLines(reports),
  ];
  return `${lines.join("\n")}\n`;
}

/** Also the whole of `--quiet`. */
export function oneLine(report: Report): string {
  const { verdict, findings } = report;
  const cause = findings[0] === undefined ? "" : ` ${findings[0].cause}`;
  return `${hostOf(report)}: ${verdict}${cause}`;
}

function targetLines(report: Report): string[] {
  const failed = report.stages.find(({ status }) => status === "failed");
  const { inbound, outbound } = report.pmtu;
  const words = [
    ...(failed === undefined ? [] : [`fails at ${failed.stage}`]),
    `out ${formatSize(outbound)}, in ${formatSize(inbound)}`,
    report.target.address ?? "no address",
  ];
  return [...hanging("  ", oneLine(report)), ...hanging("      ", words.join("; "))];
}

function formatSize({ bytes, atLeast, exact, silent }: Report["pmtu"]["inbound"]): string {
  const size = bytes ?? atLeast;
  if (size === null) return "?";
  return `${exact ? "" : "at least "}${size}${silent ? " (larger ones vanish)" : ""}`;
}

/** What has a chain: a report, or the diagnosis of a run that goes on. */
type Routed = Pick<Report, "chain">;

type Router = Segment & { readonly ttl: number; readonly address: string };

/** The routers that answered: the destination is none, and an inferred hop never answered. */
function routersOf({ chain }: Routed): readonly Router[] {
  return chain.flatMap((segment) => {
    const { ttl, address, kind, inferred } = segment;
    const counts = kind !== "destination" && !inferred && ttl !== null && address !== null;
    return counts ? [{ ...segment, ttl, address }] : [];
  });
}

/** The routers that all met of whose path any was seen, from here to where the first of them met another one. */
export function sharedRouters(reports: readonly Routed[]): readonly Router[] {
  // A name that does not resolve has no path, and says nothing of where those of others part.
  const [first, ...others] = reports.map(routersOf).filter((routers) => routers.length > 0);
  if (others.length === 0) return [];
  const shared: Router[] = [];
  for (const router of first ?? []) {
    const beside = others.map((routers) => routers.find(({ ttl }) => ttl === router.ttl));
    if (beside.some((one) => one !== undefined && one.address !== router.address)) break;
    if (beside.every((one) => one !== undefined)) shared.push(router);
  }
  return shared;
}

/** The first router that answered beyond a TTL. */
export function nextRouter(report: Routed, beyond: number): Router | undefined {
  return routersOf(report).find(({ ttl }) => ttl > beyond);
}

function sharedLines(reports: readonly Report[]): string[] {
  const shared = sharedRouters(reports);
  const last = shared.at(-1);
  if (last === undefined) return row("shared", "no router that answered is on all of the paths");
  const after = reports.map((report) => {
    const next = nextRouter(report, last.ttl);
    const where =
      next === undefined ? "no other router answers" : `hop ${next.ttl} ${next.address}`;
    return `${hostOf(report)} ${where}`;
  });
  const hops = shared.map(({ ttl, address }) => `${ttl} ${address}`).join(", ");
  return [...row("shared", `hops ${hops}`), ...row("then", after.join("; "))];
}

/** Which have what, by their first finding that is no note. */
function sickLines(reports: readonly Report[]): string[] {
  const causeOf = ({ findings }: Report) =>
    findings.find(({ severity }) => severity !== "note")?.cause ?? null;
  const causes = [...new Set(reports.map(causeOf))].filter((cause) => cause !== null);
  const well = reports.filter(({ verdict }) => verdict === "healthy").map(hostOf);
  const wellText = well.length === 0 ? "" : `; ${well.join(", ")}: healthy`;
  return causes.flatMap((cause) => {
    const sick = reports.filter((report) => causeOf(report) === cause).map(hostOf);
    const who = sick.length === reports.length ? "all of them" : `only ${sick.join(", ")}`;
    return row("fault", `${cause}: ${who}${wellText}`);
  });
}

/** With the namespace that it was seen from, where that is not the user's own. */
function hostOf({ target, vantage }: Report): string {
  return vantage.netns === undefined ? target.host : `${target.host} from ${vantage.netns}`;
}

/** A size limit that another target's packets exceeded is not on the path that they share. */
function sizeLines(reports: readonly Report[]): string[] {
  return (["outbound", "inbound"] as const).flatMap((direction) => {
    const limited = reports.find(({ pmtu }) => pmtu[direction].below !== null);
    const below = limited?.pmtu[direction].below ?? null;
    if (limited === undefined || below === null) return [];
    const larger = reports.find(
      (report) =>
        familyOf(report) === familyOf(limited) && (report.pmtu[direction].atLeast ?? 0) >= below,
    );
    if (larger === undefined) return [];
    const passed = `${larger.pmtu[direction].atLeast} bytes passed for ${hostOf(larger)}`;
    const caveat =
      direction === "inbound" ? ", if the return path is the same as the outbound path" : "";
    return row(
      "sizes",
      `${direction}: ${passed}, so the limit of ${hostOf(limited)} is not on a shared link${caveat}`,
    );
  });
}

/** A router may treat the families differently on one link. */
function familyOf({ target }: Report): 4 | 6 | null {
  if (target.address === null) return null;
  return target.address.includes(":") ? 6 : 4;
}

function row(lead: string, words: string): string[] {
  return hanging(`  ${padded(lead, LEAD - 2)}`, words);
}

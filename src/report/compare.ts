// Several targets side by side ("most sites, not all"): what differs, which routers their paths share, where they part.

import type { Report } from "../schema/report.ts";
import type { Segment, Stage, Verdict } from "../schema/verdict.ts";
import { hanging, padded } from "./text-layout.ts";

const LEAD = 12;

type Sizes = Report["pmtu"];
type Way = "outbound" | "inbound";

/** What it says beside ids, names and numbers. */
export interface ComparisonTexts {
  readonly compared: string;
  /** What stands at the head of a row. */
  readonly rows: Readonly<Record<"shared" | "behind" | "fault" | "sizes", string>>;
  readonly verdict: (verdict: Verdict) => string;
  from(values: { host: string; netns: string }): string;
  failsAt(stage: Stage["stage"]): string;
  size(values: { size: number; atLeast: boolean; silent: boolean }): string;
  sizes(values: { out: string; into: string }): string;
  readonly noAddress: string;
  readonly noneShared: string;
  readonly noneElse: string;
  /** @param hop with its number, or `noneElse` */
  beyond(values: { host: string; hop: string }): string;
  hop(values: { ttl: number; address: string }): string;
  hops(hops: string): string;
  readonly separator: string;
  readonly all: string;
  only(hosts: readonly string[]): string;
  well(hosts: readonly string[]): string;
  notShared(values: { way: Way; bytes: number; larger: string; limited: string }): string;
}

const ENGLISH_COMPARISON: ComparisonTexts = {
  compared: "Compared:",
  rows: { shared: "shared", behind: "then", fault: "fault", sizes: "sizes" },
  verdict: (verdict) => verdict,
  from: ({ host, netns }) => `${host} from ${netns}`,
  failsAt: (stage) => `fails at ${stage}`,
  size: ({ size, atLeast, silent }) =>
    `${atLeast ? "at least " : ""}${size}${silent ? " (larger ones vanish)" : ""}`,
  sizes: ({ out, into }) => `out ${out}, in ${into}`,
  noAddress: "no address",
  noneShared: "no router that answered is on all of the paths",
  noneElse: "no other router answers",
  beyond: ({ host, hop }) => `${host} ${hop}`,
  hop: ({ ttl, address }) => `hop ${ttl} ${address}`,
  hops: (hops) => `hops ${hops}`,
  separator: "; ",
  all: "all of them",
  only: (hosts) => `only ${hosts.join(", ")}`,
  well: (hosts) => `${hosts.join(", ")}: healthy`,
  notShared: ({ way, bytes, larger, limited }) =>
    `${way}: ${bytes} bytes passed for ${larger}, so the limit of ${limited} is not on a shared link${way === "inbound" ? ", if the return path is the same as the outbound path" : ""}`,
};

/** Nothing for one target. */
export function comparisonText(
  reports: readonly Report[],
  texts: ComparisonTexts = ENGLISH_COMPARISON,
): string {
  if (reports.length < 2) return "";
  const lines = [
    "",
    texts.compared,
    ...reports.flatMap((report) => targetLines(report, texts)),
    ...sharedLines(reports, texts),
    ...sickLines(reports, texts),
    ...sizeLines(reports, texts),
  ];
  return `${lines.join("\n")}\n`;
}

/** Also the whole of `--quiet`. */
export function oneLine(report: Report, texts: ComparisonTexts = ENGLISH_COMPARISON): string {
  const { verdict, findings } = report;
  const cause = findings[0] === undefined ? "" : ` ${findings[0].cause}`;
  return `${hostOf(report, texts)}: ${texts.verdict(verdict)}${cause}`;
}

function targetLines(report: Report, texts: ComparisonTexts): string[] {
  const failed = report.stages.find(({ status }) => status === "failed");
  const { inbound, outbound } = report.pmtu;
  const words = [
    ...(failed === undefined ? [] : [texts.failsAt(failed.stage)]),
    texts.sizes({ out: formatSize(outbound, texts), into: formatSize(inbound, texts) }),
    report.target.address ?? texts.noAddress,
  ];
  const details = words.join(texts.separator);
  return [...hanging("  ", oneLine(report, texts)), ...hanging("      ", details)];
}

function formatSize(
  { bytes, atLeast, exact, silent }: Sizes["inbound"],
  texts: ComparisonTexts,
): string {
  const size = bytes ?? atLeast;
  return size === null ? "?" : texts.size({ size, atLeast: !exact, silent });
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

function sharedLines(reports: readonly Report[], texts: ComparisonTexts): string[] {
  const shared = sharedRouters(reports);
  const last = shared.at(-1);
  if (last === undefined) return row(texts.rows.shared, texts.noneShared);
  const after = reports.map((report) => {
    const next = nextRouter(report, last.ttl);
    const hop = next === undefined ? texts.noneElse : texts.hop(next);
    return texts.beyond({ host: hostOf(report, texts), hop });
  });
  const hops = shared.map(({ ttl, address }) => `${ttl} ${address}`).join(", ");
  return [
    ...row(texts.rows.shared, texts.hops(hops)),
    ...row(texts.rows.behind, after.join(texts.separator)),
  ];
}

/** Which have what, by their first finding that is no note. */
function sickLines(reports: readonly Report[], texts: ComparisonTexts): string[] {
  const causeOf = ({ findings }: Report) =>
    findings.find(({ severity }) => severity !== "note")?.cause ?? null;
  const hostsOf = (some: readonly Report[]) => some.map((report) => hostOf(report, texts));
  const causes = [...new Set(reports.map(causeOf))].filter((cause) => cause !== null);
  const well = hostsOf(reports.filter(({ verdict }) => verdict === "healthy"));
  return causes.flatMap((cause) => {
    const sick = hostsOf(reports.filter((report) => causeOf(report) === cause));
    const who = sick.length === reports.length ? texts.all : texts.only(sick);
    const words = [`${cause}: ${who}`, ...(well.length === 0 ? [] : [texts.well(well)])];
    return row(texts.rows.fault, words.join(texts.separator));
  });
}

/** With the namespace that it was seen from, where that is not the user's own. */
function hostOf({ target, vantage }: Report, texts: ComparisonTexts): string {
  const { host } = target;
  return vantage.netns === undefined ? host : texts.from({ host, netns: vantage.netns });
}

/** A size limit that another target's packets exceeded is not on the path that they share. */
function sizeLines(reports: readonly Report[], texts: ComparisonTexts): string[] {
  return (["outbound", "inbound"] as const).flatMap((way) => {
    const limited = reports.find(({ pmtu }) => pmtu[way].below !== null);
    const below = limited?.pmtu[way].below ?? null;
    if (limited === undefined || below === null) return [];
    const passed = ({ pmtu }: Report) => pmtu[way].atLeast ?? 0;
    const larger = reports.find(
      (report) => familyOf(report) === familyOf(limited) && passed(report) >= below,
    );
    if (larger === undefined) return [];
    const hosts = { larger: hostOf(larger, texts), limited: hostOf(limited, texts) };
    return row(texts.rows.sizes, texts.notShared({ way, bytes: passed(larger), ...hosts }));
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

// The hops as a table: what each router answered, how fast, and how steadily.

import type { Snapshot } from "../src/model/snapshot.ts";
import { line } from "./lines.ts";
import { sparkline } from "./sparkline.ts";
import { type HopStatistics, hopStatistics } from "./statistics.ts";
import { type Column, table } from "./table.ts";
import type { ViewInput, ViewLines } from "./view.ts";

interface HopRow extends HopStatistics {
  readonly names: string;
  /** Whose they are, as far as their reverse names say. */
  readonly owner: string;
  readonly mtu: number | null;
}

const ms = (value: number | null) => (value === null ? "" : value.toFixed(1));

const COLUMNS: readonly Column<HopRow>[] = [
  { title: "hop", right: true, text: ({ ttl }) => `${ttl}`, value: ({ ttl }) => ttl },
  {
    title: "address",
    grows: true,
    text: ({ names, from }) => (from.length === 0 ? "no answer" : names),
    value: ({ names }) => names,
  },
  {
    title: "owner",
    from: 150,
    text: ({ owner }) => owner,
    value: ({ owner }) => owner,
  },
  { title: "sent", right: true, text: ({ sent }) => `${sent}`, value: ({ sent }) => -sent },
  {
    title: "no answer",
    right: true,
    text: ({ lost, sent }) => (lost === 0 ? "0 %" : `${Math.round((lost * 100) / sent)} %`),
    value: ({ lost, sent }) => -lost / sent,
  },
  {
    title: "last",
    right: true,
    from: 90,
    text: ({ lastMs }) => ms(lastMs),
    value: ({ lastMs }) => -(lastMs ?? 0),
  },
  {
    title: "avg",
    right: true,
    text: ({ meanMs }) => ms(meanMs),
    value: ({ meanMs }) => -(meanMs ?? 0),
  },
  {
    title: "best",
    right: true,
    text: ({ bestMs }) => ms(bestMs),
    value: ({ bestMs }) => -(bestMs ?? 0),
  },
  {
    title: "worst",
    right: true,
    text: ({ worstMs }) => ms(worstMs),
    value: ({ worstMs }) => -(worstMs ?? 0),
  },
  {
    title: "stdev",
    right: true,
    from: 100,
    text: ({ deviationMs }) => ms(deviationMs),
    value: ({ deviationMs }) => -(deviationMs ?? 0),
  },
  {
    title: "jitter",
    right: true,
    from: 100,
    text: ({ jitterMs }) => ms(jitterMs),
    value: ({ jitterMs }) => -(jitterMs ?? 0),
  },
  {
    title: "mtu",
    right: true,
    from: 110,
    text: ({ mtu }) => (mtu === null ? "" : `${mtu}`),
    value: ({ mtu }) => mtu ?? 0,
  },
  {
    title: "mpls",
    from: 130,
    text: ({ mpls }) => mpls.join(" "),
    value: ({ mpls }) => mpls.length,
  },
  {
    title: "rtt",
    from: 80,
    text: ({ samplesMs }) => sparkline(samplesMs, SPARKLINE_WIDTH),
    value: ({ worstMs }) => -(worstMs ?? 0),
  },
];

const SPARKLINE_WIDTH = 16;

export function hopsView({ snapshot, columns, sort }: ViewInput): ViewLines {
  const { path, diagnosis } = snapshot;
  const names = new Map(path.hopNames.map((one) => [one.address, one.name]));
  const rows = statisticsOf(snapshot).map((hop): HopRow => {
    const shown = hop.from.map((address) => {
      const name = names.get(address);
      return name == null ? address : `${name} (${address})`;
    });
    const mtu = diagnosis.chain.find(({ ttl }) => ttl === hop.ttl)?.mtu ?? null;
    const owners = hop.from.map((address) => domainOf(names.get(address) ?? null));
    const owner = [...new Set(owners)].join(" ").trim();
    return { ...hop, names: shown.join(", "), owner, mtu };
  });
  if (rows.length === 0) return { heading: [line(NOTHING, "dim")], body: [] };
  const drawn = table(rows, COLUMNS, { columns, sort });
  return {
    heading: [drawn.heading],
    body: drawn.rows.map(({ row, cells }) => ({
      id: `hop ${row.ttl}`,
      line: cells,
      evidence: row.evidence,
    })),
  };
}

/** "telia.net" of "ae1.fra.telia.net", "bt.co.uk" of "core2.bt.co.uk"; nothing of an address or of no name. */
export function domainOf(name: string | null): string {
  const labels = (name ?? "").replace(/\.$/, "").split(".");
  const [second = "", last = ""] = labels.slice(-2);
  if (labels.length < 2 || !/^[a-z]/i.test(last)) return "";
  const isShared = last.length === COUNTRY && second.length <= MOST_SHARED && labels.length > 2;
  return labels.slice(isShared ? -3 : -2).join(".");
}

/** A country's domain (ISO 3166), under which "co", "com" or "net" are nobody's own. */
const COUNTRY = 2;
const MOST_SHARED = 3;

/** Of the rounds, once there are any; of the run before. */
function statisticsOf({ path, watch }: Snapshot): readonly HopStatistics[] {
  if (watch === undefined || watch.hops.length === 0) return hopStatistics(path.probes);
  return watch.hops.map((hop) => ({
    ...hop,
    // Rounds are counted and not kept: what stands behind a row is what the run sent.
    evidence: path.probes.filter(({ ttl }) => ttl === hop.ttl).map(({ id }) => id),
  }));
}

const NOTHING = " no probe with a TTL was sent yet";

// Which rows the chain drawing has: folding, zones, and lanes cut by a black hole.

import { describe, expect, it } from "vitest";
import type { Diagnosis, Segment } from "../../src/schema/verdict.ts";
import { type ChainRow, chainRows } from "../../ui/chain-rows.ts";
import { sampleSegment } from "../src/report/sample-report.ts";
import { blackhole } from "./sample-snapshots.ts";

const NO_LIMIT = Number.POSITIVE_INFINITY;

function diagnosisOf(chain: readonly Segment[]): Diagnosis {
  return { ...blackhole.diagnosis, chain, findings: [] };
}

function words(rows: readonly ChainRow[]): string[] {
  return rows.map(wordsOf);
}

function wordsOf(row: ChainRow): string {
  switch (row.kind) {
    case "zone":
      return `# ${row.title}`;
    case "mark":
      return `! ${row.text}`;
    case "segment":
      return row.folded === 0 ? row.segment.kind : `${row.segment.kind} +${row.folded}`;
  }
}

const hops = (...statuses: readonly Segment["inbound"][]) =>
  statuses.map((inbound) => sampleSegment("internet-hop", { inbound }));

describe("the rows of a chain", () => {
  it("fold three alike hops and leave two", () => {
    const rows = chainRows(diagnosisOf(hops("ok", "ok", "ok", "silent", "silent", "ok")), NO_LIMIT);
    expect(words(rows)).toEqual([
      "# network",
      "internet-hop +2",
      "internet-hop",
      "internet-hop",
      "internet-hop",
    ]);
  });

  it("never fold the hop where packets vanish", () => {
    const rows = chainRows(diagnosisOf(hops("ok", "ok", "ok", "blackhole", "ok", "ok", "ok")), 1);
    expect(words(rows)).toEqual([
      "# outward from here",
      "internet-hop +2",
      "internet-hop",
      "! responses above 1400 bytes vanish here",
      "internet-hop +2",
    ]);
  });

  it("cut the inbound lane nearer than the hole and the outbound lane behind it", () => {
    const [near, hole, far] = [
      sampleSegment("nat"),
      sampleSegment("vpn-adapter", { inbound: "blackhole", outbound: "blackhole" }),
      sampleSegment("destination"),
    ];
    const cuts = chainRows(diagnosisOf([near, hole, far]), NO_LIMIT).flatMap((row) =>
      row.kind === "segment" ? row.cuts : [],
    );
    expect(cuts).toEqual([
      { outbound: false, inbound: true },
      { outbound: false, inbound: false },
      { outbound: true, inbound: false },
    ]);
  });

  it("have ids of their own, two marks on one segment included", () => {
    const both = sampleSegment("nat", { inbound: "broken", outbound: "broken" });
    const ids = chainRows(diagnosisOf([both, both]), NO_LIMIT).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("are none for an empty chain", () => {
    expect(chainRows(diagnosisOf([]), NO_LIMIT)).toEqual([]);
  });
});

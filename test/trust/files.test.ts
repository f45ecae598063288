// Files that are larger or deeper than any run makes them: a report all the same, or one sentence.

import { describe, expect, test } from "vitest";
import { readReport } from "../../src/commands/read-report.ts";
import { printable } from "../../src/report/escape.ts";
import { makeReport } from "../../src/report/make.ts";
import { textReport } from "../../src/report/text.ts";
import type { ProbeEvent } from "../../src/schema/event.ts";
import { parseHostSnapshot } from "../../src/schema/host-snapshot.ts";
import { readEvents } from "../recordings/files.ts";
import { adapter, address, ipInterface, route } from "../src/host/example.ts";

const EVENTS = readEvents("wsl2-vpn.root.ndjson.gz");
const DEEP: unknown = JSON.parse(`${"[".repeat(5000)}${"]".repeat(5000)}`);

/** The run with more in its snapshot. */
function withSources(more: Readonly<Record<string, unknown>>): readonly ProbeEvent[] {
  return EVENTS.map((event) => {
    if (event.kind !== "host-snapshot") return event;
    const snapshot = parseHostSnapshot(event.snapshot);
    return { ...event, snapshot: { ...snapshot, sources: { ...snapshot.sources, ...more } } };
  });
}

describe("a run whose snapshot", () => {
  const told = textReport(makeReport(EVENTS));

  test("is nested 5000 deep is told as it is without that", () => {
    expect(textReport(makeReport(withSources({ "Get-NetNat": DEEP })))).toBe(told);
  });

  test("has a text of 12 MB is told as it is without that", () => {
    const more = withSources({ "Get-Unknown": "x".repeat(12_000_000) });
    expect(textReport(makeReport(more))).toBe(told);
  });

  test("has a thousand adapters has a verdict", () => {
    const all = Array.from({ length: 1000 }, (_, n) => n + 100);
    const net = (n: number) => `10.${n >> 8}.${n & 255}`;
    const report = makeReport(
      withSources({
        "Get-NetAdapter": all.map((n) => adapter(`Ethernet ${n}`, n)),
        "Get-NetIPInterface": all.map((n) => ipInterface(`Ethernet ${n}`, n)),
        "Get-NetIPAddress": all.map((n) => address(n, `${net(n)}.5`, 24)),
        "Get-NetRoute": all.map((n) => route(n, "0.0.0.0/0", `${net(n)}.1`)),
      }),
    );
    expect(report.verdict).toBe("fault");
  });
});

test("a run of thirty thousand events has the verdict of the run", () => {
  const [end] = EVENTS.slice(-1);
  const [reply] = EVENTS.filter(({ kind }) => kind === "dns-reply");
  if (end === undefined || reply === undefined) throw new Error("the recording lacks them");
  const many = Array.from({ length: 30_000 }, (_, n) => ({ ...reply, id: `e${n + 10_000}` }));
  const { verdict, findings } = makeReport([...EVENTS.slice(0, -1), ...many, end]);
  expect([verdict, findings[0]?.cause]).toEqual(["fault", "vpn-mtu-inbound-blackhole"]);
});

test("a value of megabytes is cut where it is printed, once", () => {
  const cut = printable("\u001b".repeat(5_000_000));
  expect(cut.length).toBeLessThan(10_000);
  expect(cut).toContain("(5000000 characters)");
  expect(printable(cut)).toBe(cut);
});

test("a report that is nested deep and lacks all else is refused in a sentence", () => {
  const text = `{"schema":"wsl-trace.report/1","deep":${"[".repeat(5000)}${"]".repeat(5000)}}`;
  expect(() => readReport(text, "a.json")).toThrow(
    "the report a.json cannot be read (not in the form of one): give a file",
  );
});

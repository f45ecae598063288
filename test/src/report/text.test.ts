// The plain-text report: its exact text, its width, and that nothing from outside drives the terminal.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { textReport } from "../../../src/report/text.ts";
import type { Report } from "../../../src/schema/report.ts";
import type { Finding } from "../../../src/schema/verdict.ts";
import { expectGolden } from "../../ui/golden.ts";
import { blackholeReport, healthyReport, samplePmtu, sampleSegment } from "./sample-report.ts";

const golden = (name: string) => new URL(`text/${name}.txt`, import.meta.url);
const lastLines = (report: Report, count: number) =>
  textReport(report).trimEnd().split("\n").slice(-count).join("\n");

/** A report in which every string that can come from outside is `text`. */
function filledWith(text: string): Report {
  const [finding] = blackholeReport.findings;
  const other = [text];
  return {
    ...blackholeReport,
    reason: text,
    target: { input: text, host: text, port: 443, address: text },
    vantage: {
      kind: "wsl2",
      networkingMode: text,
      kernel: text,
      ladder: [{ rung: text, available: false, reason: text, enable: text }],
    },
    chain: [
      sampleSegment("nat", { name: text, address: text, reason: text, inbound: "unknown" }),
      sampleSegment("vpn-adapter", { name: text, inbound: "blackhole" }),
    ],
    stages: [{ stage: "tls", status: "failed", ms: 1, detail: text }],
    pmtu: {
      outbound: samplePmtu({ reason: text }),
      inbound: samplePmtu({ bytes: null, reason: text }),
    },
    findings:
      finding === undefined
        ? []
        : [
            {
              ...finding,
              cause: text,
              summary: text,
              evidence: other,
              ruledOut: [{ cause: text, because: text, evidence: other }],
              fixes: [{ where: "linux", title: text, commands: other, persistent: false }],
            },
          ],
    notChecked: [{ cause: text, reason: text }],
  };
}

describe("the plain-text report", () => {
  it("reports the user's second case", async () => {
    await expectGolden(textReport(blackholeReport), golden("blackhole"));
  });

  it("reports a healthy path on IPv6", async () => {
    await expectGolden(textReport(healthyReport), golden("healthy"));
  });

  it("marks a fault that lies between two segments", async () => {
    const findings = blackholeReport.findings.map(
      (finding): Finding => ({
        ...finding,
        cause: "pmtu-inbound-blackhole",
        segment: null,
        between: ["nat", "vpn-gateway"],
      }),
    );
    const chain = blackholeReport.chain.filter(
      ({ kind }) => kind !== "vpn-adapter" && kind !== "physical-nic",
    );
    const pmtu = {
      outbound: samplePmtu({ bytes: null, atLeast: null, basis: "unknown", reason: "not swept" }),
      inbound: samplePmtu({ bytes: null, atLeast: 1340, below: 1401, silent: true }),
    };
    await expectGolden(
      textReport({ ...blackholeReport, findings, chain, pmtu }),
      golden("bracketed"),
    );
  });

  it("reports what it does not know", () => {
    const text = textReport({
      ...healthyReport,
      verdict: "inconclusive",
      chain: [],
      target: { ...healthyReport.target, address: null },
      pmtu: {
        outbound: samplePmtu({ bytes: null, atLeast: null, basis: "unknown" }),
        inbound: samplePmtu({ bytes: null, atLeast: null, below: 900, silent: true }),
      },
    });
    expect(text).toContain("(no address was found)");
    expect(text).toContain("nothing of it could be read");
    expect(text).toContain("-> outbound  unknown\n");
    expect(text).toContain("<- inbound   below 900 bytes, silent: bigger packets vanish");
  });

  it("ends with the fix and the verdict within one screenful", () => {
    const screen = lastLines(blackholeReport, 24);
    expect(screen).toContain("$ sudo ip link set dev eth0 mtu 1400");
    expect(screen).toContain("verdict: fault.");
    expect(lastLines(blackholeReport, 1)).toMatch(/\[2\.4 s, 96 packets sent\]$/);
  });

  it("does not call a note the root cause", () => {
    const findings = blackholeReport.findings.map((finding) => ({
      ...finding,
      cause: "pmtu-cached",
      severity: "note" as const,
    }));
    const text = textReport({ ...healthyReport, findings });
    expect(text).toMatch(/^wsl-trace: healthy\n/);
    expect(text).not.toContain("root cause");
    expect(text).not.toContain("Do this first");
  });

  it("fits 80 columns wherever spaces allow it, commands apart", () => {
    const words = fc.array(fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 9 }), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(words, (parts) => {
        const lines = textReport(filledWith(parts.join(" "))).split("\n");
        const long = lines.filter((line) => line.length > 80 && !/^\s+(\$|PS>) /.test(line));
        expect(long).toEqual([]);
      }),
    );
  });

  it("holds no control character whatever the names are", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
        expect(textReport(filledWith(text))).not.toMatch(/[^\P{Cc}\n]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});

// What else the built-in lab does through the built command line, and the scenarios that the tool was made for over IPv6.

import { describe, expect, it } from "vitest";
import { report } from "../../src/schema/report.ts";
import { expectVerdict, wslTrace } from "./harness/lab-run.ts";

const MAIN = ["wsl2-vpn", "wsl2-vpn-silent", "wsl1-nrpt", "wsl2-healthy", "wsl2-vpn-pmtud-ok"];

describe("the lab", () => {
  // Over IPv4 they are run with all others.
  it.each(MAIN)("gives the verdict of %s over IPv6", (name) => expectVerdict(name, "-6"));

  it.each(["wsl2-vpn", "wsl1-nrpt"])(
    "cures %s with the proposed fix, while the control still fails",
    async (name) => {
      const { code, stderr } = await wslTrace([
        "lab",
        "run",
        name,
        "--fix",
        "--json",
        "--no-redact",
      ]);
      expect(stderr).toMatch(
        /verdicts: fault \(.*\) at first, fault \(.*\) without the fix, healthy/,
      );
      expect(code).toBe(0);
    },
  );

  it("is where `path --lab` traces, with the NRPT server in the fix", async () => {
    const { code, stdout } = await wslTrace([
      "path",
      "github.com",
      "--lab",
      "wsl1-nrpt",
      "--json",
      "--no-redact",
    ]);
    expect(code).toBe(1);
    const { findings } = report.parse(JSON.parse(stdout));
    expect(findings[0]?.cause).toBe("nrpt-only-vpn-dns");
    const server = findings[0]?.summary.split(" ")[0] ?? "none";
    expect(findings[0]?.fixes[0]?.commands.join()).toContain(`nameserver ${server}`);
  });

  it("is where `dns --lab` sends its queries, beside the servers that only Windows names", async () => {
    const { code, stdout } = await wslTrace([
      "dns",
      "github.com",
      "--lab",
      "wsl1-nrpt",
      "--json",
      "--no-redact",
    ]);
    expect(code).toBe(1);
    const { findings, resolvers } = report.parse(JSON.parse(stdout));
    expect(findings[0]?.cause).toBe("nrpt-only-vpn-dns");
    expect(resolvers?.servers.map(({ origin }) => origin)).toContain("nrpt");
    expect(resolvers?.windows.addresses).not.toBeNull();
  });

  it("takes the evidence of Windows away on request", async () => {
    const args = [
      "path",
      "github.com",
      "--lab",
      "wsl2-vpn",
      "--host-snapshot",
      "none",
      "--json",
      "--no-redact",
    ];
    const { findings } = report.parse(JSON.parse((await wslTrace(args)).stdout));
    expect(findings[0]).toMatchObject({ cause: "pmtu-inbound-blackhole", segment: null });
  });
});

// The built-in lab through the built command line: every scenario gives the verdict that it expects.

import { spawn } from "node:child_process";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { report } from "../../src/report/report.ts";

const CLI = path.resolve(import.meta.dirname, "../../dist/cli.js");
/** The five that the tool was made for: over both families. */
const MAIN = ["wsl2-vpn", "wsl2-vpn-silent", "wsl1-nrpt", "wsl2-healthy", "wsl2-vpn-pmtud-ok"];
/** One or two for each thing that a lab can have: `npm run accuracy` runs all of them. */
const ALSO = [
  ...(["server-mtu-1380", "server-syncookies", "vpn-mss-clamped", "server-mtu-probing"] as const),
  ...(["server-small-flight", "wsl2-forwarding-blocked", "wsl2-vpn-dead"] as const),
  ...(["wsl2-router-gone", "wsl2-cable-out", "wsl2-host-dns-dead"] as const),
  ...(["middlebox-eats-payload", "split-tunnel", "slow-link", "user-mode-nat"] as const),
  ...(["no-default-route", "vpn-steals-subnet", "docker-elsewhere", "dns-tunnel"] as const),
  ...(["dns-forged", "hosts-file-dead", "firewall-harmless", "tls-inspected"] as const),
  ...(["clock-behind", "login-page", "proxy-works", "proxy-left-behind"] as const),
] as const;

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function wslTrace(args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [CLI, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    const read = { stdout: "", stderr: "" };
    child.stdout.on("data", (chunk: Buffer) => {
      read.stdout += chunk.toString();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      read.stderr += chunk.toString();
    });
    child.on("close", (code) => resolve({ code, ...read }));
  });
}

describe("the lab", () => {
  it.each(
    [...MAIN, ...ALSO].flatMap((name) =>
      (MAIN.includes(name) ? ["-4", "-6"] : ["-4"]).map((family) => [name, family] as const),
    ),
  )("gives the verdict of %s %s", async (name, family) => {
    const { code, stderr } = await wslTrace(["lab", "run", name, "--expect", "--json", family]);
    expect(stderr).toContain(`${name}: the expected verdict came`);
    expect(code).toBe(0);
  });

  it.each(["wsl2-vpn", "wsl1-nrpt"])(
    "cures %s with the proposed fix, while the control still fails",
    async (name) => {
      const { code, stderr } = await wslTrace(["lab", "run", name, "--fix", "--json"]);
      expect(stderr).toMatch(
        /verdicts: fault \(.*\) at first, fault \(.*\) without the fix, healthy/,
      );
      expect(code).toBe(0);
    },
  );

  it("is where `path --lab` traces, with the NRPT server in the fix", async () => {
    const { code, stdout } = await wslTrace(["path", "github.com", "--lab", "wsl1-nrpt", "--json"]);
    expect(code).toBe(1);
    const { findings } = report.parse(JSON.parse(stdout));
    expect(findings[0]?.cause).toBe("nrpt-only-vpn-dns");
    const server = findings[0]?.summary.split(" ")[0] ?? "none";
    expect(findings[0]?.fixes[0]?.commands.join()).toContain(`nameserver ${server}`);
  });

  it("is where `dns --lab` asks, beside the servers that only Windows names", async () => {
    const { code, stdout } = await wslTrace(["dns", "github.com", "--lab", "wsl1-nrpt", "--json"]);
    expect(code).toBe(1);
    const { findings, resolvers } = report.parse(JSON.parse(stdout));
    expect(findings[0]?.cause).toBe("nrpt-only-vpn-dns");
    expect(resolvers?.servers.map(({ origin }) => origin)).toContain("nrpt");
    expect(resolvers?.windows.addresses).not.toBeNull();
  });

  it("takes the evidence of Windows away when asked to", async () => {
    const args = ["path", "github.com", "--lab", "wsl2-vpn", "--host-snapshot", "none", "--json"];
    const { findings } = report.parse(JSON.parse((await wslTrace(args)).stdout));
    expect(findings[0]).toMatchObject({ cause: "pmtu-inbound-blackhole", segment: null });
  });
});

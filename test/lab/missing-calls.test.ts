// A system call that is refused costs a part of the evidence: never the report, nor the truth of the verdict.
//
// WSL1, old kernels and sandboxes refuse them; here a seccomp filter does, in a healthy network and behind a tunnel that is
// silent about what it drops.

import { constants } from "node:os";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Lab } from "../../probes/lab/src/lab.ts";
import { scenarioNamed } from "../../probes/lab/src/scenarios.ts";
import { exitCodeOf } from "../../src/report/make.ts";
import type { Report } from "../../src/schema/report.ts";
import { labs } from "../matrix/live.ts";
import { widerCauses } from "../matrix/wider-causes.ts";
import type { Restriction } from "./harness/restricted.ts";
import { type RestrictedTrace, traceRestricted } from "./harness/restricted-trace.ts";

const USER = "user";
const { EPERM, EINVAL, ENOSYS } = constants.errno;

/** Each call alone where runs are short. */
const ALONE: readonly (readonly Restriction[])[] = [
  ["tcp-info"],
  ["error-queue"],
  ["timestamps"],
  ["path-mtu"],
  ["udp"],
  ["max-segment"],
  ["mtu-discovery"],
  ["ttl"],
  ["netlink"],
  ["tcp"],
  ["deleted-folder"],
  ["open-files-36"],
  ["wsl1-without-netlink"],
];
/** A hang is waited for: two at once. */
const PAIRS: readonly (readonly Restriction[])[] = [
  ["tcp-info", "timestamps"],
  ["error-queue", "deleted-folder"],
  ["path-mtu", "udp"],
  ["mtu-discovery", "netlink"],
  ["ttl", "open-files-36"],
  ["max-segment"],
  ["wsl1-without-netlink"],
];

const abort = new AbortController();
let healthy: Lab;
let silent: Lab;

beforeAll(async () => {
  [healthy, silent] = await Promise.all([build("wsl2-healthy"), build("wsl2-vpn")]);
});
afterAll(async () => {
  await Promise.all([healthy?.dispose(), silent?.dispose()]);
});

async function build(name: string): Promise<Lab> {
  const scenario = scenarioNamed(name);
  if (scenario === undefined) throw new Error(`no scenario ${name}`);
  return labs.build(scenario, { signal: abort.signal, notify: () => undefined });
}

/** The report, whole and of one mind with the exit code. */
async function reportOf(lab: Lab, how: RestrictedTrace): Promise<Report> {
  const { report, exitCode, stderr } = await traceRestricted(lab, how);
  if (report === null) throw new Error(`exit ${exitCode}: ${stderr}`);
  expect(report.events.at(-1)?.kind).toBe("run-ended");
  expect(exitCode).toBe(exitCodeOf(report.verdict));
  return report;
}

/** One after the other in each network, both networks side by side. */
describe.concurrent("with system calls refused", () => {
  it("a healthy network is never at fault", async () => {
    for (const restrictions of ALONE) {
      const report = await reportOf(healthy, { user: USER, restrictions });
      const named = restrictions.join();
      expect([named, report.verdict]).toEqual([
        named,
        expect.stringMatching(/^(healthy|inconclusive)$/),
      ]);
    }
  });

  it("a silent limit is named, or something wider, and nobody else", async () => {
    const wider = ["pmtu-inbound-blackhole", ...widerCauses("pmtu-inbound-blackhole")];
    for (const restrictions of PAIRS) {
      const { verdict, findings } = await reportOf(silent, { user: USER, restrictions });
      expect([restrictions, verdict]).toEqual([restrictions, "fault"]);
      const [first] = findings;
      expect(wider).toContain(first?.cause);
    }
  });
});

it("whatever error a refused UDP socket has, the name server is not to blame", async () => {
  for (const errno of [EPERM, EINVAL, ENOSYS]) {
    const report = await reportOf(healthy, { user: USER, restrictions: ["udp"], errno });
    expect([errno, report.verdict]).toEqual([errno, "healthy"]);
  }
});

it("as root, what stands on TCP_INFO and TCP_MAXSEG is missed and told", async () => {
  const restrictions: readonly Restriction[] = ["wsl1-without-netlink"];
  const report = await reportOf(silent, { user: "root", restrictions });
  expect(report.verdict).toBe("fault");
  expect(report.findings[0]?.segment).toBeNull();
  expect(report.pmtu.inbound.reason).toContain("TCP_MAXSEG (ENOPROTOOPT)");
  const missing = report.vantage.ladder.filter(({ available }) => !available);
  expect(missing.map(({ rung }) => rung)).toEqual(
    expect.arrayContaining(["tcp-info", "tcp-maxseg", "path-mtu", "netlink"]),
  );
  for (const { reason } of missing) expect(reason).not.toBeNull();
});

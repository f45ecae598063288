// Every level of privilege finds the same fault, and reports what was not observable.

import { describe, expect, it } from "vitest";
import type { Net } from "./independent/net.ts";
import { OFFICE } from "./independent/office.ts";
import { officeTests } from "./independent/office-tests.ts";
import { runTool, type ToolOptions, tracePath } from "./independent/tool.ts";

const MTU = 1391;
const site = officeTests(90);

/** A tunnel that is silent towards the guest; in a new namespace nobody has a ping socket. */
async function office(pingGroup = "1 0"): Promise<Net> {
  const net = await site.office({ bytes: 40_000, network: { tunnelMtu: MTU, farSilent: true } });
  await net.run("guest", "sysctl", "-qw", `net.ipv4.ping_group_range=${pingGroup}`);
  return net;
}

/** A search path where no program is. */
const NO_PROGRAMS = { PATH: "/nonexistent" };

const RUNGS: readonly {
  readonly who: string;
  readonly options: ToolOptions;
  readonly pings?: string;
  readonly missing: readonly string[];
}[] = [
  {
    who: "an ordinary user",
    options: {},
    missing: ["packet-marks", "ping-socket", "raw-socket", "kernel-events"],
  },
  {
    who: "a user who may ping",
    options: {},
    pings: "0 2147483647",
    missing: ["packet-marks", "raw-socket", "kernel-events"],
  },
  {
    who: "a user with CAP_NET_RAW alone",
    options: { privilege: "raw" },
    missing: ["ping-socket", "kernel-events"],
  },
  { who: "root", options: { privilege: "root" }, missing: ["ping-socket"] },
  { who: "sudo", options: { privilege: "sudo" }, missing: ["ping-socket"] },
  {
    who: "a user without iproute2 or any other program",
    options: { env: NO_PROGRAMS },
    missing: ["packet-marks", "ping-socket", "raw-socket", "kernel-events"],
  },
];

const target4 = `https://${OFFICE.site4}/`;
const target6 = `https://[${OFFICE.site6}]/`;
const flags = () => ["--ca", site.files.ca, "--host-snapshot", "none", "-n"];

describe.each(RUNGS)("$who", ({ options, pings, missing }) => {
  // What needs no privilege needs none over IPv6 either: once for all, and once without programs.
  const both = pings === undefined && options.privilege === undefined;
  it.each(both ? [target4, target6] : [target4])(
    "finds the silent limit to %s to the byte",
    async (target) => {
      const on = await office(pings);
      const { report } = await tracePath(on, [target, ...flags()], options);
      expect(report.findings[0]?.cause).toBe("pmtu-inbound-blackhole");
      expect(report.pmtu.inbound).toMatchObject({ bytes: MTU, exact: true, silent: true });
      expect(report.pmtu.outbound).toMatchObject({ bytes: MTU, exact: true });
      const unseen = report.vantage.ladder.filter(({ available }) => !available);
      expect(unseen.map(({ rung }) => rung)).toEqual(missing);
      for (const { reason } of unseen) expect(reason).not.toBeNull();
    },
  );
});

it("the text names each privilege that is missing with its reason, and the command that gives it", async () => {
  const on = await office();
  const { stdout } = await runTool(on, "guest", ["path", target4, ...flags()]);
  const section = stdout.slice(stdout.indexOf("Not observable from here"));
  expect(section).toMatch(
    /\? ping-socket: socket: EACCES; not seen: [^\n]*\n {6}\$ sudo sysctl -w net\.ipv4\.ping/,
  );
  expect(section).toMatch(/\? raw-socket: socket: EPERM; not seen: /);
  expect(section).toMatch(/\? kernel-events: /);
});

// The raw engine from the command line: the same findings as the default engine's, each privilege on its own.

import path from "node:path";
import { describe, expect, it } from "vitest";
import { OFFICE, type OfficeOptions } from "./independent/office.ts";
import { officeTests } from "./independent/office-tests.ts";
import { ENGINES, runTool, tracePath, traceWith } from "./independent/tool.ts";

const site = officeTests(0);
const { folder } = site;
const target = `https://${OFFICE.site4}/`;
const target6 = `https://[${OFFICE.site6}]/`;

const office = (network: OfficeOptions = { tunnelMtu: 1500 }) =>
  site.office({ bytes: 400, network });

const options = () => ["--ca", site.files.ca, "--host-snapshot", "none", "-n"];
const RAW = ["--engine", "raw-socket"] as const;

type Traced = Awaited<ReturnType<typeof tracePath>>["report"];

const hops = (report: Traced) =>
  report.chain.flatMap(({ ttl, address }) => (ttl === null ? [] : [[ttl, address]]));

describe.each([
  ["an ordinary user", "none", []],
  ["root", "root", RAW],
  ["a user with CAP_NET_RAW alone", "raw", RAW],
] as const)("%s", (_, privilege, engine) => {
  it.each([
    [4, target, [OFFICE.box4, OFFICE.far4, OFFICE.site4]],
    [6, target6, [OFFICE.box6, "2001:db8:72::1", OFFICE.site6]],
  ] as const)(
    "sees the hops and the size of a tunnel over IPv%i, and leaves nothing learnt",
    async (_family, to, way) => {
      const on = await office({ tunnelMtu: 1400 });
      const { report, code } = await tracePath(on, [to, ...options(), ...engine], { privilege });
      expect(code).toBe(0);
      expect(hops(report)).toEqual(way.map((address, n) => [n + 1, address]));
      expect(report.pmtu.outbound).toMatchObject({ bytes: 1400, exact: true, basis: "icmp" });
      const host = new URL(to).hostname.replace(/[[\]]/g, "");
      expect(await on.ip("guest", "route", "get", host)).not.toContain("mtu");
    },
  );
});

it.each(ENGINES)("finds a silent limit of the outbound path: $engine", async ({ flags }) => {
  const on = await office({ tunnelMtu: 1400, middleboxSilent: true });
  const argv = [target, ...options(), ...flags];
  const { report } = await traceWith(on, "mtu", argv, { privilege: "root" });
  expect(report.pmtu.outbound).toMatchObject({ bytes: 1400, exact: true, silent: true });
});

const rung = (report: Traced) => report.vantage.ladder.find((one) => one.rung === "raw-socket");

describe("--engine raw-socket", () => {
  it("without the privilege ends with one sentence that names the next step", async () => {
    const on = await office();
    const { code, stdout, stderr } = await runTool(on, "guest", [
      "path",
      target,
      ...options(),
      ...RAW,
    ]);
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr).toBe(
      "wsl-trace: --engine raw-socket cannot be used here, because it needs CAP_NET_RAW (EPERM): run it with sudo, or leave --engine out: the default engine needs no privilege\n",
    );
  });

  it("without the package ends in the same way, and the list of privileges names what is missing", async () => {
    const on = await office();
    const hidden = path.resolve(import.meta.dirname, "../../node_modules/raw-socket");
    const run = { hidden, privilege: "root" } as const;
    const refused = await runTool(on, "guest", ["path", target, ...options(), ...RAW], run);
    expect(refused).toMatchObject({ code: 3, stdout: "" });
    expect(refused.stderr).toMatch(
      /^wsl-trace: --engine raw-socket cannot be used here, because it needs the package raw-socket.*: install it with .*\n$/,
    );
    const { code, report } = await tracePath(on, [target, ...options()], run);
    expect(code).toBe(0);
    expect(rung(report)).toMatchObject({
      available: false,
      reason: expect.stringContaining("not installed"),
    });
  });

  it("is kept in the recording, which replays to the same bytes", async () => {
    const on = await office();
    const file = `${folder.path}/raw.ndjson`;
    const argv = [target, ...options(), ...RAW, "--record", file];
    const { json, report } = await tracePath(on, argv, { privilege: "root" });
    const started = report.events.find(({ kind }) => kind === "run-started");
    expect(started).toMatchObject({ options: { engine: "raw-socket" } });
    const replayed = await runTool(on, "guest", ["replay", file, "--json", "--no-redact"], {
      privilege: "root",
    });
    expect(replayed.stdout).toBe(json);
  });
});

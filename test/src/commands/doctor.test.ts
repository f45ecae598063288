// What `wsl-trace doctor` says of an installation, and its exit code.

import { expect, it } from "vitest";
import { inspectInstallation } from "../../../probes/installation.ts";
import { doctor } from "../../../src/commands/doctor.ts";
import type { EnvRequest } from "../../../src/commands/env.ts";
import type { Installation } from "../../../src/schema/installation.ts";
import { withSystemFolders } from "../../../src/system-folders.ts";
import { parseTarget } from "../../../src/target.ts";
import { numbered, runStarted, vantage } from "../../builders/events.ts";

const WHOLE: Installation = {
  version: "1.2.3",
  node: "v22.1.0",
  execPath: "/opt/node",
  platform: "linux x64",
  glibc: "2.31",
  koffiProblem: null,
  hasRawSocketPackage: true,
  programs: [
    { name: "ip", path: "/sbin/ip", without: "rules", install: "apt-get install iproute2" },
  ],
};

async function said(changes: Partial<Installation>, json = false) {
  let text = "";
  const request: EnvRequest = {
    target: parseTarget("192.0.2.1", undefined),
    options: runStarted().options,
    json,
    recordFile: null,
    redaction: { applied: true, target: false },
  };
  const code = await doctor(request, {
    inspect: async () => ({ ...WHOLE, ...changes }),
    trace: async function* (_target, _options, record) {
      for (const event of numbered([{ ...runStarted(), command: "env" }, vantage()])) record(event);
      yield* [];
    },
    show: null,
    print: (more) => {
      text += more;
    },
  });
  return { code, text };
}

it("has a line for each part that is there", async () => {
  const { code, text } = await said({});
  expect(code).toBe(0);
  expect(text).toContain("+ wsl-trace 1.2.3, Node v22.1.0 (/opt/node), linux x64, glibc 2.31");
  expect(text).toContain("+ ip: /sbin/ip");
});

it("says what is lost without a part, and what to type", async () => {
  const programs = [
    { name: "nft", path: null, without: "the lab", install: "apt-get install nftables" },
  ];
  const { code, text } = await said({ programs, hasRawSocketPackage: false });
  expect(code).toBe(0);
  expect(text).toContain(
    "? nft is not here; without it: the lab\n      $ apt-get install nftables",
  );
  expect(text).toContain("$ npm install -g raw-socket@npm:@neuralegion/raw-socket");
});

it.each([
  [
    "Cannot find module '@koromix/koffi-linux-x64'",
    "$ npm install --global --include=optional @koromix/koffi-linux-x64 wsl-trace",
  ],
  ["koffi.node: cannot open shared object file", "not the one for this machine"],
  ["koffi.node: failed to map segment from shared object", "mounted noexec"],
  ["Error loading shared library ld-linux-x86-64.so.2", "musl (Alpine) will not do"],
])("says what to do where koffi did not load: %s", async (koffiProblem, advice) => {
  const { code, text } = await said({ koffiProblem });
  expect(code).toBe(0);
  expect(text).toContain("? koffi did not load: ");
  expect(text.replace(/\n +/g, " ")).toContain(advice);
});

it("gives the same as JSON", async () => {
  const { text } = await said({}, true);
  expect(JSON.parse(text)).toMatchObject({ installation: WHOLE, windowsMs: null });
});

it("gives JSON that neither drives a terminal nor turns its direction", async () => {
  const { text } = await said({ execPath: "/opt/n\u009b\u202e" }, true);
  expect(text).toContain('"/opt/n\\u009b\\u202e"');
});

it("finds this installation's own parts", async () => {
  const { report, version, execPath, platform, arch } = process;
  const own = { env: { PATH: "/nowhere" }, report, version, execPath, platform, arch };
  const found = await inspectInstallation("1.2.3", own, false, async () => undefined);
  expect(found).toMatchObject({ glibc: expect.stringMatching(/^2\.\d+$/) });
  expect(found.programs.every(({ path }) => path === null)).toBe(true);
});

it("a search path gets the system folders that it lacks, at its end", () => {
  expect(withSystemFolders("/usr/bin:/bin:/sbin")).toBe("/usr/bin:/bin:/sbin:/usr/sbin");
  expect(withSystemFolders("/nowhere")).toBe("/nowhere");
  expect(withSystemFolders(undefined)).toBe("");
});

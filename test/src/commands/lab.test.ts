// The lab commands, with a lab and programs that only record their calls.

import { describe, expect, it } from "vitest";
import { labClean, labList, labRun, labRunOf } from "../../../src/commands/lab.ts";
import type {
  BuildingScreen,
  LabDeps,
  LabScenario,
  LabSeen,
} from "../../../src/commands/lab-port.ts";
import type { Report } from "../../../src/schema/report.ts";
import { blackholeReport } from "../report/sample-report.ts";

const SCENARIO: LabScenario = {
  name: "wsl2-vpn",
  title: "WSL2 + VPN",
  topology: { picture: "guest -- host" },
  vantage: "guest",
  target: "github.com",
  command: "path",
  options: [],
  family: 4,
};

const run = { scenario: "wsl2-vpn", fix: false, expect: false, targets: [], extra: ["--json"] };

function deps(reports: readonly (Report | null)[] = [], unexpected: readonly string[] = []) {
  const done: string[] = [];
  const left = [...reports];
  const all: LabDeps = {
    lab: {
      cleanLeftovers: async () => ["namespace wt1g"],
      build: async () => ({
        scenario: SCENARIO,
        snapshotFile: "S",
        caFile: "C",
        directory: "D",
        namespaces: {},
        vantage: { namespace: "N", command: ([file = "", ...args]) => ({ file, args }) },
        prepare: async () => void done.push("prepare"),
        flushCaches: async () => void done.push("flush"),
        applyFix: async (fix) => void done.push(fix.commands.join()),
        unexpected: () => unexpected,
        dispose: async () => void done.push("dispose"),
      }),
    },
    self: { file: "node", args: ["cli.js"] },
    shell: "sh",
    signal: new AbortController().signal,
    runInherited: async ({ args }) => {
      done.push(args.join(" "));
      return 1;
    },
    readReport: async () => left.shift() ?? null,
    print: (text) => void done.push(text),
    notify: (line) => void done.push(line),
    building: null,
  };
  return { all, done };
}

describe("wsl-trace lab", () => {
  it("draws what is being built, and tells the rest when the screen is gone", async () => {
    const { all, done } = deps();
    const { build } = all.lab;
    const drawn: LabSeen[] = [];
    const lab = {
      ...all.lab,
      build: async (...[name, options]: Parameters<typeof build>) => {
        options.begin("servers", SCENARIO);
        options.notify("the VPN is a real one");
        return build(name, options);
      },
    };
    const building: BuildingScreen = {
      show: (seen) => drawn.push(seen),
      end: async () => void done.push("gone"),
    };
    await labRun({ ...run, extra: [] }, { ...all, lab, building });
    expect(drawn).toMatchObject([{ name: "wsl2-vpn", title: "WSL2 + VPN", work: ["servers"] }]);
    expect(done.slice(0, 3)).toEqual(["gone", "the VPN is a real one", "prepare"]);
    drawn.length = 0;
    await labRun(run, { ...all, lab, building });
    expect(drawn).toEqual([]);
  });

  it("lists every scenario with its title", async () => {
    const { all, done } = deps();
    const scenarios = [SCENARIO, { name: "wsl1", title: "WSL1" }];
    expect(await labList(scenarios, all)).toBe(0);
    expect(done).toEqual(["wsl2-vpn  WSL2 + VPN\n", "wsl1      WSL1\n"]);
  });

  it("traces the scenario's target in the vantage and gives the trace's exit code", async () => {
    const { all, done } = deps();
    expect(await labRun(run, all)).toBe(1);
    expect(done).toEqual([
      "prepare",
      "cli.js path github.com --host-snapshot S --ca C --once -4 --json",
      "dispose",
    ]);
  });

  it("gives env the snapshot alone, and no target that it would have to resolve", async () => {
    const { all, done } = deps();
    const typed = { targetsAsTyped: [], optionsAsTyped: ["-6"] };
    await labRun(labRunOf("wsl2-vpn", typed, "env"), all);
    expect(done[1]).toBe("cli.js env --host-snapshot S -6");
  });

  it("removes the lab when the trace could not be started", async () => {
    const { all, done } = deps();
    const failing = { ...all, runInherited: () => Promise.reject(new Error("no such program")) };
    await expect(labRun(run, failing)).rejects.toThrow("no such program");
    expect(done).toEqual(["prepare", "dispose"]);
  });

  it("gives 0 for the expected verdict and 1, with what differed, for another", async () => {
    const right = deps([expectedReport()]);
    expect(await labRun({ ...run, expect: true }, right.all)).toBe(0);
    expect(right.done).toContain("wsl2-vpn: the expected verdict came");
    const wrong = deps([expectedReport()], ["the verdict", "the segment"]);
    expect(await labRun({ ...run, expect: true }, wrong.all)).toBe(1);
    expect(wrong.done).toContain("wsl2-vpn: not as expected: the verdict; the segment");
  });

  it("shows that the fix cures and that nothing else did", async () => {
    const healthy: Report = { ...expectedReport(), verdict: "healthy", findings: [] };
    const cured = deps([expectedReport(), expectedReport(), healthy]);
    expect(await labRun({ ...run, fix: true }, cured.all)).toBe(0);
    const order = cured.done.filter((line) => line === "flush" || line.startsWith("sudo"));
    expect(order).toEqual(["flush", "sudo ip link set dev eth0 mtu 1400", "flush"]);
    const recoveredByItself = deps([expectedReport(), healthy, healthy]);
    expect(await labRun({ ...run, fix: true }, recoveredByItself.all)).toBe(1);
  });

  it("reports what was cleaned", async () => {
    const { all, done } = deps();
    expect(await labClean(all)).toBe(0);
    expect(done).toEqual(["removed namespace wt1g\n"]);
  });
});

function expectedReport(): Report {
  return blackholeReport;
}

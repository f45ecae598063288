// Commands for the vantage carry data as arguments only, and fixes are checked before they run.

import { describe, expect, it } from "vitest";
import { namespacesFor, pidOfNamespace } from "../../../probes/lab/src/network/namespace.ts";
import { checkResolvConf, runFix, vantageCommand } from "../../../probes/lab/src/vantage.ts";
import { realLabSystem } from "../../builders/lab-system.ts";

const files = {
  resolvConf: "/tmp/a b/resolv.conf",
  sysMount: "/tmp/a b/sys",
  windows: "/tmp/a b/w",
  hosts: null,
  nsswitch: null,
  env: {},
};
const fix = { where: "linux" as const, title: "Lower the MTU", persistent: false };

describe("the vantage", () => {
  it("passes a program's arguments on one by one", () => {
    const { file, args } = vantageCommand("wt1g", files, ["echo", "$(id); rm -rf"]);
    expect(file).toBe("nsenter");
    expect(args.slice(-9)).toEqual([
      files.resolvConf,
      files.sysMount,
      files.windows,
      "",
      "",
      "env",
      "XDG_STATE_HOME=/tmp/a b",
      "echo",
      "$(id); rm -rf",
    ]);
    expect(args.filter((arg) => arg.includes("/tmp/a b"))).toHaveLength(4);
  });

  it("refuses a fix with a line break, one for Windows, and one that writes files to keep", async () => {
    const run = (more: object, commands: readonly string[]) =>
      runFix(realLabSystem, { ...fix, ...more, commands }, () => ({ file: "false", args: [] }));
    await expect(run({}, ["true\nreboot"])).rejects.toThrow("line break");
    await expect(run({ where: "windows" }, ["netsh"])).rejects.toThrow("no Windows");
    await expect(run({ persistent: true }, ["true"])).rejects.toThrow("to keep");
  });

  it("names the command of a fix that failed", async () => {
    const failing = { ...fix, commands: ["sudo ip link set dev eth9 mtu 1400"] };
    const run = runFix(realLabSystem, failing, () => ({ file: "false", args: [] }));
    await expect(run).rejects.toThrow("eth9");
  });

  it("names the next step where /etc/resolv.conf is missing or a link to nothing", async () => {
    const gone = { ...realLabSystem, fileFacts: async () => null };
    const dangling = { ...gone, readLink: async () => "/run/stub" };
    const absent = { ...gone, readLink: () => Promise.reject(new Error("ENOENT")) };
    await expect(checkResolvConf(dangling)).rejects.toThrow("/run/stub");
    await expect(checkResolvConf(absent)).rejects.toThrow("create /etc/resolv.conf");
  });

  it("knows its own namespaces' names from others", () => {
    const names = namespacesFor(["guest", "server"], 4321, 2);
    expect(names).toEqual({ guest: "wt4321gb", server: "wt4321sb" });
    expect(pidOfNamespace("wt4321gb")).toBe(4321);
    for (const other of ["wt_c", "wt12xs", "wt012g", "awt12g", "wt12"]) {
      expect(pidOfNamespace(other)).toBeNull();
    }
  });
});

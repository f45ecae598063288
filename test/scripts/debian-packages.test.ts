// Which Debian packages the set-up finds missing, and how it gets them.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { missingPackages as missingInLab } from "../../probes/lab/src/missing-packages.ts";
import {
  missingPackages,
  PACKAGES,
  provideDebianPackages,
} from "../../scripts/debian-packages.mjs";
import { realLabSystem } from "../builders/lab-system.ts";
import { folderWith } from "./folder.ts";

const REQUIRED = ["ip", "nft", "ethtool", "nsenter", "unshare", "mount"];

/** A folder that is the whole PATH, with these programs in it. */
function pathWith(...programs: readonly string[]): string {
  return join(
    folderWith(Object.fromEntries(["none", ...programs].map((name) => [`bin/${name}`, ""]))),
    "bin",
  );
}

/** An apt-get that brings the programs it is told to. */
function fakeApt(
  path: string,
  options: { isRoot: boolean; brings: readonly string[]; output?: string },
) {
  const calls: string[] = [];
  const said: string[] = [];
  const tools = {
    path,
    isRoot: options.isRoot,
    notify: (text: string) => said.push(text),
    fail: (text: string) => new Error(text),
    runQuietly: async (_file: string, args: readonly string[]) => {
      calls.push(args.filter((arg) => !/^-|::/.test(arg)).join(" "));
      for (const program of args[0] === "install" ? options.brings : []) {
        writeFileSync(join(path, program), "", { mode: 0o755 });
      }
      return { code: 0, output: options.output ?? "" };
    },
  };
  return {
    run: (givenUp: readonly string[] = []) => provideDebianPackages(tools, givenUp),
    calls,
    said,
  };
}

describe("missing packages", () => {
  it("are those of which a program is in no folder of PATH", () => {
    expect(missingPackages(`/nowhere:${pathWith("ip", "ethtool", "nsenter", "mount")}`)).toEqual({
      required: ["nftables", "util-linux"],
      optional: ["wireguard-go"],
    });
  });

  it("are none when every program is there", () => {
    const path = pathWith(...REQUIRED, "wireguard-go");
    expect(missingPackages(path)).toEqual({ required: [], optional: [] });
  });

  it("a file that cannot be executed and a folder do not count", () => {
    const root = folderWith({ "ip/file": "", nft: "" });
    expect(missingPackages(root).required).toContain("iproute2");
    expect(missingPackages(root).required).toContain("nftables");
  });

  it("are the same that the lab asks for", async () => {
    const run = async () => ({ exitCode: 127, stdout: "", stderr: "" });
    const required = PACKAGES.filter((entry: { required: boolean }) => entry.required);
    expect(required.map((entry: { name: string }) => entry.name)).toEqual(
      await missingInLab({ ...realLabSystem, run }),
    );
  });
});

describe("providing packages", () => {
  it("does nothing when all is there", async () => {
    const apt = fakeApt(pathWith(...REQUIRED, "wireguard-go"), { isRoot: true, brings: [] });
    expect(await apt.run()).toEqual([]);
    expect(apt.calls).toEqual([]);
  });

  it("as root says it in one line, then updates and installs", async () => {
    const apt = fakeApt(pathWith(...REQUIRED.slice(1), "apt-get"), {
      isRoot: true,
      brings: ["ip", "wireguard-go"],
    });
    expect(await apt.run()).toEqual([]);
    expect(apt.said).toEqual([
      "installing Debian packages: iproute2, wireguard-go (apt-get, about 10 s)",
    ]);
    expect(apt.calls).toEqual(["update", "install iproute2 wireguard-go"]);
  });

  it("as an ordinary user names the required ones and what to type", async () => {
    const apt = fakeApt(pathWith("ip", "apt-get"), { isRoot: false, brings: [] });
    await expect(apt.run()).rejects.toThrow(
      /^missing Debian packages: nftables, ethtool, util-linux, mount\. Only root .*apt-get install .*nftables/,
    );
    expect(apt.calls).toEqual([]);
  });

  it("without apt-get says so", async () => {
    const apt = fakeApt(pathWith(), { isRoot: true, brings: [] });
    await expect(apt.run()).rejects.toThrow("This system has no apt-get");
  });

  it("only mentions an optional one to an ordinary user", async () => {
    const apt = fakeApt(pathWith(...REQUIRED, "apt-get"), { isRoot: false, brings: [] });
    expect(await apt.run()).toEqual(["wireguard-go"]);
    expect(apt.said).toEqual([expect.stringContaining("going on without wireguard-go")]);
  });

  it("gives up an optional one that apt-get does not have, and does not ask again", async () => {
    const path = pathWith(...REQUIRED, "apt-get");
    const apt = fakeApt(path, { isRoot: true, brings: [] });
    expect(await apt.run()).toEqual(["wireguard-go"]);
    expect(apt.said.at(-1)).toBe("going on without wireguard-go");
    const again = fakeApt(path, { isRoot: true, brings: [] });
    expect(await again.run(["wireguard-go"])).toEqual(["wireguard-go"]);
    expect(again.calls).toEqual([]);
  });

  it("tells what apt-get complained about when a required one stays away", async () => {
    const apt = fakeApt(pathWith("apt-get"), {
      isRoot: true,
      brings: [],
      output: "Reading lists\nE: Unable to locate package nftables\n",
    });
    await expect(apt.run()).rejects.toThrow(
      /did not install iproute2, nftables.*E: Unable to locate package nftables/,
    );
  });
});

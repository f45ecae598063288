// When npm packages are installed, and what happens when npm cannot.

import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  markInstalled,
  packagesState,
  provideNpmPackages,
  registryProblem,
} from "../../scripts/npm-packages.mjs";
import { folderWith } from "./folder.ts";

const LOCK = "package-lock.json";
const TREE = "node_modules/.package-lock.json";
const STAMP = "node_modules/.wsl-trace.json";
const INSTALLED = { [LOCK]: "lock", [TREE]: "tree" };

function installed(): string {
  const root = folderWith(INSTALLED);
  markInstalled(root);
  return root;
}

/** npm, as told: each answer is an exit code and what it prints. */
function fakeNpm(root: string, ...answers: readonly (readonly [number, string])[]) {
  const calls: string[] = [];
  const said: string[] = [];
  const tools = {
    npm: ["npm"],
    notify: (text: string) => said.push(text),
    fail: (text: string) => new Error(text),
    runQuietly: async (_file: string, args: readonly string[]) => {
      calls.push(`${args[0]}, stamp ${existsSync(join(root, STAMP)) ? "there" : "gone"}`);
      const [code, output] = answers[calls.length - 1] ?? [0, ""];
      return { code, output };
    },
  };
  return { run: () => provideNpmPackages(root, tools), calls, said };
}

describe("the state of node_modules", () => {
  it("is ready after an installation of this lock file", () => {
    expect(packagesState(installed())).toBe("ready");
  });

  it("is older when the lock file has changed since", () => {
    const root = installed();
    writeFileSync(join(root, LOCK), "another");
    expect(packagesState(root)).toBe("older");
  });

  it("is none without a stamp, as a killed installation leaves it", () => {
    expect(packagesState(folderWith(INSTALLED))).toBe("none");
  });

  it("is none when somebody else has changed the tree since, or emptied it", () => {
    const root = installed();
    writeFileSync(join(root, TREE), "without dev");
    expect(packagesState(root)).toBe("none");
    rmSync(join(root, TREE));
    expect(packagesState(root)).toBe("none");
  });

  it("is none when the stamp is cut short or of another platform", () => {
    const root = installed();
    writeFileSync(join(root, STAMP), '{"tree":');
    expect(packagesState(root)).toBe("none");
    writeFileSync(join(root, STAMP), '{"tree":"x","lock":"y","platform":"win32-x64"}');
    expect(packagesState(root)).toBe("none");
  });
});

describe("installing", () => {
  it("does nothing when all is there", async () => {
    const npm = fakeNpm(installed());
    await npm.run();
    expect(npm.calls).toEqual([]);
    expect(npm.said).toEqual([]);
  });

  it("runs npm ci where nothing whole is there, and is ready then", async () => {
    const root = folderWith(INSTALLED);
    const npm = fakeNpm(root, [0, ""]);
    await npm.run();
    expect(npm.calls).toEqual(["ci, stamp gone"]);
    expect(packagesState(root)).toBe("ready");
  });

  it("installs in place over an older tree, which npm puts back when it fails", async () => {
    const root = installed();
    writeFileSync(join(root, LOCK), "another");
    const npm = fakeNpm(root, [1, "npm error code EAI_AGAIN"]);
    await npm.run();
    expect(npm.calls).toEqual(["install, stamp gone"]);
    expect(npm.said.at(-1)).toContain("cannot be reached (EAI_AGAIN): going on");
    expect(packagesState(root)).toBe("older");
  });

  it("without network and without packages says what to do, and leaves no stamp", async () => {
    const root = folderWith({ [LOCK]: "lock" });
    const npm = fakeNpm(root, [1, "npm error code ENOTFOUND"]);
    await expect(npm.run()).rejects.toThrow(/cannot be reached \(ENOTFOUND\): connect, or set/);
    expect(packagesState(root)).toBe("none");
  });

  it("takes npm install when npm ci calls the lock file out of step", async () => {
    const root = folderWith(INSTALLED);
    const npm = fakeNpm(root, [1, "npm error code EUSAGE"], [0, ""]);
    await npm.run();
    expect(npm.calls).toEqual(["ci, stamp gone", "install, stamp gone"]);
  });

  it("shows what npm said when it was not the network", async () => {
    const npm = fakeNpm(folderWith({}), [1, "npm error code EACCES"]);
    await expect(npm.run()).rejects.toThrow(
      "npm could not install the packages:\nnpm error code EACCES",
    );
  });
});

it("a full disk is no trouble of the registry, a proxy's certificate is", () => {
  expect(registryProblem("npm error code ENOSPC")).toBeNull();
  expect(registryProblem("code SELF_SIGNED_CERT_IN_CHAIN")).toBe("SELF_SIGNED_CERT_IN_CHAIN");
});

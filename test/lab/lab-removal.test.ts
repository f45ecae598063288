// Whatever ends a program that holds a lab: nothing of the lab stays, or `clean` finds it.

import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { processesInside } from "../../probes/lab/src/network/processes.ts";
import { realLabSystem } from "../builders/lab-system.ts";
import { bundleLabHost, type LabHostBundle } from "./harness/lab-host-bundle.ts";
import { openLabs, type TestLabs, tracesOf, whyNoLab } from "./harness/labs.ts";

const CHILD = fileURLToPath(new URL("./harness/lab-child.ts", import.meta.url));

describe.skipIf(whyNoLab !== null)(`removing a lab${whyNoLab ? ` (${whyNoLab})` : ""}`, () => {
  let bundle: LabHostBundle;
  let labs: TestLabs;
  beforeAll(async () => {
    bundle = await bundleLabHost();
    labs = await openLabs();
  });
  afterAll(async () => {
    await labs.close();
    await bundle.remove();
  });

  /** A program that holds a lab, once the lab stands. */
  async function startChild(prefix: readonly string[] = []) {
    const [script = ""] = bundle.command.args;
    const rootless = prefix.length > 0 ? ["rootless"] : [];
    const node = [process.execPath, "--import", "tsx", CHILD, script, "wsl2-vpn", ...rootless];
    const [file = "", ...args] = [...prefix, ...node];
    const child = execa(file, args, { reject: false, buffer: false });
    const { value, done } = await createInterface(child.stdout)[Symbol.asyncIterator]().next();
    if (done) throw new Error(`no lab came, exit code ${(await child).exitCode}`);
    const ready: { pid: number; tunnel: string; resolvConf: string; addresses: string } =
      JSON.parse(value);
    return { child, ready };
  }

  it.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
    "leaves nothing behind after %s",
    async (signal) => {
      const { child, ready } = await startChild();
      expect(await tracesOf(ready.pid)).not.toEqual([]);
      child.kill(signal);
      await child;
      expect(await tracesOf(ready.pid)).toEqual([]);
    },
  );

  it("leaves nothing behind when the signal comes twice", async () => {
    const { child, ready } = await startChild();
    child.kill("SIGINT");
    child.kill("SIGTERM");
    child.kill("SIGINT");
    await child;
    expect(await tracesOf(ready.pid)).toEqual([]);
  });

  it("cleans up after kill -9, and leaves living labs and names of others alone", async () => {
    const living = await labs.build("wsl2-healthy");
    const other = `other-wt${process.pid}`;
    await execa("ip", ["netns", "add", other]);
    const { child, ready } = await startChild();
    const dead = (await tracesOf(ready.pid)).filter((name) => /^wt\d+[a-z]$/.test(name));
    child.kill("SIGKILL");
    await child;
    const removed = await labs.factory.cleanLeftovers();
    expect(removed.join("\n")).toContain(`namespace wt${ready.pid}g`);
    expect(dead).toHaveLength(6);
    expect(await tracesOf(ready.pid)).toEqual([]);
    expect(await processesInside(realLabSystem, dead)).toEqual([]);
    const { stdout } = await execa("ip", ["netns", "list"]);
    expect(stdout).toContain(other);
    expect(stdout).toContain(living.vantage.namespace);
    // Other tests' labs may have died in the meantime.
    expect((await labs.factory.cleanLeftovers()).join("\n")).not.toContain(`wt${ready.pid}`);
    await execa("ip", ["netns", "del", other]);
    await living.dispose();
  });

  it("works for a user without any privilege, in a user namespace", async () => {
    const nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
    const unshare = ["unshare", "--user", "--map-root-user", "--net", "--mount", "--"];
    const { child, ready } = await startChild([...nobody, ...unshare]);
    // Which of both depends on who may open /dev/net/tun, which is for everybody where udev made it.
    expect(["plain", "wireguard-go"]).toContain(ready.tunnel);
    expect(ready.resolvConf).toContain("nameserver 172.24.16.1");
    expect(ready.addresses).toContain("172.24.25.20/20");
    child.kill("SIGTERM");
    await child;
    expect(await tracesOf(ready.pid)).toEqual([]);
  });
});

// How `run` ends: signals are the program's, one that hangs already is looked at and left alone, and a recording says the same again.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { execa } from "execa";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { report } from "../../src/schema/report.ts";
import { noTmux, openTerminal, type Terminal } from "./harness/tmux.ts";
import type { Net } from "./independent/net.ts";
import { type Programs, preparePrograms } from "./independent/programs.ts";
import { runTool } from "./independent/tool.ts";

const CLI = path.resolve(import.meta.dirname, "../../dist/cli.js");
const PATIENT = { timeout: 60_000, interval: 100 };

let programs: Programs;
let net: Net | undefined;
let terminal: Terminal | undefined;
const children: ChildProcess[] = [];
beforeAll(async () => {
  programs = await preparePrograms();
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await terminal?.close();
  terminal = undefined;
  await net?.remove();
  net = undefined;
});
afterAll(() => programs.remove());

const file = (name: string) => path.join(programs.folder.path, name);

describe("a signal", () => {
  /** Says that it is there, counts what it gets, and ends with the second. */
  const counting = (name: string) =>
    `n=0; trap 'n=$((n+1)); echo got-$n; [ $n -lt 2 ] || exit 7' INT; echo there > ${file(name)}; while :; do sleep 0.1; done`;

  it("that the tool gets is handed on once, and the program's exit code is the tool's", async () => {
    const child = spawn(process.execPath, [CLI, "run", "--", "sh", "-c", counting("one")]);
    children.push(child);
    let out = "";
    let errors = "";
    child.stdout.on("data", (bytes: Buffer) => {
      out += bytes.toString();
    });
    child.stderr.on("data", (bytes: Buffer) => {
      errors += bytes.toString();
    });
    const closed = once(child, "close");
    await vi.waitFor(() => expect(existsSync(file("one"))).toBe(true), PATIENT);
    child.kill("SIGINT");
    await vi.waitFor(() => expect(out).toBe("got-1\n"), PATIENT);
    child.kill("SIGINT");
    const [code] = await closed;
    expect([code, out], errors).toEqual([7, "got-1\ngot-2\n"]);
    expect(errors).toContain("sh ended with 7");
  });

  it("that ends the tool alone leaves the program as it is", async () => {
    const work = `echo there > ${file("alone")}; sleep 1; echo on > ${file("went-on")}`;
    const child = spawn(process.execPath, [CLI, "run", "--", "sh", "-c", work]);
    children.push(child);
    const closed = once(child, "exit");
    await vi.waitFor(() => expect(existsSync(file("alone"))).toBe(true), PATIENT);
    child.kill("SIGKILL");
    await closed;
    await vi.waitFor(() => expect(existsSync(file("went-on"))).toBe(true), PATIENT);
  });

  describe("of a terminal", () => {
    beforeEach(({ skip }) => skip(noTmux, "there is no tmux, which npm test installs as root"));

    it("reaches the program once for each Ctrl-C, and its end is told", async () => {
      terminal = await openTerminal(100, 30);
      const script = programs.folder.file("counting.sh", counting("typed"));
      await terminal.type(`node ${CLI} run -- sh ${script}; echo exit $?`);
      await vi.waitFor(() => expect(existsSync(file("typed"))).toBe(true), PATIENT);
      await terminal.press("C-c");
      await terminal.shows("got-1");
      await terminal.press("C-c");
      await terminal.shows("exit 7");
      const lines = await terminal.everything();
      expect(lines.filter((line) => line.includes("got-"))).toHaveLength(2);
      expect(lines.some((line) => line.includes("sh ended with 7"))).toBe(true);
    });
  });
});

describe("a program that hangs already", () => {
  it("is looked at by its number, its cause is named, and it goes on", async () => {
    net = await programs.office({ tunnelMtu: 1400, farSilent: true });
    const inGuest = ["netns", "exec", net.name("guest"), "unshare", "--mount", "sh", "-c"];
    const mount = `mount --bind ${programs.hosts} /etc/hosts && exec "$@"`;
    const nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
    const program = programs.commands.curl().map((word) => (word === "20" ? "100" : word));
    const argv = [...inGuest, mount, "sh", ...nobody, "--inh-caps=-all", ...program];
    const child = spawn("ip", argv, { stdio: "ignore" });
    children.push(child);
    // Only then does it see the network that the tool sees, as its own user.
    const comm = () => readFileSync(`/proc/${child.pid}/comm`, "utf8").trim();
    await vi.waitFor(() => expect(comm()).toBe("curl"), PATIENT);
    const recording = file("pid.ndjson");
    const flags = ["--pid", `${child.pid}`, "--json", "--no-redact", "--record", recording];
    const options = { hosts: programs.hosts };
    const ca = ["--ca", programs.files.ca, "--host-snapshot", "none"];
    const seen = await runTool(net, "guest", ["run", ...flags, ...ca], options);
    const told = report.parse(JSON.parse(seen.stdout));
    expect(told.findings[0]?.cause, seen.stderr).toBe("pmtu-inbound-blackhole");
    expect(told.program).toMatchObject({ name: "curl", exitCode: null });
    expect(child.exitCode).toBeNull();
    expect(comm()).toBe("curl");

    // The recording says the same, anywhere.
    const replayed = await execa(
      process.execPath,
      [CLI, "replay", recording, "--json", "--no-redact"],
      { reject: false },
    );
    const again = report.parse(JSON.parse(replayed.stdout));
    expect(again).toEqual(told);
    expect(replayed.exitCode).toBe(seen.code);
  });
});

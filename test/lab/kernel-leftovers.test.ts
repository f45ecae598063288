// However the built command line ends while it watches, no program of it stays in the kernel.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { type Bpf, openBpf } from "ebpf-ts-bindings";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { whyNo } from "./harness/bpf-rights.ts";
import { programsOf } from "./harness/held-programs.ts";
import { createChain, SITE } from "./independent/chain.ts";
import type { Net } from "./independent/net.ts";

const CLI = path.resolve(import.meta.dirname, "../../dist/cli.js");
const PORT = 8080;
const whyNot = await whyNo("tp_btf");

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

describe.skipIf(whyNot !== null)(`nothing stays loaded${whyNot ? ` (${whyNot})` : ""}`, () => {
  let bpf: Bpf;
  let net: Net;
  beforeAll(async () => {
    bpf = await openBpf();
    ({ net } = await createChain([1500, 1500]));
    // A connection that hangs: the tool is still at work when it is ended.
    const rule = `tcp dport ${PORT} drop`;
    await net.nft(
      "site",
      `table inet w { chain c { type filter hook input priority 0; ${rule}; }; }`,
    );
  });
  afterAll(() => net?.remove());

  const target = `http://${SITE[4]}:${PORT}/`;
  const commands = {
    drops: ["drops", "--all"],
    path: ["path", target, "--json", "--no-redact", "--host-snapshot", "none"],
  };

  it.each([
    ["drops", "SIGINT", 130],
    ["drops", "SIGKILL", null],
    ["drops", "SIGSEGV", null],
    ["path", "SIGINT", 130],
    ["path", "SIGKILL", null],
    ["path", "SIGSEGV", null],
  ] as const)("of %s after %s", async (command, signal, expected) => {
    const argv = ["netns", "exec", net.name("guest"), process.execPath, CLI, ...commands[command]];
    const child = spawn("ip", argv, { stdio: ["ignore", "ignore", "ignore"] });
    children.push(child);
    const ended = once(child, "close");
    const held = () => programsOf(child.pid ?? 0);
    // The program that checks the privilege is gone by itself.
    await expect.poll(() => held().length, { timeout: 20_000 }).toBeGreaterThan(1);
    const ids = held();
    const loaded = () => bpf.listPrograms().filter(({ id }) => ids.includes(id));
    expect(loaded()).not.toEqual([]);
    child.kill(signal);
    const [code] = await ended;
    expect(code).toBe(expected);
    // The kernel takes programs apart after a grace period of its own.
    await expect.poll(loaded, { timeout: 20_000 }).toEqual([]);
  });
});

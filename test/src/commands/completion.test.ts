// What a shell is offered behind the Tab key.

import { expect, it, vi } from "vitest";
import {
  namesInHosts,
  portsListenedOn,
  printCompletionScript,
  printCompletions,
  targetsInHistory,
} from "../../../src/commands/completion.ts";
import { createProgram, type Handlers } from "../../../src/commands/program.ts";
import { SHELLS } from "../../../src/commands/shells.ts";

const VALUES = {
  shells: SHELLS,
  schemas: ["host"],
  causes: ["port-refused", "path-loss"],
  scenarios: ["wsl2-vpn"],
  targets: ["github.com:443", "[2001:db8::1]:22"],
  ports: ["631", "8080"],
};

function grammar() {
  const handlers = new Proxy({}, { get: () => async () => 0 }) as Handlers;
  const silent = () => undefined;
  return createProgram(handlers, { version: "1", stdout: silent, stderr: silent, exit: silent });
}

/** The library prints by itself. */
function printed(work: (print: (text: string) => void) => void): string[] {
  const lines: string[] = [];
  const log = vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(line));
  work((text) => void lines.push(text.trimEnd()));
  log.mockRestore();
  return lines.join("\n").split("\n");
}

it.each([
  [["pa"], "path"],
  [["explain", "port"], "port-refused"],
  [["lab", "run", ""], "wsl2-vpn"],
  [["path", "git"], "github.com:443"],
  [["mtu", "["], "[2001:db8::1]:22"],
  [["path", "--js"], "--json"],
  [["path", "--engine", "raw"], "raw-socket"],
  [["completion", "f"], "fish"],
  [["schema", "h"], "host"],
  [["inbound", "80"], "8080"],
  [["watch", "git"], "github.com:443"],
  [["fix", "path"], "path-loss"],
  [["path", "--lab", "wsl2"], "wsl2-vpn"],
])("behind %j comes %s", (words, expected) => {
  const lines = printed((print) => printCompletions(grammar(), words, VALUES, print));
  expect(lines.map((line) => line.split("\t")[0])).toContain(expected);
});

it.each([
  [["replay", ""]],
  [["report", "one.jsonl", "tw"]],
  [["diff", "a", ""]],
  [["path", "--record", ""]],
  [["watch", "--dir", "x"]],
])("behind %j the shell completes names of files", (words) => {
  expect(printed((print) => printCompletions(grammar(), words, VALUES, print))).toEqual([":0"]);
});

it("lets no shell offer files in the place of a target", () => {
  expect(printed((print) => printCompletions(grammar(), ["path", "none"], VALUES, print))).toEqual([
    ":4",
  ]);
});

it.each(SHELLS)("the script for %s runs the hidden command", (shell) => {
  const lines = printed(() => printCompletionScript(grammar(), shell));
  expect(lines.join("\n")).toContain("wsl-trace complete --");
});

it("takes targets from a history, the newest first, and nothing that a shell would run", () => {
  const history = [
    "wsl-trace path old.test --json; rm x.test",
    ": 1700000000:0;./wsl-trace mtu [2001:db8::1]:443",
    "sudo wsl-trace path $(reboot) `id` new.test old.test",
    "echo path other.test",
    "wsl-trace path '[2001:db8::2]:1' \\[2001:db8::3\\] \"$(x)\"",
  ];
  expect(targetsInHistory(history.join("\n"))).toEqual([
    "[2001:db8::3]",
    "[2001:db8::2]:1",
    "old.test",
    "new.test",
    "[2001:db8::1]:443",
  ]);
});

it("takes names from the hosts file, but none of this machine", () => {
  const hosts =
    "127.0.0.1 localhost\n::1 ip6-localhost\nff02::1 ip6-allnodes\n192.0.2.9\tnas nas.lan # here\n";
  expect(namesInHosts(hosts)).toEqual(["nas", "nas.lan"]);
});

it("takes ports from the kernel's tables, each once, and none that is only connected from", () => {
  const tables = `  sl  local_address rem_address   st tx_queue rx_queue
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0
   1: 0100007F:D431 0100007F:1F90 01 00000000:00000000 00:00000000 00000000     0
   0: 00000000000000000000000000000000:0016 00000000000000000000000000000000:0000 0A 00000000
   1: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A 00000000
`;
  expect(portsListenedOn(tables)).toEqual(["22", "8080"]);
});

// Where ssh's own files send a target: read from what ssh -G prints, with the hosts that it goes through.

import { expect, test } from "vitest";
import { createSshSettingsProbe, readSettings } from "../../../probes/linux/ssh-settings.ts";
import { parseTarget } from "../../../src/target.ts";
import { testContext } from "../../builders/context.ts";
import { runStarted } from "../../builders/events.ts";

const settings = (host: string, port: number, ...more: string[]) =>
  [`user me`, `hostname ${host}`, `port ${port}`, ...more, ""].join("\n");

/** @param files what ssh -G prints for each host; any other fails */
async function told(input: string, files: Readonly<Record<string, string>>) {
  const asked: string[] = [];
  const probe = createSshSettingsProbe(async ({ args }) => {
    asked.push(args.slice(1).join(" "));
    const stdout = files[args.at(-1) ?? ""];
    const end = { kind: "exited", exitCode: stdout === undefined ? 255 : 0 } as const;
    return { end, stdout: Buffer.from(stdout ?? ""), stderr: Buffer.from(""), elapsedMs: 1 };
  });
  const context = testContext([runStarted(parseTarget(input, undefined))]);
  await probe(context);
  return { asked, events: context.events.filter(({ kind }) => kind === "ssh-settings") };
}

test("a name of ssh's own is followed to its host and port", async () => {
  const { asked, events } = await told("git@work:a/b.git", {
    "git@work": settings("git.example.test", 2222),
  });
  expect(asked).toEqual(["-- git@work"]);
  expect(events).toMatchObject([
    { host: "git.example.test", port: 2222, jump: null, command: false },
  ]);
});

test("a port that the user names is ssh's as well", async () => {
  const { asked } = await told("ssh://work:2200", { work: settings("work", 2200) });
  expect(asked).toEqual(["-p 2200 -- work"]);
});

test("nothing is told where ssh takes the host as it was named, or is not there", async () => {
  const same = { "git@192.0.2.80": settings("192.0.2.80", 22, "proxyjump none") };
  expect((await told("git@192.0.2.80:a", same)).events).toEqual([]);
  expect((await told("git@192.0.2.80:a", {})).events).toEqual([]);
  expect((await told("https://192.0.2.80", same)).asked).toEqual([]);
});

test("what it goes through is followed to the first host", async () => {
  const { asked, events } = await told("ssh://inside", {
    inside: settings("inside", 22, "proxyjump me@gate:2022,other"),
    "me@gate": settings("192.0.2.7", 2022),
  });
  expect(asked).toEqual(["-- inside", "-p 2022 -- me@gate"]);
  expect(events).toMatchObject([{ host: "192.0.2.7", port: 2022, jump: "me@gate:2022,other" }]);
});

test("a program in the connection's place is told", async () => {
  const { events } = await told("ssh://inside", {
    inside: settings("inside", 22, "proxycommand nc -X connect proxy %h %p"),
  });
  expect(events).toMatchObject([{ host: "inside", jump: null, command: true }]);
});

test.each(["", "hostname\n", "hostname -oProxyCommand=x\nport 22", "hostname a.test\nport 0"])(
  "what names no host is none: %j",
  (text) => {
    expect(readSettings(text)).toBeNull();
  },
);

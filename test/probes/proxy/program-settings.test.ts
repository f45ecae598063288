// The proxies in the files of git and apt, in both ways of writing, without their passwords.

import { describe, expect, it } from "vitest";
import { readAptConf, readGitConfig } from "../../../probes/proxy/program-files.ts";
import { createProgramSettingsProbe } from "../../../probes/proxy/program-settings.ts";
import type { System } from "../../../probes/system.ts";
import { EMPTY_PATH } from "../../../src/model/path.ts";
import type { EventBody } from "../../../src/schema/event.ts";

describe("git's file", () => {
  it("has a proxy for all, and for single URLs", () => {
    const text =
      '[user]\n proxy = no\n[http]\n\tproxy = http://a:1 # old\n[http "https://me:s3cret@b.test"]\nproxy = "b:2"\n';
    expect(readGitConfig(text)).toEqual([
      { setting: "http.proxy", value: "http://a:1" },
      { setting: "http.https://b.test.proxy", value: "b:2" },
    ]);
  });
});

describe("apt's files", () => {
  it.each([
    { text: 'Acquire::http::Proxy "http://a:1/";', setting: "Acquire::http::Proxy" },
    { text: 'Acquire { http { Proxy "http://a:1/"; } }', setting: "Acquire::http::Proxy" },
    {
      text: '# x\n// y "z";\n/* w; */ acquire::https::proxy "http://a:1/";',
      setting: "acquire::https::proxy",
    },
  ])("name it: $text", ({ text, setting }) => {
    expect(readAptConf(text)).toEqual([{ setting, value: "http://a:1/" }]);
  });

  it.each(['# Acquire::http::Proxy "http://a";', 'APT::Proxy "x";', "Acquire::http::Proxy"])(
    "name none: %s",
    (text) => expect(readAptConf(text)).toEqual([]),
  );
});

it("reports them without names and passwords, whatever is written there", async () => {
  const files: Readonly<Record<string, string>> = {
    "/home/x/.gitconfig": "[http]\nproxy = http://me:s3cret@a.test:3128\n",
    "/etc/apt/apt.conf.d/90proxy":
      'Acquire::http::Proxy "http://me:s3 cret#x@b.test:1"; Acquire::https::Proxy "DIRECT";',
  };
  const system: System = {
    run: () => Promise.reject(new Error("no program is run")),
    readText: (file) => {
      const text = files[file];
      return text === undefined ? Promise.reject(new Error("ENOENT")) : Promise.resolve(text);
    },
    readLink: () => Promise.reject(new Error("ENOENT")),
    listDirectory: () => Promise.resolve(["90proxy"]),
  };
  const events: EventBody[] = [];
  await createProgramSettingsProbe(
    system,
    "/home/x",
  )({
    emit: (body) => {
      events.push(body);
      return { ...body, id: "e1", atMs: 0 };
    },
    path: () => EMPTY_PATH,
    clock: { now: () => 0, date: () => new Date(0), sleep: () => Promise.resolve() },
    signal: new AbortController().signal,
  });
  expect(JSON.stringify(events)).not.toContain("cret");
  expect(events).toMatchObject([
    { program: "git", proxy: "http://a.test:3128", where: "~/.gitconfig" },
    { program: "apt", proxy: "a proxy that cannot be read" },
    { program: "apt", proxy: null, setting: "Acquire::https::Proxy" },
  ]);
});

// The PowerShell that stays: its protocol under the real engine, and everything that can go wrong with it.

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { type HostHelper, startHelper } from "../../../probes/windows/helper.ts";
import { type HelperQuestion, readAnswer } from "../../../probes/windows/helper-protocol.ts";
import { onCommandLine, overStandardInput } from "../../../probes/windows/script-command.ts";
import { readHelper } from "../../../probes/windows/script-file.ts";
import { systemClock } from "../../../src/clock.ts";
import { ENGINE_FORMS, runEngine, whyNotRun } from "../../builders/engine.ts";

const folder = mkdtempSync(join(tmpdir(), "wsl-trace-helper-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let helper: HostHelper | null = null;
const lines: string[] = [];
afterEach(() => {
  helper?.close();
  lines.length = 0;
});

/** @param body gets the questions on standard input, or the script ahead of them where it is given */
async function start(body: string, script?: string): Promise<HostHelper> {
  const file = join(folder, "powershell.exe");
  const begin = script === undefined ? "read script" : "";
  writeFileSync(file, `#!/bin/sh\n${begin}\n${body}\n`);
  chmodSync(file, 0o755);
  const debug = (line: string) => lines.push(line);
  const command = overStandardInput(script ?? "'x'");
  helper = await startHelper({ clock: systemClock, debug }, file, command);
  return helper;
}

const HELLO = { ask: "hello" } as const;
const FAST = 5000;
const answer = (token: string) =>
  `{"token":"${token}","ok":true,"ms":1,"error":null,"version":1,"languageMode":"FullLanguage"}`;

describe("answers", () => {
  test("are matched by their token, in whatever order they come", async () => {
    const host = await start(
      `read a; read b; echo '${answer("q2")}'; echo '${answer("q1")}'; cat >/dev/null`,
    );
    const replies = await Promise.all([host.ask(HELLO, FAST), host.ask(HELLO, FAST)]);
    expect(replies).toMatchObject([
      { kind: "answered", answer: { token: "q1" } },
      { kind: "answered", answer: { token: "q2" } },
    ]);
  });

  test("are found among other lines, and in pieces", async () => {
    const text = answer("q1");
    const host = await start(
      `read a; echo 'Welcome'; echo '${answer("q9")}'; echo '{"token":"q1"}'; printf '%s' '${text.slice(0, 20)}'; printf '%s\\r\\n' '${text.slice(20)}'; cat >/dev/null`,
    );
    expect(await host.ask(HELLO, FAST)).toMatchObject({ kind: "answered", answer: { version: 1 } });
    expect(lines.filter((line) => line.startsWith("not an answer"))).toHaveLength(3);
  });
});

describe("without an answer the reason is reported", () => {
  test.each([
    { what: "silence", body: "trap '' TERM; sleep 60", words: "no answer in 300 ms" },
    { what: "its end", body: "read a; exit 7", words: "has ended (7)" },
    { what: "an end by a signal", body: "kill -9 $$", words: "has ended (killed)" },
    {
      what: "a line without an end",
      body: "read a; tr '\\0' a </dev/zero",
      words: "without an end",
    },
  ])("$what", async ({ body, words }) => {
    const host = await start(body);
    const replies = await Promise.all([host.ask(HELLO, 300), host.ask(HELLO, 300)]);
    for (const reply of replies) {
      expect(reply).toMatchObject({ kind: "failed", reason: expect.stringContaining(words) });
    }
    expect(await host.ask(HELLO, FAST)).toEqual(replies[0]);
  });

  test("a program that is not there", async () => {
    const deps = { clock: systemClock, debug: () => undefined };
    const host = await startHelper(deps, join(folder, "none.exe"), overStandardInput("'x'"));
    expect(await host.ask(HELLO, FAST)).toMatchObject({
      reason: expect.stringContaining("ENOENT"),
    });
  });

  test("a helper that was closed", async () => {
    const host = await start("cat >/dev/null");
    const asked = host.ask(HELLO, FAST);
    host.close();
    expect(await asked).toMatchObject({
      kind: "failed",
      reason: expect.stringContaining("closed"),
    });
  });
});

const STUBS = `
function Resolve-DnsName { [CmdletBinding()] param($Name, $Type, $Server, [switch]$QuickTimeout)
  if ($Server) { return @{ IPAddress = '192.0.2.' + $Server.Split('.')[3] } }
  if ($Name -eq 'gone.example.test') { throw "kein Eintrag f$([char]252)r $Name" }
  @{ IPAddress = '192.0.2.1' }; @{ NameHost = 'x' } }
function Get-NetNeighbor { [CmdletBinding()] param($IPAddress)
  if ($IPAddress -eq '192.0.2.7') { throw 'No matching MSFT_NetNeighbor objects found' }
  @{ State = 'Stale' }; @{ State = 0 } }
function curl.exe { if ("$args" -like '*http://127.0.0.2:80/') { '0.012' } else { '0.000000' } }
function ping.exe {
  if ("$args" -match '-l 1372') { 'Antwort von 192.0.2.9: Bytes=1372 Zeit=1ms TTL=57' }
  else { 'Antwort von 192.0.2.1: Paket muss fragmentiert werden, DF-Flag ist gesetzt.' } }
`;

describe.each(ENGINE_FORMS)("helper.ps1, $form", ({ form, variables }) => {
  const full = !form.includes("Constrained");

  test("answers a broken line, an empty one and one without a question, and ends with its input", async ({
    skip,
  }) => {
    const why = whyNotRun(variables);
    skip(why !== null, why ?? "");
    const lines = ["{broken", "", '{"questions":[]}', '{"token":"t9","ask":"hello"}'];
    const script = await readHelper();
    const commands = [overStandardInput(script), onCommandLine(script)];
    for (const { args, head } of commands.filter((command) => command !== null)) {
      const printed = runEngine(args, `${head}${lines.join("\n")}\n`, variables);
      const answers = printed
        .trim()
        .split(/\r?\n/)
        .map((line) => readAnswer(line));
      expect(answers.at(0)).toMatchObject({ ok: false });
      expect(answers.at(-1)).toMatchObject({ token: "t9", ok: true, version: 3 });
      expect(answers.every((one) => one !== null)).toBe(true);
    }
  }, 60_000);

  test("answers every kind of question, and takes what comes in as data", async ({ skip }) => {
    const why = whyNotRun(variables);
    skip(why !== null, why ?? "");
    const settings = Object.entries(variables).map(([name, text]) => `export ${name}=${text}`);
    const host = await start(
      `${settings.join("\n")}\nexec pwsh "$@"`,
      STUBS + (await readHelper()),
    );
    const ask = async (question: HelperQuestion) => {
      const reply = await host.ask(question, 20_000);
      return reply.kind === "answered" ? reply.answer : reply;
    };
    const to = { address: "127.0.0.1", timeoutMs: 2000 };
    const echo = { ask: "echo", ttl: 5, ...to } as const;
    expect(await ask(HELLO)).toMatchObject({
      ok: true,
      version: 3,
      languageMode: full ? "FullLanguage" : "ConstrainedLanguage",
    });
    expect(await ask({ ask: "resolve", name: "www.example.test", type: "A" })).toMatchObject({
      ok: true,
      error: null,
      addresses: ["192.0.2.1"],
    });
    expect(await ask({ ask: "resolve", name: "gone.example.test", type: "A" })).toMatchObject({
      ok: false,
      error: "kein Eintrag für gone.example.test",
    });
    const server = "192.0.2.53";
    expect(await ask({ ask: "resolve", name: "a.example.test", type: "A", server })).toMatchObject({
      ok: true,
      addresses: ["192.0.2.53"],
    });
    const neighbour = { ask: "neighbour", address: "192.0.2.1" } as const;
    expect(await ask(neighbour)).toMatchObject({ ok: true, states: ["Stale", "0"] });
    expect(await ask({ ...neighbour, address: "192.0.2.7" })).toMatchObject({
      ok: false,
      error: expect.stringContaining("No matching"),
    });
    for (const name of ["-Name", "$(throw)", "a b", ""]) {
      const refused = { ok: false, error: "that is no name" };
      expect(await ask({ ask: "resolve", name, type: "A" })).toMatchObject(refused);
    }
    for (const address of ["192.0.2.1; calc", "5", "localhost", ""]) {
      const refused = { ok: false, error: "that is no address" };
      expect(await ask({ ...echo, address, payloadBytes: 1 })).toMatchObject(refused);
    }
    expect(await ask({ ask: "connect", port: 1, ...to })).toMatchObject({
      ok: false,
      code: full ? "ConnectionRefused" : null,
    });
    expect(await ask({ ask: "connect", port: 99_999, ...to })).toMatchObject({
      ok: false,
      error: "not between 1 and 65535",
    });
    expect(await ask({ ask: "tls", port: 1, name: "x", ...to })).toMatchObject({ ok: false });
    const many = Array.from({ length: 10 }, (_, n) => ({
      ...({ ask: "resolve", name: "a.example.test", type: "A", server: `192.0.2.${n}` } as const),
    }));
    const replies = await Promise.all([
      ...host.askAll([...many.slice(0, 5), { ask: "connect", port: 99_999, ...to }], 20_000),
      ...many.slice(5).map((question) => host.ask(question, 20_000)),
    ]);
    expect(
      replies.map((reply) => reply.kind === "answered" && reply.answer.addresses?.[0]),
    ).toEqual(
      [0, 1, 2, 3, 4, undefined, 5, 6, 7, 8, 9].map((n) => (n === undefined ? n : `192.0.2.${n}`)),
    );
    if (full) return;
    const there = { ...to, address: "127.0.0.2", port: 80 };
    expect(await ask({ ask: "connect", ...there })).toMatchObject({ ok: true, error: null });
    expect(await ask({ ...echo, payloadBytes: 1372 })).toMatchObject({
      ok: true,
      status: "reply",
      by: "program",
      detail: expect.stringContaining("TTL=57"),
    });
    expect(await ask({ ...echo, payloadBytes: 1373 })).toMatchObject({
      ok: true,
      status: "no-reply",
      from: null,
    });
  }, 60_000);
});

// The prober on the host: PowerShell, else ping.exe, else a reason, and never later than the limit.

import { afterEach, describe, expect, test } from "vitest";
import type { HelperQuestion } from "../../../probes/windows/helper-protocol.ts";
import { type FoundProber, findHostProber } from "../../../probes/windows/host-prober.ts";
import type { HostProber } from "../../../probes/windows/prober.ts";
import { createRunBounded } from "../../../probes/windows/run-bounded.ts";
import { systemClock } from "../../../src/clock.ts";
import {
  type FakeFiles,
  type FakeWindows,
  fakeWindows,
  systemWith,
} from "../../builders/fake-windows.ts";

let fake: FakeWindows | null = null;
let prober: HostProber | null = null;
afterEach(() => {
  prober?.close();
  fake?.remove();
  prober = null;
});

async function find(
  programs: Readonly<Record<string, string>>,
  files: FakeFiles = {},
  startLimitMs = 400,
): Promise<FoundProber> {
  fake = fakeWindows(programs, files);
  const deps = {
    system: systemWith(files),
    clock: systemClock,
    run: createRunBounded(systemClock),
    readScript: async () => "'a script'",
    searchPath: fake.folder,
    startLimitMs,
    debug: () => undefined,
  };
  const found = await findHostProber(deps, new AbortController().signal);
  prober = found.kind === "prober" ? found.prober : null;
  return found;
}

const HELLO =
  '{"token":"q1","ok":true,"ms":1,"error":null,"version":2,"languageMode":"FullLanguage"}';
const echo: HelperQuestion = {
  ask: "echo",
  address: "192.0.2.9",
  payloadBytes: 36,
  ttl: 128,
  timeoutMs: 200,
};

describe("a PowerShell that", () => {
  test.each([
    { what: "hangs", body: "exec sleep 60", words: "no answer in 400 ms" },
    {
      what: "prints garbage and hangs",
      body: "echo 'PS C:\\>'; exec sleep 60",
      words: "no answer",
    },
    {
      what: "answers half a line and ends",
      body: "read a; printf '{\"token\":'; exit 3",
      words: "has ended (3)",
    },
    { what: "ends at once", body: "exit 1", words: "has ended (1)" },
    {
      what: "prints ten megabytes",
      body: "read a; head -c 10000000 /dev/zero | tr '\\0' x",
      words: "without an end",
    },
    { what: "is no program", body: "exit 126", words: "has ended (126)" },
  ])("$what costs its limit at most, and is reported", async ({ body, words }) => {
    const found = await find({ "powershell.exe": body });
    expect(found).toMatchObject({ kind: "none", reason: expect.stringContaining(words) });
  });

  test("is not there is reported as no Windows", async () => {
    expect(await find({})).toMatchObject({ kind: "none", code: "not-wsl" });
  });

  test("dies in the middle leaves the answers that came, and a reason for the others", async () => {
    const answered =
      '{"token":"q2","ok":true,"ms":7,"error":null,"status":"reply","from":"192.0.2.9"}';
    const found = await find({
      "powershell.exe": `read script; read a; echo '${HELLO}'; read b; echo '${answered}'; exit 5`,
    });
    expect(found).toMatchObject({ kind: "prober", prober: { by: "powershell" } });
    const replies = await Promise.all(prober?.ask([echo, echo]) ?? []);
    expect(replies).toMatchObject([
      { kind: "answered", answer: { status: "reply" } },
      { kind: "failed", reason: expect.stringContaining("has ended (5)") },
    ]);
  });

  test("gets nothing on standard input is started again with the script on its command line", async () => {
    const body = `case "$*" in *-EncodedCommand*) read a; echo '${HELLO}'; exec cat >/dev/null;; esac; exit 1`;
    expect(await find({ "powershell.exe": body })).toMatchObject({ kind: "prober" });
  });

  test("has a stale socket is started again with the next one", async () => {
    const body = `[ -n "$WSL_INTEROP" ] || exit 1; read script; read a; echo '${HELLO}'; exec cat >/dev/null`;
    const files = { "/run/WSL/8_interop": "", "/run/WSL/1_interop": "" };
    expect(await find({ "powershell.exe": body }, files)).toMatchObject({ kind: "prober" });
  });
});

describe("ping.exe in its place", () => {
  const REPLIES: Readonly<Record<string, string>> = {
    English: "Reply from 192.0.2.9: bytes=36 time=4ms TTL=57",
    German: "Antwort von 192.0.2.9: Bytes=36 Zeit=4ms TTL=57",
    Japanese: "192.0.2.9 からの応答: バイト数 =36 時間 =4ms TTL=57",
  };
  const ping = (line: string) => ({
    "ping.exe": `printf '%s ' "$@" > "$here/asked"; cat <<'END'\r\n${line}\r\nEND`,
    "powershell.exe": "exit 1",
  });

  test.each(Object.entries(REPLIES))(
    "takes a line with TTL= for a reply, in %s",
    async (_, line) => {
      expect(await find(ping(line))).toMatchObject({ kind: "prober", prober: { by: "ping.exe" } });
      const [reply] = await Promise.all(prober?.ask([echo]) ?? []);
      expect(reply).toMatchObject({
        kind: "answered",
        answer: { status: "reply", from: "192.0.2.9", by: "program" },
      });
      expect(fake?.read("asked").trim()).toBe("-n 1 -w 200 -l 36 -i 128 -f 192.0.2.9");
    },
  );

  test.each([
    "Packet needs to be fragmented but DF set.",
    "Reply from 192.0.2.1: TTL expired in transit.",
    "Reply from 192.0.2.21: Destination host unreachable.",
    "Zeitüberschreitung der Anforderung.",
    "Packets: Sent = 1, Received = 1, Lost = 0 (0% loss),",
  ])("takes nothing else for one: %s", async (line) => {
    await find(ping(line));
    const [reply] = await Promise.all(prober?.ask([echo]) ?? []);
    expect(reply).toMatchObject({ kind: "answered", answer: { status: "no-reply", from: null } });
  });

  test("needs the time of an IPv6 reply, which has no TTL", async () => {
    await find(ping("Reply from 2001:db8::9: time<1ms"));
    const [reply] = await Promise.all(prober?.ask([{ ...echo, address: "2001:db8::9" }]) ?? []);
    expect(reply).toMatchObject({ kind: "answered", answer: { status: "reply" } });
    expect(fake?.read("asked")).not.toContain("-f");
  });

  test("reports that it can probe nothing else, and ends when it hangs", async () => {
    await find({ "ping.exe": "exec sleep 60", "powershell.exe": "exit 1" });
    const connect: HelperQuestion = {
      ask: "connect",
      address: "192.0.2.9",
      port: 443,
      timeoutMs: 1,
    };
    const [refused, hung] = prober?.ask([connect, echo]) ?? [];
    expect(await refused).toMatchObject({
      kind: "failed",
      reason: expect.stringContaining("echoes"),
    });
    prober?.close();
    expect(await hung).toMatchObject({
      kind: "failed",
      reason: expect.stringContaining("no answer"),
    });
  });

  test("is not tried after a PowerShell that hangs: whatever hangs would do so again", async () => {
    const programs = { "ping.exe": 'touch "$here/asked"', "powershell.exe": "exec sleep 60" };
    expect(await find(programs)).toMatchObject({ kind: "none", code: "host-timeout" });
    expect(() => fake?.read("asked")).toThrow("ENOENT");
  });
});

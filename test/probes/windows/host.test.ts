// Running Windows' programs, with shell scripts in their stead: every way in which it can fail.

import { afterEach, describe, expect, test } from "vitest";
import { type FakeFiles, type FakeWindows, fakeWindows } from "../../builders/fake-windows.ts";
import { plainHost } from "../../builders/host.ts";

const JSON_TEXT = JSON.stringify(plainHost);
const PRINT_JSON = `cat <<'END'\n${JSON_TEXT}\nEND`;

let windows: FakeWindows | null = null;
afterEach(() => windows?.remove());

function fake(programs: Readonly<Record<string, string>>, files: FakeFiles = {}): FakeWindows {
  windows = fakeWindows(programs, files);
  return windows;
}

describe("a snapshot is read", () => {
  test.each([
    { what: "as it is", body: PRINT_JSON },
    { what: "behind a banner", body: `echo 'Welcome to Example Corp'\n${PRINT_JSON}` },
    { what: "behind a byte order mark", body: `printf '\\357\\273\\277'\n${PRINT_JSON}` },
    { what: "in UTF-16", body: `{ ${PRINT_JSON}\n} | iconv -f UTF-8 -t UTF-16LE` },
    { what: "with a mark in UTF-16", body: `{ ${PRINT_JSON}\n} | iconv -f UTF-8 -t UTF-16` },
    {
      what: "beside progress on stderr",
      body: `echo '#< CLIXML' >&2; echo '<Objs></Objs>' >&2\n${PRINT_JSON}`,
    },
    { what: "with exit code 1", body: `${PRINT_JSON}\nexit 1` },
  ])("$what", async ({ body }) => {
    const answer = await fake({ "powershell.exe": body }).ask();
    expect(answer).toMatchObject({ kind: "snapshot", note: null, snapshot: plainHost });
  });

  test("from pwsh.exe when there is no powershell.exe", async () => {
    expect(await fake({ "pwsh.exe": PRINT_JSON }).ask()).toMatchObject({ kind: "snapshot" });
  });
});

test("questions come on standard input, and the command line holds nothing of them", async () => {
  const host = fake({
    "powershell.exe": `cat > "$here/in"; echo "$@" > "$here/args"\n${PRINT_JSON}`,
  });
  await host.ask([
    { kind: "resolve", name: "www.example.test" },
    { kind: "resolve", name: "x; calc" },
    { kind: "reach", host: "www.example.test", port: 443 },
  ]);
  expect(host.read("in")).toBe(
    `{"script":"'a script'"}\nresolve www.example.test\nreach www.example.test 443\n`,
  );
  expect(host.read("args")).not.toMatch(/example|a script|-EncodedCommand/);
  expect(host.read("args")).toMatch(/-NoProfile -NonInteractive .*-Command \$.*; sent\n$/);
});

describe("no Windows evidence, with the reason", () => {
  const HOLD = "trap '' TERM INT HUP\nsleep 60 &\nsleep 60";
  test.each([
    { what: "garbage", body: "echo hello", code: "host-no-snapshot", words: "is not JSON" },
    { what: "nothing", body: "cat > /dev/null", code: "host-no-snapshot", words: "is empty" },
    {
      what: "half",
      body: `${PRINT_JSON.replace(JSON_TEXT, JSON_TEXT.slice(0, 700))}`,
      code: "host-no-snapshot",
      words: "ends in the middle",
    },
    {
      what: "another schema",
      body: 'echo \'{"schema":"x"}\'',
      code: "host-no-snapshot",
      words: "schema",
    },
    {
      what: "a death in the middle",
      body: `printf '{"schema":'; kill -9 $$`,
      code: "host-killed",
      words: "SIGKILL",
    },
    {
      what: "more than 10 MB",
      body: "exec yes aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
      code: "host-too-long",
      words: "10 MB",
    },
    {
      what: "an error",
      body: "echo 'This command is blocked' >&2; exit 5",
      code: "host-no-snapshot",
      words: "exit code 5; it printed: This command is blocked",
    },
    {
      what: "an error in CLIXML",
      body: `printf '#< CLIXML\\n<Objs><S S="Error">not &lt;allowed&gt;_x000D__x000A_</S></Objs>' >&2; exit 1`,
      code: "host-no-snapshot",
      words: "it printed: not <allowed>",
    },
    {
      what: "another executable format",
      body: "echo 'x.exe: cannot execute binary file: Exec format error' >&2; exit 126",
      code: "interop-no-handler",
      words: "binfmt.d",
    },
    {
      what: "no interpreter",
      body: "echo 'run-detectors: unable to find an interpreter for x' >&2; exit 1",
      code: "interop-no-interpreter",
      words: "update-binfmts",
    },
    {
      what: "a dead socket",
      body: "echo '<3>WSL (467) ERROR: UtilConnectUnix:467: connect failed 111' >&2; exit 1",
      code: "interop-socket",
      words: "WSL_INTEROP",
    },
    { what: "a hang", body: HOLD, code: "host-timeout", words: "no answer in 1 s" },
    {
      what: "a hang after half",
      body: `printf '{"schema":'\n${HOLD}`,
      code: "host-timeout",
      words: "no answer in 1 s",
    },
  ])("$what", async ({ body, code, words }) => {
    const host = fake({ "powershell.exe": body });
    // What ends by itself gets the time that a busy machine takes.
    const answer = await host.ask([], code === "host-timeout" ? { timeoutMs: 1000 } : {});
    expect(answer).toMatchObject({ kind: "none", code, reason: expect.stringContaining(words) });
    expect(answer).toMatchObject({
      reason: expect.stringMatching(/; wsl-trace host --script .*--host-snapshot FILE/),
    });
    expect(answer).not.toMatchObject({ reason: expect.stringContaining("give another file") });
    expect(host.lines.join("\n")).toContain(code);
  });

  test("a program that nobody may start", async () => {
    const host = fake({ "powershell.exe": "" });
    const { chmodSync } = await import("node:fs");
    chmodSync(`${host.folder}/powershell.exe`, 0o644);
    expect(await host.ask()).toMatchObject({ kind: "none", code: "interop-permission" });
  });

  test.each([
    { what: "not WSL", files: {}, code: "not-wsl" },
    {
      what: "no drive",
      files: { "/proc/sys/fs/binfmt_misc/WSLInterop": "enabled" },
      code: "interop-drive",
    },
    {
      what: "switched off in wsl.conf",
      files: { "/etc/wsl.conf": "[interop]\nenabled = false" },
      code: "interop-off",
    },
    {
      what: "nothing on the drive",
      files: { "/proc/mounts": "C:\\134 /mnt/none 9p rw,aname=drvfs;path=C:\\134 0 0" },
      code: "powershell-missing",
    },
  ])("$what", async ({ files, code }) => {
    expect(await fake({}, files).ask()).toMatchObject({ kind: "none", code });
  });
});

describe("PowerShell on a drive of Windows", () => {
  const onDrive = (handler: Readonly<Record<string, string>>, options = "rw"): FakeFiles => {
    const exe = "/mnt/none/Windows/System32/WindowsPowerShell/v1.0/powershell.exe";
    const mounts = `C:\\134 /mnt/none 9p ${options},aname=drvfs;path=C:\\134 0 0`;
    return { [exe]: "", "/proc/mounts": mounts, ...handler };
  };
  const BINFMT = "/proc/sys/fs/binfmt_misc";
  test.each([
    { what: "whose handler cannot be seen", files: onDrive({}), code: "host-not-started" },
    {
      what: "with a handler of another kind",
      files: onDrive({ [`${BINFMT}/qemu`]: "" }),
      code: "interop-no-handler",
    },
    {
      what: "with the handler off",
      files: onDrive({ [`${BINFMT}/WSLInterop`]: "disabled" }),
      code: "interop-switched-off",
    },
    {
      what: "with noexec",
      files: onDrive({ [`${BINFMT}/WSLInterop-late`]: "enabled" }, "rw,noexec"),
      code: "interop-no-exec",
    },
    {
      what: "with all of it",
      files: onDrive({ [`${BINFMT}/WSLInterop`]: "enabled" }),
      code: "host-not-started",
    },
  ])("$what", async ({ files, code }) => {
    expect(await fake({}, files).ask()).toMatchObject({ kind: "none", code });
  });
});

test("a stale socket is replaced by that of a live session", async () => {
  const files = { "/run/WSL/99999999_interop": "", [`/run/WSL/${process.pid}_interop`]: "" };
  const body = `[ "$WSL_INTEROP" = /run/WSL/${process.pid}_interop ] || {
    echo 'UtilConnectToInteropServer:300: connect failed 2' >&2; exit 1; }\n${PRINT_JSON}`;
  const host = fake({ "powershell.exe": body }, files);
  expect(await host.ask()).toMatchObject({ kind: "snapshot" });
  expect(host.lines.join("\n")).toContain(`WSL_INTEROP=/run/WSL/${process.pid}_interop`);
});

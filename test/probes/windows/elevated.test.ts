// What is read as administrator: the whole way through the real PowerShell engine, with a stand-in for Windows' prompt.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { elevatedCommand } from "../../../probes/windows/elevated-script.ts";
import { collectElevated, type ElevatedDeps } from "../../../probes/windows/elevated-snapshot.ts";
import { createRunBounded } from "../../../probes/windows/run-bounded.ts";
import { readCollector, readElevatedPart } from "../../../probes/windows/script-file.ts";
import { systemClock } from "../../../src/clock.ts";
import { ENGINE_FORMS, whyNotRun } from "../../builders/engine.ts";
import { type FakeWindows, fakeWindows, systemWith } from "../../builders/fake-windows.ts";

let windows: FakeWindows | null = null;
afterEach(() => windows?.remove());

const GUEST = "198.51.100.20";
/** As netsh prints them: a line of words, and then XML. */
const WFP = {
  netevents: `<netEvents numItems="2"><item><header><ipProtocol>6</ipProtocol><localAddrV4>${GUEST}</localAddrV4><remoteAddrV4>203.0.113.80</remoteAddrV4><localPort>40000</localPort><remotePort>443</remotePort></header><type>FWPM_NET_EVENT_TYPE_CLASSIFY_DROP</type><classifyDrop><filterId>70001</filterId></classifyDrop></item><item><header/><type>FWPM_NET_EVENT_TYPE_CLASSIFY_ALLOW</type></item></netEvents>`,
  filters: `<filters><item><filterKey>{1}</filterKey><displayData><name>Block everything else</name><description>Example &amp; VPN</description></displayData><filterId>70001</filterId></item></filters>`,
};
const COUNTERS = `[{"Group":"vmswitch","Components":[{"Name":"vmswitch.sys","Counters":[{"Name":"Drops","Type":"Drops","Outbound":{"Packets":7,"Bytes":700,"Reason":"Invalid Packet"}}]}]}]`;

/** Stand-ins for what only Windows has, in front of whatever is run. */
const STAND_INS = [
  "function netsh.exe { 'Data collection successful; output = -'; if ($args[2] -eq 'filters') { $env:WFP_FILTERS } else { $env:WFP_EVENTS } }",
  "function pktmon.exe { $global:LASTEXITCODE = 0; if (\"$args\" -eq 'counters --json') { $env:COUNTERS } elseif (\"$args\" -eq 'filter list') { 'No filters' } elseif (\"$args\" -eq 'status') { 'not running' } }",
  "function Get-NetIPAddress { [CmdletBinding()] param() New-Object PSObject -Property @{ IPAddress = $env:HOST_ADDRESS } }",
  "function Get-VMSwitch { [CmdletBinding()] param() New-Object PSObject -Property @{ Name = 'WSL' } }",
  "function Get-VMSwitchExtension { [CmdletBinding()] param([Parameter(ValueFromPipeline = $true)]$VMSwitch) process { New-Object PSObject -Property @{ Name = 'X'; Vendor = 'Example'; SwitchName = 'WSL'; Enabled = $true } } }",
  "function Get-HnsNetwork { [CmdletBinding()] param() New-Object PSObject -Property @{ ID = 'b95d'; Name = 'WSL'; Type = 'ICS'; Subnets = @() } }",
  "function whoami.exe { 'S-1-16-12288' }",
  "function Start-Sleep { }",
].join("\n");

/** The one file that goes between the two PowerShells, whose path Linux cannot have. */
const FILES = [
  "function New-Item { param($ItemType, $Path) if (& /usr/bin/find $env:HERE -name answer) { throw 'it is there' } }",
  "function Set-Content { param($LiteralPath, $Encoding, $Value) $null = $Value | /usr/bin/tee $env:HERE/answer; $LiteralPath | /usr/bin/tee $env:HERE/path }",
  "function Test-Path { param($LiteralPath, $Path) [bool](\"$LiteralPath\" -like '*wsl-trace-*' -and (& /usr/bin/find $env:HERE -name answer)) }",
  "function Get-Content { param($LiteralPath) & /bin/cat $env:HERE/answer }",
  "function Remove-Item { param($LiteralPath) & /bin/rm $env:HERE/answer }",
].join("\n");

/** As Windows' prompt was answered. */
const PROMPTS = {
  agreed: "$null = & powershell.exe $ArgumentList; New-Object PSObject -Property @{ ExitCode = 0 }",
  refused: "throw 'The operation was canceled by the user.'",
  closed: "New-Object PSObject -Property @{ ExitCode = -1073741510 }",
} as const;

/** Runs what it is given in the engine, behind the stand-ins: the command as it is, or what is encoded. */
const RUN = `
last=; for one in "$@"; do last=$one; done
case "$*" in
  *-EncodedCommand*)
    { cat "$here/stand-ins.ps1"; printf %s "$last" | base64 -d | iconv -f UTF-16LE -t UTF-8; } > "$here/run.ps1"
    exec pwsh -NoProfile -NonInteractive -File "$here/run.ps1" ;;
  *) exec pwsh -NoProfile -NonInteractive -Command "$(cat "$here/prompt.ps1"); $last" ;;
esac`;

async function ask(
  variables: Readonly<Record<string, string | undefined>>,
  answered: keyof typeof PROMPTS,
  host = "192.0.2.20",
) {
  const settings = Object.entries(variables).map(([name, value]) => `export ${name}=${value}`);
  const body = [
    ...settings,
    `export COUNTERS='${COUNTERS}' WFP_EVENTS='${WFP.netevents}' WFP_FILTERS='${WFP.filters}'`,
    `export HERE="$here" HOST_ADDRESS=${host} PATH="$here:$PATH" USERPROFILE='${FOLDER}'`,
    RUN,
  ];
  windows = fakeWindows({ "powershell.exe": body.join("\n") });
  const start = `function Start-Process { param($FilePath, $Verb, [switch]$Wait, [switch]$PassThru, $ArgumentList, $ErrorAction)\n${PROMPTS[answered]} }`;
  writeFileSync(join(windows.folder, "stand-ins.ps1"), `${STAND_INS}\n${FILES}\n`);
  writeFileSync(join(windows.folder, "prompt.ps1"), `${FILES}\n${start}\n`);
  let announced = 0;
  const announce = () => {
    announced += 1;
  };
  const answer = await collectElevated(depsOf(windows, { announce }), new AbortController().signal);
  return { answer, announced };
}

function depsOf({ folder }: FakeWindows, more: Partial<ElevatedDeps>): ElevatedDeps {
  return {
    ...{ system: systemWith({}), run: createRunBounded(systemClock), debug: () => undefined },
    ...{ readScript: readCollector, readElevatedPart, searchPath: folder },
    // A busy machine is no prompt that stays open.
    ...{ timeoutMs: 60_000, promptMs: 60_000, guests: [GUEST], announce: () => undefined },
    ...more,
  };
}

/** With a quote that PowerShell takes for its own. */
const FOLDER = "C:\\Users\\ann\u2019s";
const LIMIT_MS = 240_000;

describe.each(ENGINE_FORMS)("an administrator's part, $form", ({ form, variables }) => {
  const why = whyNotRun(variables);
  beforeEach(({ skip }) => skip(why !== null, why ?? ""));

  test(
    "is read behind the prompt, comes back through the file, and stands beside the rest",
    async () => {
      const { answer, announced } = await ask(variables, "agreed");
      expect(answer).toMatchObject({ kind: "snapshot", note: null, snapshot: { elevated: true } });
      if (answer.kind !== "snapshot") return;
      const { sources, languageMode } = answer.snapshot;
      expect(announced).toBe(1);
      expect(languageMode).toBe(
        form.includes("Constrained") ? "ConstrainedLanguage" : "FullLanguage",
      );
      expect(sources).toMatchObject({
        "Get-HnsNetwork": [{ ID: "b95d", Name: "WSL", Type: "ICS" }],
        "Get-VMSwitchExtension": [
          { Name: "X", Vendor: "Example", SwitchName: "WSL", Enabled: true },
        ],
        wfpDrops: [
          {
            FilterId: "70001",
            Filter: "Block everything else",
            Description: "Example & VPN",
            LocalAddress: GUEST,
            RemotePort: "443",
          },
        ],
        pktmon: [{ name: "vmswitch.sys", drops: [{ packets: 7, reason: "Invalid Packet" }] }],
        // Only the ordinary part asks for these.
        "Get-NetAdapter": { error: expect.stringContaining("no command") },
      });
      expect(windows?.read("path")).toMatch(
        /^C:\\Users\\ann\u2019s\\wsl-trace-[0-9a-f-]{36}\.json/,
      );
      expect(() => windows?.read("answer")).toThrow();
    },
    LIMIT_MS,
  );
});

describe("in one form", () => {
  const why = whyNotRun({});
  beforeEach(({ skip }) => skip(why !== null, why ?? ""));

  test(
    "nothing is counted where the distro has the addresses of Windows",
    async () => {
      const { answer } = await ask({}, "agreed", GUEST);
      const error = expect.stringContaining("addresses of Windows");
      expect(answer).toMatchObject({ snapshot: { sources: { pktmon: { error } } } });
    },
    LIMIT_MS,
  );

  test.each([
    ["refused", "host-refused", /nobody agreed to Windows' prompt/],
    ["closed", "host-nothing-written", /wrote nothing/],
  ] as const)(
    "there is no answer where the prompt was %s",
    async (answered, code, reason) => {
      const { answer } = await ask({}, answered);
      expect(answer).toMatchObject({ kind: "none", code, reason: expect.stringMatching(reason) });
      expect(() => windows?.read("answer")).toThrow();
    },
    LIMIT_MS,
  );
});

describe("what comes back", () => {
  const ORDINARY = '{"schema":"wsl-trace.host/1","sources":{"a":[]}}';
  const units = Array.from(FOLDER, (one) => one.charCodeAt(0)).join(",");
  /** Without an engine: the ordinary snapshot, the folder, and then this. */
  const answering = async (third: string, more: Partial<ElevatedDeps> = {}, folder = units) => {
    const body = `echo one >> "$here/calls"; case $(grep -c . "$here/calls") in
1) echo '${ORDINARY}' ;;
2) echo '{"schema":"wsl-trace.host/1","sources":{"folder":[${folder}]}}' ;;
*) ${third} ;;
esac`;
    windows = fakeWindows({ "powershell.exe": body });
    return collectElevated(depsOf(windows, more), new AbortController().signal);
  };

  test.each([
    [
      "ends in the middle",
      `printf '{"schema":"wsl-trace.host/1","sources":{"a'`,
      "host-no-snapshot",
    ],
    ["has another schema", `echo '{"schema":"other/1","sources":{}}'`, "host-no-snapshot"],
    ["is nothing", "true", "host-no-snapshot"],
  ])("is no snapshot where it %s", async (_, third, code) => {
    expect(await answering(third)).toMatchObject({ kind: "none", code });
  });

  test("is not waited for without end, and what may still be open is said", async () => {
    const reason = expect.stringMatching(
      /no answer in 0\.2 s: Windows' prompt may still be open.*wsl-trace-.*delete it/,
    );
    const answer = await answering("exec sleep 60", { promptMs: 200 });
    expect(answer).toMatchObject({ kind: "none", code: "host-timeout", reason });
  });

  test.each(["", "116,109,112", "1,2,3"])(
    "is not asked for where the folder is [%s]",
    async (folder) => {
      const answer = await answering("true", {}, folder);
      expect(answer).toMatchObject({ kind: "none", code: "host-no-folder" });
    },
  );

  test("is not asked for where there is no Windows", async () => {
    windows = fakeWindows({});
    let announced = false;
    const announce = () => {
      announced = true;
    };
    const answer = await collectElevated(
      depsOf(windows, { announce }),
      new AbortController().signal,
    );
    const code = expect.stringMatching(/not-wsl|powershell-missing/);
    expect({ answer, announced }).toMatchObject({
      answer: { kind: "none", code },
      announced: false,
    });
  });
});

test("what runs as administrator fits the command line, and nothing of a name is read as a command", async () => {
  const [collector, part] = [await readCollector(), await readElevatedPart()];
  const file = `${FOLDER}'; throw 1; '.json`;
  const command = elevatedCommand({ collector, part, file, guests: [GUEST] }) ?? "";
  const sent = Buffer.from(command, "base64").toString("utf16le");
  // .NET's ProcessStartInfo.Arguments.
  expect(command.length).toBeLessThan(32_699);
  expect(sent).not.toContain("throw 1");
  expect(sent).not.toContain("ann");
  expect(sent).not.toContain("Get-NetRoute");
  expect(sent).toContain("Get-HnsNetwork");
});

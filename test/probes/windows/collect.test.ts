// collect.ps1 under the real PowerShell engine, with stubs for what only Windows has.

import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { sourceStates } from "../../../src/host/source-list.ts";
import { type HostSnapshot, parseHostSnapshotText } from "../../../src/schema/host-snapshot.ts";
import { ENGINE_FORMS, runEngineFile, whyNotRun } from "../../builders/engine.ts";
import {
  CMDLETS,
  caseOutputs,
  caseScript,
  everyCmdlet,
  type StubCase,
} from "../../builders/windows-stubs.ts";

const row = (properties: string) => `New-Object PSObject -Property @{ ${properties} }`;
const ONE = row("Name = 'one'; ifIndex = 7; InterfaceAlias = 'one'; Namespace = '.'");
const ODD = row(
  [
    'Name = "$([char]0x4ee5)$([char]0x592a)$([char]0x7f51) <&\'$([char]0x212a)>"',
    "InterfaceDescription = [ipaddress]'192.0.2.9'; ifIndex = [uint32]9",
    "Status = [DayOfWeek]'Friday'; MacAddress = [datetime]'2026-11-22T10:00:00Z'",
    "LinkSpeed = [uint64]14918173765664768; MtuSize = [uint32]4294967295; Virtual = $true",
    "DriverDescription = @{ a = @{ b = @{ c = @{ d = @{ e = 1 } } } } }",
    "MediaType = @([ipaddress]'192.0.2.1')",
  ].join("; "),
).replaceAll("[DayOfWeek]'Friday'", "'Up'");

const REGISTRY = {
  "Test-Path": "return \"$LiteralPath\" -like '*Policies*DnsPolicyConfig*'",
  "Get-ChildItem": "@{ PSChildName = '{rule}' }",
  "Get-ItemProperty":
    "New-Object PSObject -Property @{ Name = [string[]]@('.example.test'); GenericDNSServers = '192.0.2.53'; PSPath = 'x' }",
};
const PROGRAMS = {
  "whoami.exe": "'NAME', '\"S-1-16-12288\"'",
  "netsh.exe": "'', '  80      90  ', '  5357    5357     *', '* - x 1 2'",
  "wsl.exe": "'WSL-Version: 2.7.10.0', 'Kernelversion: 6.18.33.2-2', 'WSLg: 1.0.73.2'",
};
const ANSWERS = {
  "Resolve-DnsName":
    "if ($Name -eq 'gone.example.test') { throw 'DNS name does not exist' } @{ IPAddress = '127.0.0.1' }; @{ NameHost = 'x' }",
  "curl.exe": "'0.000000'",
};

const CASES: readonly StubCase[] = [
  { name: "missing", stubs: {} },
  { name: "empty", stubs: everyCmdlet("") },
  { name: "one", stubs: everyCmdlet(ONE) },
  { name: "forty", stubs: everyCmdlet(`1..40 | ForEach-Object { ${ONE} }`) },
  { name: "odd", stubs: everyCmdlet(ODD) },
  { name: "throws", stubs: everyCmdlet("throw 'broken'") },
  { name: "half", stubs: everyCmdlet(`${ONE}\nWrite-Error 'broken in the middle'`) },
  {
    name: "denied",
    stubs: everyCmdlet("Write-Error -Message 'Zugriff verweigert' -Category PermissionDenied"),
  },
  {
    name: "slow",
    // Each look at the clock finds it five seconds later.
    stubs: {
      ...everyCmdlet(ONE),
      "Get-Date":
        "$global:looks = 1 + $global:looks; ([datetime]'2026-11-22T10:00:00Z').AddSeconds(5 * $global:looks)",
    },
  },
  {
    name: "asked",
    stubs: { ...everyCmdlet(ONE), ...REGISTRY, ...PROGRAMS, ...ANSWERS },
    questions: [
      "resolve www.example.test",
      "resolve gone.example.test",
      "reach www.example.test 1",
      "resolve $(throw 1)",
      "resolve -Name",
      "reach 192.0.2.1;calc 1",
      "nonsense",
      "",
    ],
  },
];

const LONELY: readonly StubCase[] = CMDLETS.map((name) => ({
  name,
  stubs: { ...everyCmdlet(ONE), [name]: "throw 'broken'" },
}));

describe.each(ENGINE_FORMS)("the collector, $form", ({ variables }) => {
  let outputs: ReadonlyMap<string, string> = new Map();
  const why = whyNotRun(variables);
  // A skipped test has to give the reason.
  beforeEach(({ skip }) => skip(why !== null, why ?? ""));
  beforeAll(() => {
    if (why === null) outputs = caseOutputs(runEngineFile(caseScript(CASES), variables));
  }, 120_000);

  const snapshotOf = (name: string): HostSnapshot =>
    parseHostSnapshotText(outputs.get(name) ?? "", name);
  const statesOf = (name: string) =>
    sourceStates(snapshotOf(name)).filter((source) => CMDLETS.includes(source.name));

  test("prints ASCII and valid JSON in every case", () => {
    expect([...outputs.keys()]).toEqual(CASES.map(({ name }) => name));
    for (const [name, output] of outputs) {
      expect(output, name).toMatch(/^[\x20-\x7e\n\r]+$/);
      expect(JSON.parse(output), name).toMatchObject({ schema: "wsl-trace.host/1" });
    }
  });

  test("keeps empty, missing and unreadable apart", () => {
    for (const source of statesOf("empty"))
      expect(source).toMatchObject({ state: "read", rows: 0 });
    for (const source of statesOf("missing")) {
      expect(source).toMatchObject({
        state: "unread",
        error: `this Windows has no command ${source.name}`,
      });
    }
    const asked = sourceStates(snapshotOf("missing")).filter(({ name }) => name === "resolve");
    expect(asked).toEqual([{ name: "resolve", state: "not-collected" }]);
    for (const source of statesOf("throws")) expect(source).toMatchObject({ error: "broken" });
    for (const source of statesOf("half")) {
      expect(source).toMatchObject({ state: "unread", error: "broken in the middle" });
    }
    for (const source of statesOf("denied")) {
      expect(source).toMatchObject({ error: "access denied: Zugriff verweigert" });
    }
  });

  test("counts one row and forty alike", () => {
    const twice = ["Get-VpnConnection"];
    const services = 13;
    for (const [name, times] of [
      ["one", 1],
      ["forty", 40],
    ] as const) {
      for (const source of statesOf(name)) {
        const calls = twice.includes(source.name)
          ? 2
          : source.name === "Get-Service"
            ? services
            : 1;
        expect(source).toMatchObject({ state: "read", rows: times * calls });
      }
    }
  });

  test("makes plain values of odd ones", () => {
    const [adapter] = JSON.parse(outputs.get("odd") ?? "").sources["Get-NetAdapter"];
    expect(adapter).toMatchObject({
      Name: "以太网 <&'\u212a>",
      InterfaceDescription: "192.0.2.9",
      ifIndex: 9,
      MacAddress: "2026-11-22T10:00:00.0000000Z",
      LinkSpeed: "14918173765664768",
      MtuSize: 4294967295,
      Virtual: true,
      MediaType: ["192.0.2.1"],
      Hidden: null,
    });
  });

  test("sends no more questions when Windows was too slow, and reports that", () => {
    const states = sourceStates(snapshotOf("slow"));
    expect(states.filter(({ state }) => state === "read")).toHaveLength(3);
    const unread = states.filter((source) => source.state === "unread");
    expect(unread.length).toBeGreaterThan(15);
    for (const { error } of unread) expect(error).toContain("too slow");
  });

  test("answers questions, and takes them as data", () => {
    const { sources, elevated } = snapshotOf("asked");
    expect(elevated).toBe(true);
    expect(sources.resolve).toMatchObject([
      { name: "www.example.test", addresses: ["127.0.0.1"], error: null },
      { name: "gone.example.test", addresses: [], error: "DNS name does not exist" },
    ]);
    expect(sources.reach).toMatchObject([
      { address: "127.0.0.1", port: 1, ok: false, error: expect.stringMatching(/\w/) },
    ]);
    expect(sources.excludedPortRanges).toEqual([
      { StartPort: 80, EndPort: 90, Administered: false },
      { StartPort: 5357, EndPort: 5357, Administered: true },
    ]);
    expect(sources.wsl).toMatchObject({ version: "2.7.10.0", kernel: "6.18.33.2-2" });
    expect(sources.registry).toContainEqual({
      Path: expect.stringContaining("DnsPolicyConfig\\{rule}"),
      Name: "Name",
      Value: [".example.test"],
    });
  });
});

describe("a source that fails", () => {
  test("is lost alone, whichever it is", ({ skip }) => {
    const { variables } = ENGINE_FORMS[3];
    const why = whyNotRun(variables);
    skip(why !== null, why ?? "");
    const outputs = caseOutputs(runEngineFile(caseScript(LONELY), variables));
    for (const name of CMDLETS) {
      const states = sourceStates(parseHostSnapshotText(outputs.get(name) ?? "", name));
      const unread = states.filter(
        (source) => CMDLETS.includes(source.name) && source.state !== "read",
      );
      expect(unread).toEqual([{ name, state: "unread", error: "broken" }]);
    }
  }, 120_000);
});

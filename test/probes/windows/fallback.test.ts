// Without PowerShell: ipconfig, route and netsh as shell scripts, and what the model makes of their rows.

import { afterEach, describe, expect, test } from "vitest";
import { adapterDnsServers } from "../../../src/host/dns.ts";
import { guestRelation } from "../../../src/host/relation.ts";
import { routeOnHost } from "../../../src/host/routes.ts";
import { sourceStates } from "../../../src/host/source-list.ts";
import type { HostSnapshot } from "../../../src/schema/host-snapshot.ts";
import { type FakeWindows, fakeWindows } from "../../builders/fake-windows.ts";
import {
  interfacesText,
  ipconfigText,
  LANGUAGES,
  NETSH_ROUTES,
  routeText,
} from "../../builders/windows-texts.ts";

let windows: FakeWindows | null = null;
afterEach(() => windows?.remove());

const print = (text: string, charset = "UTF-8") =>
  `iconv -f UTF-8 -t ${charset} <<'END'\n${text}\nEND`;

/** netsh's tables by its arguments. */
const netsh = (tables: Readonly<Record<string, string>>, charset = "UTF-8") =>
  Object.entries(tables)
    .map(([words, text]) => `if [ "$2 $4" = '${words}' ]; then ${print(text, charset)}\nfi`)
    .join("\n");

async function read(programs: Readonly<Record<string, string>>): Promise<HostSnapshot | null> {
  windows = fakeWindows(programs);
  const answer = await windows.ask();
  if (answer.kind === "none") return null;
  expect(answer.note).toMatch(/PowerShell gave no answer .*read from ipconfig, route and netsh/);
  return answer.snapshot;
}

async function readWhole(programs: Readonly<Record<string, string>>): Promise<HostSnapshot> {
  const snapshot = await read(programs);
  if (snapshot === null) throw new Error("there is no snapshot");
  return snapshot;
}

describe.each([
  { language: "en", charset: "UTF-8", page: 437 },
  { language: "de", charset: "CP850", page: 850 },
  { language: "ru", charset: "CP866", page: 866 },
  { language: "ja", charset: "SHIFT_JIS", page: 932 },
  { language: "zh-CN", charset: "GBK", page: 936 },
])("a Windows in $language with code page $page", ({ language, charset, page }) => {
  const words = LANGUAGES[language] ?? LANGUAGES.en;
  if (words === undefined) throw new Error("no words");
  const programs = {
    "chcp.com": `echo "Aktive Codepage: ${page}."`,
    "ipconfig.exe": print(ipconfigText(words), charset),
    "route.exe": print(routeText("On-link"), charset),
    "netsh.exe": netsh({ "ipv4 interfaces": interfacesText(words.lan) }),
  };

  test("gives adapters, MTUs, addresses, routes and name servers", async () => {
    const snapshot = await readWhole(programs);
    expect(routeOnHost(snapshot, "203.0.113.7")).toMatchObject({
      known: true,
      adapter: { name: "Example Corp", ifIndex: 62 },
      effectiveMetric: 26,
    });
    expect(routeOnHost(snapshot, "192.0.2.77")).toMatchObject({
      known: true,
      adapter: { name: words.lan, ifIndex: 9 },
    });
    const guest = [{ address: "198.51.100.20", prefixLength: 25 }];
    expect(guestRelation(snapshot, guest, ["198.51.100.1"])).toMatchObject({
      kind: "nat",
      adapter: { name: "vEthernet (WSL)", ifIndex: 31 },
    });
    const dns = adapterDnsServers(snapshot);
    expect(dns.known ? dns.adapters : []).toContainEqual({
      adapter: { name: words.lan, ifIndex: 9 },
      up: true,
      servers: ["2001:db8::53", "192.0.2.53"],
    });
    expect(snapshot.sources["Get-NetIPInterface"]).toContainEqual({
      ifIndex: 62,
      InterfaceAlias: "Example Corp",
      AddressFamily: 2,
      NlMtu: 1400,
      InterfaceMetric: 26,
      ConnectionState: "Connected",
    });
  });
});

describe("parts of the programs", () => {
  const words = LANGUAGES.en;
  if (words === undefined) throw new Error("no words");

  test("netsh's routes are taken before those of route print", async () => {
    const tables = { "ipv4 interfaces": interfacesText("Ethernet"), "ipv4 route": NETSH_ROUTES };
    const snapshot = await readWhole({
      "netsh.exe": netsh(tables),
      "route.exe": print(routeText("On-link")),
    });
    expect(routeOnHost(snapshot, "203.0.113.7")).toMatchObject({
      adapter: { name: "Example Corp", ifIndex: 62 },
      effectiveMetric: 26,
    });
    // Its own metric 25 and the interface's 4250.
    expect(routeOnHost(snapshot, "2001:db8:1::1")).toMatchObject({ prefix: "::/0" });
  });

  test("a source whose programs failed gives the reason, and is not empty", async () => {
    const snapshot = await readWhole({ "ipconfig.exe": print(ipconfigText(words)) });
    const states = new Map(sourceStates(snapshot).map((source) => [source.name, source]));
    expect(states.get("Get-NetIPAddress")).toMatchObject({ state: "read", rows: 5 });
    expect(states.get("Get-NetRoute")).toMatchObject({
      state: "unread",
      error: expect.stringContaining("route.exe was not found"),
    });
    expect(states.get("Get-VpnConnection")).toMatchObject({ state: "not-collected" });
    expect(routeOnHost(snapshot, "203.0.113.7")).toMatchObject({ kind: "unreadable" });
  });

  test("a message instead of a table is not taken for a table without rows", async () => {
    const snapshot = await readWhole({
      "ipconfig.exe": print(ipconfigText(words)),
      "netsh.exe": "echo 'No service.'",
      "route.exe": "echo 'The route service is not there: 5'",
    });
    expect(routeOnHost(snapshot, "203.0.113.7")).toMatchObject({
      kind: "unreadable",
      reason: expect.stringContaining("nothing that was understood"),
    });
  });

  test("one family that could not be read is not taken for one without routes", async () => {
    const six = NETSH_ROUTES.replaceAll("0.0.0.0/0", "::/0").replace(/^.*\d\/(8|24|25).*$/gm, "");
    const snapshot = await readWhole({
      "netsh.exe": netsh({ "ipv6 route": six }),
      "ipconfig.exe": print(ipconfigText(words)),
    });
    expect(routeOnHost(snapshot, "203.0.113.7")).toMatchObject({ kind: "unreadable" });
  });

  test.each([
    { what: "print nothing", body: "exit 0" },
    { what: "print garbage", body: "head -c 5000 /bin/sh" },
    { what: "print a message", body: "echo 'Fehler beim Zugriff: 5'; echo 'Der Dienst:'; exit 1" },
    { what: "die", body: "kill -9 $$" },
  ])("programs that $what leave no evidence", async ({ body }) => {
    const programs = ["ipconfig.exe", "route.exe", "netsh.exe", "chcp.com"];
    expect(await read(Object.fromEntries(programs.map((name) => [name, body])))).toBeNull();
  });
});

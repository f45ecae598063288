// What an administrator's pktmon counts decides which filter of Windows is to blame, and what only fits stays a candidate.

import { describe, expect, test } from "vitest";
import { diagnosisOf } from "../../../../../src/report/diagnosis.ts";
import type { EventBody } from "../../../../../src/schema/event.ts";
import type { HostSnapshot } from "../../../../../src/schema/host-snapshot.ts";
import {
  GUEST,
  pathOf,
  resolverConfig,
  TARGET,
  targetAddresses,
} from "../../../../builders/events.ts";
import { plainHost } from "../../../../builders/host.ts";
import { hostConnects, hostCounters } from "../../../../builders/host-tries.ts";
import { hops } from "../../../../builders/probes.ts";
import { run } from "../../../../builders/runs.ts";
import { NO_REPLY, unconnected } from "../../../../builders/tcp.ts";
import { hostWith, plainHostWith, wireGuardHost } from "../../../host/example.ts";

const GATEWAY = "198.51.100.1";
const TYPED = [resolverConfig([]), targetAddresses(TARGET, "literal", null)];

/** The faults where Windows answers the distro and nothing beyond it does. */
function faults(host: unknown, ...more: readonly EventBody[]): readonly string[] {
  const udp = [...hops([GATEWAY, null, null], false), hostConnects("connected"), ...more];
  const events = run({ host, names: TYPED, tcp: unconnected(NO_REPLY), udp });
  return diagnosisOf(pathOf(...events))
    .findings.filter(({ severity }) => severity !== "note")
    .map(({ cause, confidence }) => `${cause} ${confidence}`);
}

const binding = (Name: string, more: object) =>
  hostWith({ "Get-NetAdapterBinding": [{ Name, Enabled: true, ...more }] });
const KASPERSKY = { ComponentID: "klim6", DisplayName: "Kaspersky Lab NDIS 6 Filter" };

describe("a security product", () => {
  test("is a candidate by its filter alone, and sure by its drops", () => {
    const host = binding("Ethernet", KASPERSKY);
    expect(faults(host)).toEqual(["endpoint-security-drops-wsl 0.5"]);
    const counted = hostCounters("Kaspersky Lab NDIS 6 Filter", "Unknown");
    expect(faults(host, counted)).toEqual(["endpoint-security-drops-wsl 0.95"]);
    expect(faults(plainHost, counted)).toEqual(["endpoint-security-drops-wsl 0.95"]);
  });

  test.each([
    ["on another adapter", "Bluetooth", KASPERSKY],
    ["that is switched off", "Ethernet", { ...KASPERSKY, Enabled: false }],
    ["of Windows itself", "Ethernet", { ComponentID: "ms_pacer", DisplayName: "QoS" }],
    ["of nobody that is known", "Ethernet", { ComponentID: "xyz", DisplayName: "Aswan driver" }],
  ])("is none by a filter %s", (_, adapter, more) => {
    expect(faults(binding(adapter, more))).toEqual(["host-forwarding-blocked 0.95"]);
  });
});

describe("the switch", () => {
  test("is to blame by its drops, and an extension only where they were not counted", () => {
    const foreign = {
      "Get-VMSwitchExtension": [{ Name: "X", Vendor: "Example", SwitchName: "WSL", Enabled: true }],
    };
    expect(faults(hostWith(foreign))).toEqual(["vfp-or-switch-extension-drop 0.5"]);
    const inSwitch = hostCounters("vmswitch.sys", "Invalid Packet");
    expect(faults(plainHost, inSwitch)).toEqual(["vfp-or-switch-extension-drop 0.95"]);
    const elsewhere = hostCounters("ndis.sys", null);
    expect(faults(hostWith(foreign), elsewhere)).toEqual(["host-forwarding-blocked 0.95"]);
  });

  test.each([
    [{ Vendor: "Microsoft" }],
    [{ SwitchName: "Default Switch" }],
    [{ Enabled: "False" }],
    [{ Vendor: null }],
  ])("has no foreign extension with %j", (more) => {
    const row = { Name: "X", Vendor: "Example", SwitchName: "WSL", Enabled: true, ...more };
    expect(faults(hostWith({ "Get-VMSwitchExtension": [row] }))).toEqual([
      "host-forwarding-blocked 0.95",
    ]);
  });
});

describe("a VPN's switch", () => {
  const filtered = hostCounters("tcpip.sys", "Inspection drop");

  test("shows in a filter's drops while any VPN is up, and not without one", () => {
    const halves = wireGuardHost({ InterfaceDescription: "WireGuard Tunnel" });
    expect(faults(halves, filtered)).toContain("vpn-killswitch-wfp 0.8");
    expect(faults(plainHost, filtered)).toEqual(["host-forwarding-blocked 0.95"]);
  });

  test("is a candidate by its product, and none by WireGuard's two halves", () => {
    const mullvad = wireGuardHost({ InterfaceDescription: "Mullvad Tunnel" });
    expect(faults(mullvad)).toContain("vpn-killswitch-wfp 0.5");
    const halves = wireGuardHost({ InterfaceDescription: "WireGuard Tunnel" });
    expect(faults(halves).filter((one) => one.startsWith("vpn-kill"))).toEqual([]);
  });

  test("is none while the adapter is down", () => {
    const down = plainHostWith({
      "Get-NetAdapter": [
        { Name: "wg", ifIndex: 70, Status: "Disconnected", InterfaceDescription: "Mullvad Tunnel" },
      ],
    });
    expect(faults(down)).toEqual(["host-forwarding-blocked 0.95"]);
  });
});

describe("what `host --elevated` read", () => {
  const mullvad = wireGuardHost({ InterfaceDescription: "Mullvad Tunnel" });
  const withRows = (host: HostSnapshot, more: Readonly<Record<string, unknown>>) => ({
    ...host,
    sources: { ...host.sources, ...more },
  });
  const dropped = (Filter: string, RemoteAddress = TARGET, LocalAddress = GUEST) => ({
    wfpDrops: [{ FilterId: "7", Filter, Description: "", LocalAddress, RemoteAddress }],
  });
  const KASPERSKY_TOO = {
    "Get-NetAdapterBinding": [{ Name: "Ethernet", Enabled: true, ...KASPERSKY }],
  };
  const both = withRows(mullvad, KASPERSKY_TOO);

  test("decides by the filter's name where a VPN and a security product both fit", () => {
    expect(faults(both)).toEqual(["vpn-killswitch-wfp 0.5", "endpoint-security-drops-wsl 0.5"]);
    expect(faults(withRows(both, dropped("Mullvad VPN: block all")))).toEqual([
      "vpn-killswitch-wfp 0.95",
    ]);
    expect(faults(withRows(both, dropped("Kaspersky Firewall")))).toEqual([
      "endpoint-security-drops-wsl 0.95",
    ]);
  });

  test.each([
    ["somebody else's packet", dropped("Kaspersky Firewall", TARGET, "192.0.2.20")],
    ["another target", dropped("Kaspersky Firewall", "224.0.0.251")],
    ["nothing that is named", { wfpDrops: [{ FilterId: "7", LocalAddress: GUEST }] }],
    ["nothing", { wfpDrops: [] }],
  ])("leaves both where the filter dropped %s", (_, more) => {
    expect(faults(withRows(both, more))).toEqual(faults(both));
  });

  test("names the component that pktmon counted as dropping", () => {
    const pktmon = [
      {
        group: "vmswitch",
        name: "vmswitch.sys",
        drops: [{ packets: 7, bytes: 0, way: "sent", reason: "Invalid Packet" }],
      },
    ];
    expect(faults(withRows(hostWith({}), { pktmon }))).toEqual([
      "vfp-or-switch-extension-drop 0.95",
    ]);
  });
});

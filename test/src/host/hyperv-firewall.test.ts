// Which rule of the Hyper-V firewall decides about a connection, in the shapes that PowerShell gives.

import { describe, expect, test } from "vitest";
import { addressOf } from "../../../src/host/address.ts";
import { hyperVOutbound, WSL_CREATOR } from "../../../src/host/hyperv-firewall.ts";
import { type Rows, snapshotOf } from "./example.ts";

const ADDRESS = addressOf("192.0.2.80");
const BLOCKS: Rows = {
  Name: "r",
  DisplayName: "no web",
  Enabled: 1,
  Direction: 2,
  Action: 4,
  VMCreatorId: WSL_CREATOR.toLowerCase(),
  Protocol: "TCP",
  RemotePorts: "Any",
};

function decided(rules: unknown, setting: Rows | null = { DefaultOutboundAction: "Allow" }) {
  if (ADDRESS === null) throw new Error("that is an address");
  const settings = setting === null ? null : [{ Name: WSL_CREATOR, Enabled: "True", ...setting }];
  const snapshot = snapshotOf({
    "Get-NetFirewallHyperVRule": rules,
    "Get-NetFirewallHyperVVMSetting": settings,
  });
  return hyperVOutbound(snapshot, ADDRESS, 443).kind;
}

describe("a rule that blocks", () => {
  test.each([
    [{}],
    [{ Direction: "Outbound", Action: "Block", Enabled: "True" }],
    [{ VMCreatorId: "Any", Protocol: "6", RemotePorts: ["80", "443"] }],
    [{ RemotePorts: "400-500" }],
    [{ RemoteAddresses: "192.0.2.0/24" }],
    [{ RemoteAddresses: ["198.51.100.1", "192.0.2.0/255.255.255.0"] }],
    [{ RemoteAddresses: "192.0.2.1-192.0.2.90", Protocol: "Any" }],
    [{ RemoteAddresses: "192.0.2.80" }],
  ])("decides with %j", (more) => {
    expect(decided([{ ...BLOCKS, ...more }])).toBe("rule");
  });

  test.each([
    [{ Direction: 1 }],
    [{ Enabled: 2 }],
    [{ Enabled: "False" }],
    [{ Action: "Allow" }],
    [{ VMCreatorId: "{9E288F02-CE00-4D9E-BE2B-14CE463B0298}" }],
    [{ Protocol: "UDP" }],
    [{ RemotePorts: "80" }],
    [{ RemotePorts: "RPC" }],
    [{ LocalPorts: "5000" }],
    [{ LocalAddresses: "172.24.16.2" }],
    [{ RemoteAddresses: "LocalSubnet" }],
    [{ RemoteAddresses: "2001:db8::/32" }],
    [{ RemoteAddresses: "192.0.3.0/24" }],
    [{ RemoteAddresses: "192.0.2.0/255.0.255.0" }],
    [{ RemoteAddresses: "192.0.2.81-192.0.2.90" }],
  ])("does not with %j", (more) => {
    expect(decided([{ ...BLOCKS, ...more }])).toBe("passes");
  });
});

test("of two rules the lower priority decides, and without one the rule that blocks", () => {
  const allows = { ...BLOCKS, Name: "a", Action: "Allow" };
  expect(decided([allows, BLOCKS])).toBe("rule");
  expect(
    decided([
      { ...allows, RulePriority: 5 },
      { ...BLOCKS, RulePriority: 9 },
    ]),
  ).toBe("passes");
  expect(decided([{ ...allows, RulePriority: 0 }, BLOCKS])).toBe("rule");
});

test("the default decides where no rule does, and an allowing rule saves", () => {
  const blocked = { DefaultOutboundAction: 4 };
  expect(decided([], blocked)).toBe("default");
  expect(decided([{ ...BLOCKS, Action: 2 }], blocked)).toBe("passes");
  expect(decided([], { ...blocked, Enabled: "False" })).toBe("off");
});

test("what was not read decides nothing, but a rule that blocks does", () => {
  expect(decided(null, { DefaultOutboundAction: "Block" })).toBe("unread");
  expect(decided({ error: "access denied" })).toBe("unread");
  expect(decided([], null)).toBe("unread");
  expect(decided([BLOCKS], null)).toBe("rule");
});

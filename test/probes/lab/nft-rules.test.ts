// Rules follow from a scenario's data alone.

import { describe, expect, it } from "vitest";
import { nftRules } from "../../../probes/lab/src/network/nft-rules.ts";
import type { Fault } from "../../../probes/lab/src/scenarios/fault.ts";
import type { Scenario } from "../../../probes/lab/src/scenarios/scenario.ts";
import { scenarioNamed } from "../../../probes/lab/src/scenarios.ts";

function withFault(fault: Fault): Scenario {
  const base = scenarioNamed("wsl2-healthy");
  if (base === undefined) throw new Error("no base scenario");
  return { ...base, faults: [fault] };
}

describe("nftables rules", () => {
  it("drop both families' ICMP errors that name an MTU where a location is silent about sizes", () => {
    const rules = nftRules(
      withFault({ kind: "silent-packet-too-big", at: "internet" }),
      "internet",
    );
    expect(rules).toContain("icmp type destination-unreachable icmp code 4 counter drop");
    expect(rules).toContain("icmpv6 type packet-too-big counter drop");
    expect(rules).toContain("hook output");
  });

  it("drop by size, direction and protocol", () => {
    const drop: Fault = {
      kind: "drop",
      at: "internet",
      arrivingOn: "rack0",
      largerThanBytes: 1337,
      protocol: "tcp",
    };
    expect(nftRules(withFault(drop), "internet")).toContain(
      'iifname "rack0" meta l4proto tcp meta length > 1337 counter drop',
    );
  });

  it("clamp the MSS of each family to what fits the MTU", () => {
    const rules = nftRules(withFault({ kind: "clamp-mss", at: "internet", mtu: 1400 }), "internet");
    expect(rules).toMatch(/ipv4 .* maxseg size set 1360/);
    expect(rules).toMatch(/ipv6 .* maxseg size set 1340/);
  });

  it("are none for a location without NAT, fault or name server", () => {
    expect(nftRules(withFault({ kind: "silent-packet-too-big", at: "internet" }), "server")).toBe(
      "",
    );
  });

  it("never use a keyword as a chain's name", () => {
    const rules = nftRules(withFault({ kind: "eat-payload", at: "lan", fromPort: 443 }), "lan");
    expect(rules).not.toMatch(/chain (fwd|forward|input|output|in|out)\b/);
  });
});

// Targets that cannot be had from behind a host that is a router itself, with its snapshot and without.

import { describe, expect, it } from "vitest";
import type { Net } from "./independent/net.ts";
import { OFFICE, officeSnapshot } from "./independent/office.ts";
import { officeTests } from "./independent/office-tests.ts";
import { tracePath } from "./independent/tool.ts";

const { folder, office } = officeTests(null);

const snapshot = () => folder.file("host.json", JSON.stringify(officeSnapshot(1500)));

const trace = async (on: Net, host: string, root = false, target = `https://${OFFICE.site4}/`) => {
  const { report } = await tracePath(on, [target, "--host-snapshot", host], {
    privilege: root ? "root" : "none",
  });
  const [first] = report.findings;
  const place = first?.segment ?? first?.between?.join("..") ?? null;
  return { report, told: [report.verdict, first?.cause ?? null, place] };
};

const shut = (rule: string) => `table inet shut {
  chain through {
    type filter hook forward priority 0; policy accept;
    ${rule}
  }
}
`;

describe.each([
  { user: "nobody", root: false },
  { user: "root", root: true },
])("as $user", ({ root }) => {
  it("only the host answers: never the router's fault, with a snapshot or without", async () => {
    const on = await office();
    await on.nft("box", shut("drop"));
    const known = await trace(on, snapshot(), root);
    expect(known.told[1]).not.toBe("upstream-unreachable");
    expect(known.told[1]).not.toBe("destination-down");
    // Without a snapshot this is a Linux machine behind a router.
    const plain = await trace(on, "none", root);
    expect(plain.told).toEqual(["fault", "upstream-unreachable", "lan-gateway..internet-hop"]);
  });

  it("the VPN's far end answers and nothing behind it", async () => {
    const on = await office();
    await on.nft("far", shut("drop"));
    expect((await trace(on, snapshot(), root)).told).toEqual([
      "fault",
      "upstream-unreachable",
      "vpn-gateway..internet-hop",
    ]);
  });

  it("the far end has lost its routes and reports that", async () => {
    const on = await office();
    await on.ip("far", "route", "add", "unreachable", OFFICE.site4);
    const { told } = await trace(on, snapshot(), root);
    expect(told).toEqual(["fault", "upstream-unreachable", "vpn-gateway"]);
  });

  it("the target is gone from its link", async () => {
    const on = await office();
    await on.ip("site", "link", "set", "eth0", "down");
    const { told } = await trace(on, snapshot(), root);
    expect(told).toEqual(["fault", "destination-down", "destination"]);
  });

  it("the host rejects the port, and reports that", async () => {
    const on = await office();
    await on.nft("box", shut("tcp dport 443 reject with icmp type admin-prohibited"));
    const { told } = await trace(on, snapshot(), root);
    expect(told).toEqual(["fault", "admin-prohibited", "windows-stack"]);
  });

  it("the far end drops the port alone", async () => {
    const on = await office();
    await on.nft("far", shut("tcp dport 443 drop"));
    const { told } = await trace(on, snapshot(), root);
    // Every router forwards the SYN, and nothing shows on which way the connection dies.
    expect(told).toEqual(["fault", "port-filtered", null]);
  });

  it("the host and the far end send packets to each other", async () => {
    const on = await office();
    // Over IPv6, as a NAT's own address would not be taken back.
    await on.ip("far", "-6", "route", "add", `${OFFICE.site6}/128`, "via", "2001:db8:72::2");
    const { told } = await trace(on, snapshot(), root, `https://[${OFFICE.site6}]/`);
    expect(told.slice(0, 2)).toEqual(["fault", "routing-loop"]);
  });
});

describe("two faults at once", () => {
  it("a dead gateway hides that the port is filtered behind it", async () => {
    const on = await office();
    await on.nft("far", shut("tcp dport 443 drop"));
    await on.ip("box", "link", "set", "sw0", "arp", "off");
    await on.ip("guest", "neigh", "flush", "all");
    const { report } = await trace(on, snapshot());
    expect(report.findings.map(({ cause }) => cause)).toEqual(["gateway-unreachable"]);
  });

  it("a rule that refuses stands before the loop that nobody comes to", async () => {
    const on = await office();
    await on.nft("box", shut("meta l4proto { tcp, udp } reject with icmp type admin-prohibited"));
    await on.ip("far", "route", "add", `${OFFICE.site4}/32`, "via", OFFICE.tunnel4);
    const { report } = await trace(on, snapshot());
    expect(report.findings.map(({ cause }) => cause)).toEqual(["admin-prohibited"]);
  });
});

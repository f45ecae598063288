// What makes a size limit hard to see or easy to imagine: loss, filters, slow links, odd servers, odd links.

import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Net } from "./independent/net.ts";
import { createOffice, OFFICE, type OfficeOptions, officeSnapshot } from "./independent/office.ts";
import { makeServerFiles, type ServerFiles, startServer } from "./independent/server.ts";
import { createFolder, tracePath } from "./independent/tool.ts";

const folder = createFolder();
const target = `https://${OFFICE.site4}/`;
let big: ServerFiles;
let small: ServerFiles;
let net: Net | undefined;

beforeAll(async () => {
  big = await makeServerFiles(folder, "big", 90);
  small = await makeServerFiles(folder, "small", 0);
});
afterEach(async () => {
  await net?.remove();
  net = undefined;
});
afterAll(() => folder.remove());

async function office(options: OfficeOptions, files = big): Promise<Net> {
  net = await createOffice(options);
  await startServer(net, files, 40_000);
  return net;
}

const snapshot = (mtu: number) =>
  folder.file(`host-${mtu}.json`, JSON.stringify(officeSnapshot(mtu)));

const trace = async (on: Net, host: string, ...more: string[]) => {
  const args = [target, "--ca", big.ca, "--host-snapshot", host, ...more];
  return (await tracePath(on, args)).report;
};

type Told = { readonly findings: readonly { readonly cause: string; readonly severity: string }[] };

const everything = ({ findings }: Told) =>
  findings.map(({ cause, severity }) => `${cause} ${severity}`);

/** What is wrong; notes explain, and come as the routers' limits have it. */
const causes = (report: Told) => everything(report).filter((cause) => !cause.endsWith("note"));

/** Rules of a router for packets that pass it. */
const passing = (rule: string) => `table inet passing {
  chain through {
    type filter hook forward priority 0; policy accept;
    ${rule}
  }
}
`;

const NO_ICMP = `table inet mute {
  chain leaving {
    type filter hook output priority 0; policy accept;
    meta l4proto { icmp, icmpv6 } drop
  }
}
`;

describe("a black hole", () => {
  it("below the IPv6 minimum is exact, and its fix leaves IPv6 alone", async () => {
    const on = await office({ tunnelMtu: 1500 });
    await on.nft("far", passing(`iifname "lan0" ip length > 900 drop`));
    const report = await trace(on, "none");
    expect(causes(report)).toEqual(["pmtu-inbound-blackhole fault"]);
    expect(report.pmtu.inbound).toMatchObject({ bytes: 900, exact: true });
    expect(report.findings[0]?.fixes[0]?.commands[0]).toContain("ip route change default");
  });

  it("is found where nobody sends any ICMP at all, in both directions", async () => {
    const on = await office({ tunnelMtu: 1372, farSilent: true, middleboxSilent: true });
    for (const host of ["box", "far", "site"]) await on.nft(host, NO_ICMP);
    const report = await trace(on, snapshot(1372));
    expect(causes(report)).toEqual([
      "vpn-mtu-inbound-blackhole fault",
      "vpn-mtu-outbound-blackhole fault",
    ]);
    expect(report.pmtu.outbound).toMatchObject({ bytes: 1372, exact: true, basis: "tcp" });
  });

  it("that only an answer of the server meets hangs after the handshake", async () => {
    const on = await office({ tunnelMtu: 1400, farSilent: true }, small);
    const args = [target, "--ca", small.ca, "--host-snapshot", snapshot(1400)];
    const { report } = await tracePath(on, args);
    expect(causes(report)).toEqual(["vpn-mtu-inbound-blackhole fault"]);
    expect(report.pmtu.inbound).toMatchObject({ bytes: 1400, exact: true });
  });

  it("of the outbound path alone is a warning", async () => {
    const on = await office({ tunnelMtu: 1400, middleboxSilent: true });
    const report = await trace(on, snapshot(1400));
    expect(report.verdict).toBe("degraded");
    expect(causes(report)).toEqual(["vpn-mtu-outbound-blackhole warning"]);
    expect(report.pmtu.outbound).toMatchObject({ bytes: 1400, exact: true, silent: true });
  });

  it("is seen through a slow link", async () => {
    const on = await office({ tunnelMtu: 1400, farSilent: true });
    const shape = "qdisc add dev peer0 root tbf rate 2mbit burst 3000 latency 2s";
    await on.run("far", "tc", ...shape.split(" "));
    const report = await trace(on, snapshot(1400));
    expect(causes(report)).toEqual(["vpn-mtu-inbound-blackhole fault"]);
    expect(report.pmtu.inbound).toMatchObject({ bytes: 1400, exact: true });
  });

  it("is seen through loss, and loss alone is not taken for one", async () => {
    const on = await office({ tunnelMtu: 1400, farSilent: true });
    await on.nft("far", passing("numgen random mod 100 < 5 drop"));
    const report = await trace(on, snapshot(1400));
    expect(report.findings[0]?.cause).toBe("vpn-mtu-inbound-blackhole");
  });

  it("behind a lost SYN is found all the same", async () => {
    const on = await office({ tunnelMtu: 1400, farSilent: true });
    const firstSyn = "tcp flags & (syn | ack) == syn numgen inc mod 1000000 < 1 drop";
    await on.nft("box", passing(firstSyn));
    const report = await trace(on, snapshot(1400));
    expect(causes(report)).toEqual(["vpn-mtu-inbound-blackhole fault"]);
    expect(report.pmtu.inbound).toMatchObject({ bytes: 1400, exact: true });
  });

  it("is not reported on the outbound path where the target's ICMP is limited in rate", async () => {
    const on = await office({ tunnelMtu: 1400 });
    const answers = "icmp type destination-unreachable";
    await on.nft(
      "site",
      `table inet slow {
  chain leaving {
    type filter hook output priority 0; policy accept;
    ${answers} limit rate 1/second burst 2 packets accept
    ${answers} drop
  }
}
`,
    );
    // The size that the ICMP error names is lost twice, whatever carries it.
    const named = "udp length 1380 numgen inc mod 1000000 < 2 drop";
    await on.nft("far", passing(named));
    const report = await trace(on, snapshot(1400));
    expect(report.verdict).toBe("healthy");
    expect(report.pmtu.outbound).toMatchObject({ bytes: 1400, silent: false });
  });

  it("behind a jumbo link is measured from its own MTU down", async () => {
    const on = await office({ tunnelMtu: 1400, farSilent: true });
    await on.ip("guest", "link", "set", "eth0", "mtu", "9000");
    await on.ip("box", "link", "set", "sw0", "mtu", "9000");
    const report = await trace(on, snapshot(1400));
    expect(causes(report)).toEqual(["vpn-mtu-inbound-blackhole fault"]);
    expect(report.pmtu.inbound).toMatchObject({ bytes: 1400, exact: true });
  });
});

describe("a path with a long round trip", () => {
  it.each([25, 120])("of %i ms in each direction has the same black hole", async (delayMs) => {
    const on = await office({ tunnelMtu: 1400, farSilent: true, delayMs });
    const report = await trace(on, snapshot(1400));
    expect(causes(report)).toEqual(["vpn-mtu-inbound-blackhole fault"]);
    expect(report.pmtu.inbound).toMatchObject({ bytes: 1400, exact: true });
    expect(report.pmtu.outbound).toMatchObject({ bytes: 1400, exact: true, silent: false });
  });

  it.each([25, 120])(
    "of %i ms in each direction is exact without a candidate too",
    async (delayMs) => {
      const on = await office({ tunnelMtu: 1363, farSilent: true, middleboxSilent: true, delayMs });
      const report = await trace(on, "none");
      expect(causes(report)).toEqual([
        "pmtu-inbound-blackhole fault",
        "pmtu-outbound-blackhole fault",
      ]);
      expect(report.pmtu.inbound).toMatchObject({ bytes: 1363, exact: true });
      expect(report.pmtu.outbound).toMatchObject({ bytes: 1363, exact: true, silent: true });
    },
  );

  it("of more than a second is no loss, though every SYN is repeated", async () => {
    const on = await office({ tunnelMtu: 1500, delayMs: 530 }, small);
    const report = await trace(on, "none", "--ca", small.ca);
    expect([report.verdict, causes(report)]).toEqual(["healthy", []]);
  });

  it("recovers by an ICMP error that names an MTU, and is healthy", async () => {
    const on = await office({ tunnelMtu: 1400, delayMs: 60 });
    const report = await trace(on, snapshot(1400));
    expect([report.verdict, causes(report)]).toEqual(["healthy", []]);
  });

  it("waits for a server that probes for black holes: degraded", async () => {
    const on = await office({ tunnelMtu: 1400, farSilent: true, delayMs: 40 });
    await on.run("site", "sysctl", "-qw", "net.ipv4.tcp_mtu_probing=1");
    const report = await trace(on, snapshot(1400));
    expect(causes(report)).toEqual(["vpn-mtu-inbound-blackhole warning"]);
  });

  it("of 1500 bytes is healthy", async () => {
    const on = await office({ tunnelMtu: 1500, delayMs: 90 });
    const report = await trace(on, "none");
    expect([report.verdict, causes(report)]).toEqual(["healthy", []]);
  });
});

describe("no black hole", () => {
  it.each([1, 2, 3])("is made of 15 percent loss, run %i", async () => {
    const on = await office({ tunnelMtu: 1500 });
    await on.nft("far", passing("numgen random mod 100 < 15 drop"));
    const report = await trace(on, "none");
    expect(causes(report).filter((cause) => cause.includes("blackhole"))).toEqual([]);
  });

  it("is made of a path whose routers send no ICMP", async () => {
    const on = await office({ tunnelMtu: 1500 });
    for (const host of ["box", "far", "site"]) await on.nft(host, NO_ICMP);
    const report = await trace(on, "none");
    expect([report.verdict, everything(report)]).toEqual(["healthy", ["icmp-filtered note"]]);
    expect(report.pmtu.outbound.atLeast).toBe(1500);
  });

  it("is made of a slow link", async () => {
    const on = await office({ tunnelMtu: 1500 });
    const shape = "qdisc add dev peer0 root tbf rate 500kbit burst 2000 latency 3s";
    await on.run("far", "tc", ...shape.split(" "));
    const report = await trace(on, "none");
    expect([report.verdict, causes(report)]).toEqual(["healthy", []]);
  });

  it("is made of an ICMP error with an MTU that gets through the second time only", async () => {
    const on = await office({ tunnelMtu: 1400 });
    await on.nft(
      "far",
      `table ip shy {
        chain leaving {
          type filter hook output priority 0; policy accept;
          icmp type destination-unreachable limit rate over 4/second burst 1 packets drop
        }
      }
      `,
    );
    const report = await trace(on, snapshot(1400));
    expect(causes(report).filter((cause) => cause.endsWith("fault"))).toEqual([]);
  });
});

describe("a target that cannot be had", () => {
  it("whose port is closed refuses", async () => {
    const on = await office({ tunnelMtu: 1500 });
    const report = await trace(on, "none", "--port", "444");
    expect(causes(report)).toEqual(["port-refused fault"]);
  });

  it("whose port is filtered is silent while the host answers", async () => {
    const on = await office({ tunnelMtu: 1500 });
    await on.nft("far", passing("tcp dport 443 drop"));
    const report = await trace(on, "none");
    expect(causes(report)).toEqual(["port-filtered fault"]);
  });

  it("has no route", async () => {
    const on = await office({ tunnelMtu: 1500 });
    await on.ip("guest", "route", "del", "default");
    const report = await trace(on, "none");
    expect(causes(report)).toEqual(["no-default-route fault"]);
  });

  it("is behind a gateway that does not answer ARP", async () => {
    const on = await office({ tunnelMtu: 1500 });
    await on.ip("box", "link", "set", "sw0", "arp", "off");
    await on.ip("guest", "neigh", "flush", "all");
    const report = await trace(on, "none");
    expect(causes(report)).toEqual(["gateway-unreachable fault"]);
  });
});

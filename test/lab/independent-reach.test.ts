// Targets that cannot be had, for every reason that a chain of routers can give, in both families.

import { afterEach, describe, expect, it } from "vitest";
import { type Chain, createChain, SITE } from "./independent/chain.ts";
import type { Net } from "./independent/net.ts";
import { type ToolOptions, tracePath } from "./independent/tool.ts";

let net: Net | undefined;

afterEach(async () => {
  await net?.remove();
  net = undefined;
});

const LINKS = [1500, 1500, 1500, 1500];

async function chain(mtus: readonly number[] = LINKS): Promise<Chain> {
  const made = await createChain(mtus);
  net = made.net;
  return made;
}

const FAMILIES = [
  { family: 4, target: `https://${SITE[4]}/`, hop: (n: number) => `10.91.${n - 1}.2` },
  { family: 6, target: `https://[${SITE[6]}]/`, hop: (n: number) => `2001:db8:91:${n - 1}::2` },
] as const;

async function trace({ net: on }: Chain, target: string, options: ToolOptions = {}) {
  const { report } = await tracePath(on, [target, "--host-snapshot", "none"], options);
  return report;
}

type Traced = Awaited<ReturnType<typeof trace>>;

/** The finding that comes first, in the few words that matter. */
function told({ verdict, findings }: Traced) {
  const shown = findings.map(({ cause, severity, segment, between, direction }) => {
    const place = segment ?? between?.join("..") ?? null;
    return { cause, severity, place, direction };
  });
  return { verdict, findings: shown };
}

function fault(cause: string, place: string | null, direction: string | null = null) {
  return { verdict: "fault", findings: [{ cause, severity: "fault", place, direction }] };
}

const forward = (rule: string) => `table inet passing {
  chain through {
    type filter hook forward priority 0; policy accept;
    ${rule}
  }
}
`;

const entry = (rule: string) => `table inet arriving {
  chain before {
    type filter hook prerouting priority -300; policy accept;
    ${rule}
  }
}
`;

const input = (rule: string) => entry(rule).replace("prerouting priority -300", "input priority 0");

describe.each(FAMILIES)("over IPv$family", ({ family, target, hop }) => {
  const ip = ["-4", "-6"][family === 4 ? 0 : 1] ?? "";
  const none = family === 4 ? "0.0.0.0/0" : "::/0";

  it("a router without a route reports that: upstream-unreachable at that router", async () => {
    const on = await chain();
    await on.net.ip("r1", ip, "route", "del", "default");
    expect(told(await trace(on, target))).toEqual(
      fault("upstream-unreachable", "lan-gateway", "outbound"),
    );
  });

  it("a router farther out without a route is an internet-hop", async () => {
    const on = await chain();
    await on.net.ip("r2", ip, "route", "del", "default");
    const report = await trace(on, target);
    expect(told(report)).toEqual(fault("upstream-unreachable", "internet-hop", "outbound"));
    expect(report.findings[0]?.summary).toContain(hop(2));
  });

  it("nothing behind the first router: upstream-unreachable there", async () => {
    const on = await chain();
    await on.net.nft("r1", forward("drop"));
    expect(told(await trace(on, target))).toEqual(
      fault("upstream-unreachable", "lan-gateway..internet-hop"),
    );
  });

  it("a second router that drops all is as silent as none", async () => {
    const on = await chain();
    await on.net.ip("r2", ip, "route", "replace", "blackhole", none);
    expect(told(await trace(on, target))).toEqual(
      fault("upstream-unreachable", "lan-gateway..internet-hop"),
    );
  });

  it("a hole behind the second router is bracketed by it and the target", async () => {
    const on = await chain();
    await on.net.nft("r2", forward("drop"));
    const report = await trace(on, target);
    expect(report.verdict).toBe("fault");
    expect(told(report)).toEqual(fault("destination-down", "internet-hop..destination"));
    expect(report.findings[0]?.confidence).toBeLessThanOrEqual(0.6);
  });

  it("the last router gets no ARP answer of the target: destination-down", async () => {
    const on = await chain();
    await on.net.ip("site", "link", "set", "eth0", "down");
    const report = await trace(on, target);
    expect(told(report)).toEqual(fault("destination-down", "destination"));
    expect(report.findings[0]?.summary).toContain(hop(3));
  });

  it("a target that drops everything is destination-down without a sure location", async () => {
    const on = await chain();
    await on.net.nft("site", entry("icmpv6 type { 135, 136 } accept\n drop"));
    expect(told(await trace(on, target))).toEqual(
      fault("destination-down", "internet-hop..destination"),
    );
  });

  it.each([
    { between: ["r1", "r2"], links: LINKS },
    { between: ["r3", "r2"], links: LINKS },
    { between: ["r5", "r4"], links: [1500, 1500, 1500, 1500, 1500, 1500] },
  ])("routers $between that send packets to each other are a loop", async ({ between, links }) => {
    const on = await chain(links);
    const [a = "", b = ""] = [...between].sort();
    const back = Number(b.slice(1)) - 1;
    const via = family === 4 ? `10.91.${back}.1` : `2001:db8:91:${back}::1`;
    await on.net.ip(b, ip, "route", "replace", none, "via", via);
    const report = await trace(on, target);
    expect(a).not.toBe("");
    expect(told(report)).toEqual(fault("routing-loop", "internet-hop", "outbound"));
  });

  const reject = (kind: string) => `meta l4proto { tcp, udp } reject with ${kind}`;
  const kinds =
    family === 4
      ? ["icmp type admin-prohibited", "icmp type net-prohibited", "icmp type host-prohibited"]
      : ["icmpv6 type admin-prohibited", "icmpv6 type policy-fail", "icmpv6 type reject-route"];
  it.each(kinds)("a rule that says %s is admin-prohibited at its router", async (kind) => {
    const on = await chain();
    await on.net.nft("r2", forward(reject(kind)));
    const report = await trace(on, target);
    expect(told(report)).toEqual(fault("admin-prohibited", "internet-hop", "outbound"));
    expect(report.findings[0]?.summary).toContain(hop(2));
  });

  it("a rule of the first router and of the target name these", async () => {
    const on = await chain();
    const kind = kinds[0] ?? "";
    await on.net.nft("site", input(`tcp dport 443 reject with ${kind}`));
    expect(told(await trace(on, target)).findings[0]).toMatchObject({
      cause: "admin-prohibited",
      place: "destination",
    });
    await on.net.nft("r1", forward(reject(kind)));
    expect(told(await trace(on, target)).findings[0]).toMatchObject({
      cause: "admin-prohibited",
      place: "lan-gateway",
    });
  });

  it("a port that is dropped at a router stops there", async () => {
    const on = await chain();
    await on.net.nft("r2", forward("tcp dport 443 drop"));
    const report = await trace(on, target);
    expect(told(report)).toEqual(fault("port-filtered", "internet-hop", "outbound"));
    expect(report.findings[0]?.summary).toContain(`${hop(2)} at hop 2`);
  });

  it("a port that the target drops has no place: nothing shows whether its answer was lost", async () => {
    const on = await chain();
    await on.net.nft("site", entry("tcp dport 443 drop"));
    const report = await trace(on, target);
    expect(told(report)).toEqual(fault("port-filtered", null));
  });

  it("a port that is dropped before the first router forwards stops there", async () => {
    const on = await chain();
    await on.net.nft("r1", entry("tcp dport 443 drop"));
    expect(told(await trace(on, target))).toEqual(
      fault("port-filtered", "linux-stack..lan-gateway", "outbound"),
    );
  });

  it("a host that is silent but for another port has a filtered port", async () => {
    const on = await chain();
    await on.net.nft("site", entry("tcp dport 80 accept\n icmpv6 type { 135, 136 } accept\n drop"));
    expect(told(await trace(on, target)).findings[0]).toMatchObject({
      cause: "port-filtered",
      place: null,
    });
  });

  it("a closed port is refused by the target", async () => {
    const on = await chain();
    expect(told(await trace(on, target))).toEqual(fault("port-refused", "destination"));
  });

  it.each([
    { host: "r1", with: "tcp reset", place: "lan-gateway..internet-hop" },
    { host: "r2", with: "tcp reset", place: "internet-hop" },
    {
      host: "r1",
      with: family === 4 ? "icmp port-unreachable" : "icmpv6 port-unreachable",
      place: "lan-gateway",
    },
    {
      host: "r2",
      with: family === 4 ? "icmp port-unreachable" : "icmpv6 port-unreachable",
      place: "internet-hop",
    },
  ])(
    "a port that $host refuses with $with is refused there",
    async ({ host, with: how, place }) => {
      const on = await chain([...LINKS, 1500]);
      await on.net.nft(host, forward(`tcp dport 443 reject with ${how}`));
      expect(told(await trace(on, target))).toEqual(fault("port-refused", place));
    },
  );

  it("a dead gateway is gateway-unreachable, and a dead neighbour is not", async () => {
    const on = await chain();
    await on.net.ip("r1", "link", "set", "i0", "down");
    expect(told(await trace(on, target))).toEqual(
      fault("gateway-unreachable", "lan-gateway", "both"),
    );
    const neighbour = family === 4 ? "https://10.91.0.77/" : "https://[2001:db8:91:0::77]/";
    expect(told(await trace(on, neighbour))).toEqual(fault("destination-down", "destination"));
  });
});

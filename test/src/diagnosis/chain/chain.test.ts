// The chain: its kinds in order for each way a guest can stand, and what each direction is said to be.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fold } from "../../../../src/model/reduce.ts";
import { diagnosisOf as diagnose } from "../../../../src/report/diagnosis.ts";
import type { EventBody } from "../../../../src/schema/event.ts";
import {
  dnsReply,
  lookup,
  NO_DNS_REPLY,
  numbered,
  ON_HOST,
  pathOf,
  RESOLVER,
  resolverConfig,
  runEnded,
  runStarted,
  TARGET,
  vantage,
} from "../../../builders/events.ts";
import { plainHost, VPN_NAME, VPN_SERVER, vpnHost } from "../../../builders/host.ts";
import {
  control,
  fromTarget,
  hops,
  reportedTooBig,
  NO_REPLY as SILENT,
  size,
} from "../../../builders/probes.ts";
import { ROUTERS, type RunOptions, run, vpnBlackhole } from "../../../builders/runs.ts";
import { hanging, NO_REPLY, passing, sweep, unconnected } from "../../../builders/tcp.ts";

const chainOf = (bodies: readonly EventBody[]) => diagnose(pathOf(...bodies)).chain;
const kinds = (options: RunOptions) => chainOf(run(options)).map(({ kind }) => kind);

const INNER = ["resolver", "linux-stack", "linux-nic"];
const HOST = ["vswitch", "windows-stack", "nat"];
/** The route to the target leads into that device. */
function into(device: string) {
  const found = lookup();
  if (found.outcome.kind !== "route") throw new Error("built as a route");
  return { ...found, outcome: { ...found.outcome, interface: device, gateway: null } };
}
const WSL1 = { guest: ON_HOST, lookups: [lookup(ON_HOST)], vantage: vantage("wsl1") };

describe("the kinds, in order", () => {
  test.each(["tailscale0", "wg0", "ppp0", "tun5"])(
    "into %s of the distro's own: neither Windows nor its VPN is in it",
    (device) => {
      const chain = chainOf(run({ host: vpnHost(), lookups: [into(device)] }));
      expect(chain.map(({ kind }) => kind)).toEqual([
        "resolver",
        "linux-stack",
        "vpn-adapter",
        "vpn-gateway",
        ...ROUTERS.slice(1).map(() => "internet-hop"),
        "destination",
      ]);
      expect(chain[2]?.name).toBe(device);
    },
  );

  test("into ppp0 on plain Linux, which may be the line itself: no VPN", () => {
    const lookups = [into("ppp0")];
    const plain = kinds({ host: null, lookups, vantage: vantage("linux") });
    expect(plain.slice(0, 4)).toEqual([...INNER, "lan-gateway"]);
    const tailscale = kinds({
      host: null,
      lookups: [into("tailscale0")],
      vantage: vantage("linux"),
    });
    expect(tailscale.slice(2, 4)).toEqual(["vpn-adapter", "vpn-gateway"]);
  });

  test("behind NAT without a VPN", () => {
    expect(kinds({ host: plainHost })).toEqual([
      ...INNER,
      ...HOST,
      "physical-nic",
      "lan-gateway",
      "internet-hop",
      "destination",
    ]);
  });

  test("behind NAT with a VPN: what carries the tunnel stands between its ends", () => {
    expect(kinds({ host: vpnHost() })).toEqual([
      ...INNER,
      ...HOST,
      "vpn-adapter",
      "physical-nic",
      "lan-gateway",
      "vpn-gateway",
      "internet-hop",
      "destination",
    ]);
  });

  test("on the host's own address, as WSL1 is: no switch and no NAT", () => {
    const udp = [control(), ...hops(["203.0.113.129", "203.0.113.193"])];
    expect(kinds({ ...WSL1, host: vpnHost(), udp })).toEqual([
      ...INNER,
      "windows-stack",
      "vpn-adapter",
      "physical-nic",
      "lan-gateway",
      "vpn-gateway",
      "internet-hop",
      "destination",
    ]);
  });

  test("on plain Linux: no Windows at all", () => {
    expect(kinds({ vantage: vantage("linux") })).toEqual([
      ...INNER,
      "lan-gateway",
      "internet-hop",
      "internet-hop",
      "destination",
    ]);
  });

  test("hops and the target that were heard only where loss was measured are heard", () => {
    const rounds = hops(["203.0.113.1", "203.0.113.5"]).map((probe) => ({
      ...probe,
      purpose: "loss" as const,
    }));
    const udp = [...hops(["203.0.113.1", null], false), ...rounds];
    const { chain, findings } = diagnose(pathOf(...run({ vantage: vantage("linux"), udp })));
    const seen = chain.filter(({ ttl }) => ttl !== null).map(({ address }) => address);
    expect(seen).toEqual(["203.0.113.1", "203.0.113.5", TARGET]);
    expect(findings.map(({ cause }) => cause)).not.toContain("hop-silent");
  });

  test("in WSL2 without a snapshot: the host is named, and nothing behind it that is not seen", () => {
    expect(kinds({})).toEqual([...INNER, ...HOST, "lan-gateway", "internet-hop", "destination"]);
    expect(kinds({ udp: [] })).toEqual([...INNER, ...HOST, "destination"]);
  });

  test("with hops that stay silent: they keep their place", () => {
    const udp = [control(), ...hops([ROUTERS[0], null, ROUTERS[2], null])];
    const chain = chainOf(run({ udp }));
    expect(chain.map(({ kind }) => kind).slice(6)).toEqual([
      "lan-gateway",
      "internet-hop",
      "internet-hop",
      "destination",
    ]);
    expect(chain.slice(6).map(({ ttl }) => ttl)).toEqual([2, 3, 4, 5]);
    expect(chain[6]).toMatchObject({ outbound: "silent", inbound: "silent" });
    expect(chain[6]?.reason).not.toBeNull();
  });

  test("with a target that was never reached: the routers up to the last that answers", () => {
    const udp = [control(SILENT), ...hops([...ROUTERS, null, null], false)];
    const chain = chainOf(run({ udp, tcp: unconnected(NO_REPLY) }));
    expect(chain.map(({ ttl }) => ttl).slice(6)).toEqual([2, 3, null]);
    expect(chain.at(-1)).toMatchObject({ kind: "destination", outbound: "unknown" });
    expect(chain.at(-1)?.reason).not.toBeNull();
  });
});

describe("what stands in it", () => {
  test("the tunnel's ends and its limit come from the snapshot and are marked as inferred", () => {
    const chain = chainOf(vpnBlackhole(1337));
    expect(chain.find(({ kind }) => kind === "vpn-adapter")).toMatchObject({
      name: VPN_NAME,
      mtu: 1337,
      inferred: true,
      address: "203.0.113.130",
    });
    expect(chain.find(({ kind }) => kind === "vswitch")).toMatchObject({ ttl: 1, inferred: false });
    const unanswered = run({ host: vpnHost(), udp: [] });
    expect(chainOf(unanswered).find(({ kind }) => kind === "vpn-gateway")).toMatchObject({
      address: VPN_SERVER,
      inferred: true,
      ttl: null,
    });
  });

  test("the interface and the destination have their addresses", () => {
    const chain = chainOf(run());
    expect(chain.find(({ kind }) => kind === "linux-nic")).toMatchObject({
      name: "eth0",
      address: "198.51.100.20",
      mtu: 1500,
    });
    expect(chain.at(-1)).toMatchObject({ address: "203.0.113.80", ttl: 4 });
  });
});

describe("the statuses", () => {
  test("of a run that works are ok all along", () => {
    for (const segment of chainOf(run({ host: vpnHost() }))) {
      expect(segment).toMatchObject({ outbound: "ok", inbound: "ok", reason: null });
    }
  });

  test("of a VPN's black hole: limited out, black hole in, and ok beside it", () => {
    const chain = chainOf(vpnBlackhole());
    const adapter = chain.find(({ kind }) => kind === "vpn-adapter");
    expect(adapter).toMatchObject({ outbound: "limited", inbound: "blackhole" });
    for (const segment of chain.filter((other) => other !== adapter)) {
      expect(segment).toMatchObject({ outbound: "ok", inbound: "ok" });
    }
  });

  test("of a black hole that is nobody's: unknown from behind the guest's link, with the reason", () => {
    const tcp = [...hanging("t1"), ...sweep(1400, [1400, 1401])];
    const chain = chainOf(run({ tcp }));
    expect(chain.slice(0, 3).every(({ inbound }) => inbound === "ok")).toBe(true);
    for (const { inbound, outbound, reason } of chain.slice(3, -1)) {
      expect([inbound, outbound]).toEqual(["unknown", "ok"]);
      expect(reason).toContain("1400 bytes");
    }
  });

  test("of a limit that says so without a VPN: at its sender", () => {
    const udp = [
      control(),
      ...hops(ROUTERS),
      size(1500, reportedTooBig(ROUTERS[1], 1400)),
      size(1400, fromTarget()),
      size(1401, reportedTooBig(ROUTERS[1], 1400)),
    ];
    const limited = chainOf(run({ udp })).filter(({ outbound }) => outbound === "limited");
    expect(limited.map(({ address }) => address)).toEqual([ROUTERS[1]]);
  });

  test("of a VPN's limit that PMTUD handles inbound: limited, no fault", () => {
    const chain = chainOf(run({ host: vpnHost(), tcp: passing("t1", { received: 1400 }) }));
    expect(chain.find(({ kind }) => kind === "vpn-adapter")).toMatchObject({ inbound: "limited" });
  });

  test("of a resolver that fails: broken, and nothing behind it is guessed", () => {
    const names = [resolverConfig(), dnsReply(RESOLVER, NO_DNS_REPLY)];
    const chain = chainOf(run({ names, lookups: [], tcp: [], udp: [] }));
    expect(chain[0]).toMatchObject({ kind: "resolver", outbound: "broken", name: RESOLVER });
    expect(chain.slice(1).every(({ outbound }) => outbound === "unknown")).toBe(true);
    expect(chain.slice(1).every(({ reason }) => reason !== null)).toBe(true);
  });

  test("of a missing route: the stack is broken", () => {
    const lost = lookup(ON_HOST, { outcome: { kind: "no-route", error: "ENETUNREACH" } });
    const chain = chainOf(run({ lookups: [lost], tcp: [], udp: [] }));
    expect(chain[1]).toMatchObject({ kind: "linux-stack", outbound: "broken" });
  });

  test("are never ok without anything having answered", () => {
    const events = numbered(
      run({ host: vpnHost(), tcp: unconnected(NO_REPLY), udp: hops([null], false) }),
    );
    const mute = events.filter(({ kind }) => kind !== "dns-reply");
    fc.assert(
      fc.property(fc.shuffledSubarray([...mute]), (some) => {
        const { chain } = diagnose(fold(some));
        expect(
          chain.filter(({ outbound, inbound }) => outbound === "ok" || inbound === "ok"),
        ).toEqual([]);
      }),
    );
  });

  test("that are unknown have a reason", () => {
    for (const bodies of [[runStarted(), runEnded()], run(), vpnBlackhole(), run({ tcp: [] })]) {
      for (const { outbound, inbound, reason } of chainOf(bodies)) {
        if ([outbound, inbound].includes("unknown")) expect(reason).not.toBeNull();
      }
    }
  });
});

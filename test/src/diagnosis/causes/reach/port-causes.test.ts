// Near misses of the causes about a port: each looks like another, and must not be it.

import { describe, expect, test } from "vitest";
import type { EventBody } from "../../../../../src/schema/event.ts";
import type { ProbeOutcome, ProbeSent } from "../../../../../src/schema/events/probe.ts";
import {
  answer,
  dnsReply,
  GUEST,
  RESOLVER,
  resolverConfig,
  TARGET,
  targetAddresses,
  vantage,
} from "../../../../builders/events.ts";
import { hostConnects, hostEcho } from "../../../../builders/host-tries.ts";
import { control, exceeded, fromTarget, hops, NO_REPLY } from "../../../../builders/probes.ts";
import {
  causes,
  diagnosed,
  FIRST,
  RESET,
  SECOND,
  SYN_ACK,
  says,
  syn,
  THIRD,
} from "../../../../builders/reaching.ts";
import { ROUTERS, type RunOptions } from "../../../../builders/runs.ts";
import { failed, NO_REPLY as SILENT, unconnected } from "../../../../builders/tcp.ts";

describe("port-filtered", () => {
  const target = [control(), ...hops(ROUTERS)];
  const location = (udp: readonly ProbeSent[]) => {
    const [first] = diagnosed({ tcp: unconnected(SILENT), udp }).findings;
    return [first?.cause, first?.segment ?? first?.between?.join("..") ?? null, first?.direction];
  };

  test.each([
    [[FIRST, null, null, null], "lan-gateway..internet-hop", "outbound"],
    [[FIRST, SECOND, null, null], "internet-hop", "outbound"],
    // What every router forwarded says nothing of the answer's way back.
    [[FIRST, SECOND, THIRD, null], null, null],
    [[null, null, null, null], "linux-stack..lan-gateway", "outbound"],
    // A hop that lost its answer is passed by what comes after it.
    [[FIRST, null, THIRD, null], null, null],
  ])("with SYNs seen at %j stops at %s", (seen, where, direction) => {
    const syns = seen.map((from, n) =>
      syn(from === null ? NO_REPLY : exceeded(from), { ttl: n + 1 }),
    );
    expect(location([...target, ...syns])).toEqual(["port-filtered", where, direction]);
  });

  describe("with SYNs seen up to the target", () => {
    const syns = [exceeded(FIRST), exceeded(SECOND), exceeded(THIRD), NO_REPLY].map((outcome, n) =>
      syn(outcome, { ttl: n + 1 }),
    );
    const onHost = (...probes: readonly EventBody[]) => {
      const udp = [...target, ...syns, ...probes];
      const [first] = diagnosed({
        tcp: unconnected(SILENT),
        udp,
        vantage: vantage("wsl2"),
      }).findings;
      return [first?.cause, first?.between, first?.direction];
    };

    test("is on this machine where Windows itself connects", () => {
      const between = ["linux-stack", "nat"];
      expect(onHost(hostConnects("connected"))).toEqual(["port-filtered", between, "inbound"]);
    });

    test("has no place where Windows only gets an echo", () => {
      expect(onHost(hostEcho("reply"))).toEqual(["port-filtered", null, null]);
    });
  });

  test("has no place where the next hop is silent to everything", () => {
    const udp = [control(), ...hops([FIRST, null, THIRD])];
    const syns = [FIRST, null, null, null].map((from, n) =>
      syn(from === null ? NO_REPLY : exceeded(from), { ttl: n + 1 }),
    );
    expect(location([...udp, ...syns])).toEqual(["port-filtered", null, null]);
  });

  test("is told by another port where the target is silent to everything else", () => {
    const udp = [control(NO_REPLY), ...hops(ROUTERS, false), syn(SYN_ACK, { port: 80 })];
    expect(location(udp)[0]).toBe("port-filtered");
  });

  test("is not told by what answers on another way", () => {
    const udp = [control(NO_REPLY), ...hops(ROUTERS, false), syn(SYN_ACK, { device: "wg0" })];
    // Nor is the target down.
    expect(location(udp)[0]).toBe("attempt-failed");
  });
});

describe("port-refused", () => {
  const tcp = unconnected(failed("ECONNREFUSED"));
  const target = [control(), ...hops(ROUTERS)];
  const location = (udp: readonly ProbeSent[], options: RunOptions = {}) => {
    const [first] = diagnosed({ tcp, udp, ...options }).findings;
    return [first?.cause, first?.segment ?? first?.between?.join("..") ?? null];
  };
  const near = (ttl: number, ...outcomes: readonly ProbeOutcome[]) =>
    outcomes.map((outcome) => syn(outcome, { ttl }));

  test("by resets that come from nearer than the target is somebody's in front of it", () => {
    const forged = near(3, RESET, RESET, RESET);
    expect(location([...target, ...near(1, exceeded(FIRST)), ...forged])).toEqual([
      "port-refused",
      "internet-hop",
    ]);
  });

  test("by one such reset among other answers is a shorter way", () => {
    const mixed = near(3, RESET, exceeded(THIRD), exceeded(THIRD));
    expect(location([...target, ...mixed])).toEqual(["port-refused", "destination"]);
    expect(location([...target, ...near(3, RESET)])).toEqual(["port-refused", "destination"]);
  });

  test("through a user-mode NAT comes from nearby whoever refuses", () => {
    const options = { vantage: vantage("wsl2", "consomme") };
    expect(location([...target, ...near(1, RESET, RESET, RESET)], options)).toEqual([
      "port-refused",
      "destination",
    ]);
  });

  test("by port unreachable has its sender", () => {
    expect(location([...target, syn(says(FIRST, 3))])).toEqual(["port-refused", "lan-gateway"]);
    expect(location([...target, syn(fromTarget())])).toEqual(["port-refused", "destination"]);
    expect(location([...target, syn(says(GUEST, 3))])[0]).toBe("port-refused");
  });
});

describe("two faults", () => {
  test("a loop hides that the target is silent, and a dead resolver stands beside it", () => {
    const names = [
      resolverConfig(),
      dnsReply(RESOLVER, { kind: "no-reply", waitedMs: 2000 }),
      dnsReply("192.0.2.53", answer(TARGET), { origin: "adapter" }),
      targetAddresses(TARGET, "adapter", "192.0.2.53"),
    ];
    const loop = Array.from({ length: 12 }, (_, n) => (n % 2 === 0 ? FIRST : SECOND));
    const udp = [control(NO_REPLY), ...hops(loop, false)];
    expect(causes({ names, tcp: unconnected(SILENT), udp })).toEqual([
      "dns-server-unreachable fault",
      "routing-loop fault",
    ]);
  });
});

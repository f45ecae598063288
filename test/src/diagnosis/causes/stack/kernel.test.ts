// What this kernel's drops make of a failed attempt, and of one that works.

import { describe, expect, test } from "vitest";
import { diagnosisOf as diagnose } from "../../../../../src/report/diagnosis.ts";
import type { EventBody } from "../../../../../src/schema/event.ts";
import type { KernelDrop } from "../../../../../src/schema/events/kernel.ts";
import type { ProbeOutcome } from "../../../../../src/schema/events/probe.ts";
import { pathOf, TARGET, vantage } from "../../../../builders/events.ts";
import {
  DENIED,
  drop,
  flow,
  INBOUND,
  OTHER,
  UNWATCHED,
  WATCHED,
  watchEnded,
} from "../../../../builders/kernel.ts";
import {
  control,
  exceeded,
  hops,
  probeSent,
  NO_REPLY as SILENT,
} from "../../../../builders/probes.ts";
import { run, vpnBlackhole } from "../../../../builders/runs.ts";
import { failed, hanging, NO_REPLY, passing, unconnected } from "../../../../builders/tcp.ts";

interface Seen {
  readonly tcp?: readonly EventBody[];
  readonly udp?: readonly EventBody[];
  readonly kernel: readonly EventBody[];
}

const silentProbes = [control(SILENT)];
const seen = ({ tcp = unconnected(NO_REPLY), udp = silentProbes, kernel }: Seen) =>
  diagnose(pathOf(...run({ vantage: vantage("linux"), tcp: [...tcp, ...kernel], udp })));
const causes = (what: Seen) => seen(what).findings.map(({ cause }) => cause);
const why = (what: Seen, cause: string) =>
  seen(what).notChecked.find((candidate) => candidate.cause === cause)?.reason;
const watched = (...events: readonly EventBody[]) => [WATCHED, ...events, watchEnded()];
const stack = (what: Seen) => seen(what).chain.find(({ kind }) => kind === "linux-stack");
const rpFilter = (match: KernelDrop["match"] = INBOUND) =>
  drop({ match, reason: "IP_RPFILTER", symbol: "ip_rcv_finish_core" });

/** A fault that no special cause fits. */
const UNEXPLAINED = ["attempt-failed"];

describe("linux-firewall-in-distro", () => {
  test("fires when this kernel drops the SYN, and the stack is broken outbound", () => {
    const kernel = watched(drop(), drop());
    const { verdict, findings } = seen({ kernel });
    expect(verdict).toBe("fault");
    expect(findings).toMatchObject([
      { cause: "linux-firewall-in-distro", segment: "linux-stack", direction: "outbound" },
    ]);
    expect(findings[0]?.summary).toContain(`the SYN to ${TARGET} port 443 (2 times)`);
    expect(stack({ kernel })).toMatchObject({
      outbound: "broken",
      reason: "drops packets of the connection: NETFILTER_DROP at nft_do_chain, eth0",
    });
  });

  test("fires for answers that came in, and says so", () => {
    const kernel = watched(flow(3, 3, 60), drop({ match: INBOUND }));
    expect(seen({ kernel }).findings[0]).toMatchObject({ direction: "inbound" });
    expect(stack({ kernel })).toMatchObject({ outbound: "ok", inbound: "broken" });
  });

  test("hides the refusal of a rule that rejects with a reset of its own", () => {
    const tcp = unconnected(failed("ECONNREFUSED"));
    expect(causes({ tcp, kernel: watched(drop(), flow(0, 1, 40)) })).toEqual([
      "linux-firewall-in-distro",
    ]);
    // The SYN left, so the far side refused; what was dropped before was not the cause.
    expect(causes({ tcp, kernel: watched(drop(), flow(1, 1, 40)) })).toEqual(["port-refused"]);
  });

  test("needs more than one drop to explain a connection that hangs later", () => {
    const tcp = hanging("t1");
    const one = watched(drop({ match: INBOUND }));
    expect(causes({ tcp, kernel: one })).not.toContain("linux-firewall-in-distro");
    const two = watched(drop({ match: INBOUND }), drop({ match: INBOUND }));
    expect(causes({ tcp, kernel: two })).toContain("linux-firewall-in-distro");
  });

  test("does not fire beside an attempt that works, nor for other namespaces or other packets", () => {
    expect(causes({ tcp: passing("t1"), udp: [control()], kernel: watched(drop()) })).toEqual([]);
    expect(causes({ kernel: watched(drop({ namespace: OTHER })) })).toEqual(UNEXPLAINED);
    expect(causes({ kernel: watched(drop({ match: { by: "nothing" } })) })).toEqual(UNEXPLAINED);
    const sibling = { by: "flow", attempt: "t9", direction: "out" } as const;
    expect(causes({ kernel: watched(drop({ match: sibling })) })).toEqual(UNEXPLAINED);
  });

  test("is not checked without privilege or with lost events, and says why", () => {
    expect(why({ kernel: [UNWATCHED] }, "linux-firewall-in-distro")).toBe(
      `drops of this kernel are not observable: ${DENIED}`,
    );
    const lossy = [WATCHED, watchEnded(7)];
    expect(why({ kernel: lossy }, "linux-firewall-in-distro")).toContain(
      "7 kernel events were lost",
    );
    const foreign = [UNWATCHED, drop({ match: { by: "nothing" } })];
    expect(why({ kernel: foreign }, "linux-firewall-in-distro")).toBe(
      "a packet was dropped with NETFILTER_DROP during the run, and nothing tells whose",
    );
  });

  test("is told without privilege by EPERM alone, less surely", () => {
    const refused = probeSent({ kind: "send-failed", error: "EPERM" }, { purpose: "control" });
    const { findings } = seen({ udp: [refused], kernel: [UNWATCHED] });
    expect(findings).toMatchObject([{ cause: "linux-firewall-in-distro", confidence: 0.8 }]);
    expect(causes({ udp: [refused, control(SILENT)], kernel: [UNWATCHED] })).toEqual(UNEXPLAINED);
    expect(causes({ tcp: passing("t1"), udp: [refused], kernel: [UNWATCHED] })).toEqual([]);
  });
});

describe("linux-firewall-in-distro by counters alone", () => {
  const answers = hops(["192.0.2.1", "192.0.2.7"]);
  const syns = (outcome: ProbeOutcome = SILENT) =>
    [1, 2, 3].map((ttl) => probeSent(outcome, { protocol: "tcp", ttl }));
  const counted = (made: number, sent: number | null, discarded = 0): EventBody => ({
    kind: "kernel-counters",
    changes: [
      { counter: "IpOutRequests", delta: made },
      ...(sent === null ? [] : [{ counter: "IpOutTransmits", delta: sent }]),
      { counter: "IpOutDiscards", delta: discarded },
    ],
  });
  const reported = (
    counters: EventBody,
    udp = [...answers, ...syns()],
    tcp = unconnected(NO_REPLY),
  ) => causes({ tcp, udp, kernel: [UNWATCHED, counters] });

  // Three probes and the connection's own SYN.
  test.each([
    { made: 40, sent: 36, discarded: 0 },
    { made: 40, sent: 33, discarded: 0 },
    { made: 40, sent: 30, discarded: 6 },
  ])("is told of $made packets made and $sent sent", ({ made, sent, discarded }) => {
    expect(reported(counted(made, sent, discarded))).toEqual(["linux-firewall-in-distro"]);
  });

  test.each([
    { what: "all that was made was sent", counters: counted(40, 40) },
    { what: "fewer did not leave than SYNs were sent", counters: counted(40, 37) },
    { what: "many more did not leave: another program's too", counters: counted(80, 40) },
    { what: "those that did not leave had no route or room", counters: counted(40, 36, 4) },
    { what: "the kernel does not count what leaves", counters: counted(40, null) },
  ])("is not told where $what", ({ counters }) => {
    expect(reported(counters)).not.toContain("linux-firewall-in-distro");
  });

  test("is not told where a router saw a SYN, or a connection came about", () => {
    const seenByRouter = [...answers, ...syns(exceeded("192.0.2.1"))];
    expect(reported(counted(40, 36), seenByRouter)).not.toContain("linux-firewall-in-distro");
    const works = reported(counted(40, 36), [...answers, ...syns()], passing("t1"));
    expect(works).not.toContain("linux-firewall-in-distro");
  });
});

describe("rp-filter-drop", () => {
  test("fires when the answer came in and was dropped for its source", () => {
    const { findings } = seen({ kernel: watched(flow(3, 3, 60), rpFilter(), rpFilter()) });
    expect(findings).toMatchObject([
      { cause: "rp-filter-drop", segment: "linux-stack", direction: "inbound" },
    ]);
    expect(findings[0]?.fixes[0]?.commands).toEqual([
      "sudo sysctl -w net.ipv4.conf.all.rp_filter=2",
    ]);
  });

  test("does not fire for answers to probes beside a connection that works", () => {
    const kernel = watched(rpFilter({ by: "cookie", cookie: 1 }));
    expect(causes({ tcp: passing("t1"), udp: [control()], kernel })).toEqual([]);
  });

  test("is not made of a counter, which is told", () => {
    const changes = [{ counter: "TcpExtIPReversePathFilter", delta: 4 }];
    const kernel = [UNWATCHED, { kind: "kernel-counters" as const, changes }];
    expect(causes({ kernel })).toEqual(UNEXPLAINED);
    expect(why({ kernel }, "rp-filter-drop")).toContain("TcpExtIPReversePathFilter rose by 4");
  });
});

describe("evidence for other causes", () => {
  test("a neighbour that this kernel gave up is gateway-unreachable without its ICMP", () => {
    const failedNeighbour = drop({ reason: "NEIGH_FAILED", symbol: "neigh_invalidate" });
    expect(causes({ kernel: watched(failedNeighbour) })).toEqual(["gateway-unreachable"]);
    expect(causes({ kernel: watched() })).toEqual(UNEXPLAINED);
  });

  test("a closed port of this machine is named by its drop", () => {
    const tcp = unconnected(failed("ECONNREFUSED"));
    const { findings } = seen({
      tcp,
      kernel: watched(drop({ reason: "NO_SOCKET" }), flow(1, 1, 40)),
    });
    expect(findings[0]).toMatchObject({ cause: "port-refused" });
    expect(findings[0]?.evidence).toHaveLength(2);
  });

  test("a connection whose packets left and got nothing back clears the stack and the interface", () => {
    const kernel = watched(flow(3, 0, null));
    expect(stack({ kernel })).toMatchObject({
      outbound: "ok",
      inbound: "unknown",
      reason: "eth0 sent 3 packets of the connection, and received none",
    });
    const lossy = [WATCHED, flow(3, 0, null), watchEnded(1)];
    expect(stack({ kernel: lossy })?.reason).not.toContain("none came back");
  });

  test("an inbound black hole is told from a drop here by what the interface received", () => {
    const body = (...kernel: readonly EventBody[]) =>
      diagnose(pathOf(...vpnBlackhole(), ...kernel));
    const [root] = body(WATCHED, flow(9, 3, 120), watchEnded()).findings;
    expect(root?.summary).toContain("eth0 itself received nothing of it above 120 bytes");
    const [other] = body(WATCHED, flow(9, 3, 1500), watchEnded()).findings;
    expect(other?.summary).not.toContain("itself received");
  });

  test("a hop whose answer this kernel dropped is not called silent for its own sake", () => {
    const probes = hops(["198.51.100.1", null, "203.0.113.193"]);
    const packet = { ...drop().packet, quoted: true, protocol: 1 };
    const lost = drop({
      match: { by: "cookie", cookie: probes[1]?.cookie ?? 0 },
      packet: { family: 4, ttl: 63, sizeBytes: 84, icmp: null, tcpFlags: null, ...packet },
    });
    const { chain } = seen({ tcp: passing("t1"), udp: probes, kernel: watched(lost) });
    expect(chain.map(({ reason }) => reason)).toContain(
      "its answer was received, and this kernel dropped it",
    );
  });
});

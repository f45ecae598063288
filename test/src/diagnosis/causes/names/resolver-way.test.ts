// No name server answers: whether the server is silent, or everything on the way to it.

import { expect, test } from "vitest";
import { diagnosisOf as diagnose } from "../../../../../src/report/diagnosis.ts";
import type { EventBody } from "../../../../../src/schema/event.ts";
import type { ProbeOutcome, ProbeSent } from "../../../../../src/schema/events/probe.ts";
import {
  dnsReply,
  interfaces,
  NO_DNS_REPLY,
  ON_HOST,
  pathOf,
  resolverConfig,
  routes,
  runEnded,
  runStarted,
  vantage,
} from "../../../../builders/events.ts";
import { exceeded, NO_REPLY, probeSent } from "../../../../builders/probes.ts";

const SERVER = "203.0.113.53";
const ROUTE = {
  kind: "route",
  source: ON_HOST.address,
  interface: "eth0",
  gateway: ON_HOST.gateway,
  linkMtu: 1500,
  pathMtu: 1500,
  cachedPmtu: null,
} as const;
const hop = (ttl: number, outcome: ProbeOutcome): ProbeSent =>
  probeSent(outcome, { ttl, address: SERVER, purpose: "hop" });
const unreachable = (from: string, code: number): ProbeOutcome => ({
  kind: "unreachable",
  from,
  type: 3,
  code,
  rttMs: 3,
  replyTtl: null,
});
const findings = (way: readonly EventBody[], server = SERVER) =>
  diagnose(
    pathOf(
      runStarted(),
      vantage("linux"),
      interfaces(ON_HOST),
      routes(ON_HOST),
      resolverConfig([server]),
      dnsReply(server, NO_DNS_REPLY),
      { kind: "resolver-way", server, family: 4, route: ROUTE },
      ...way,
      runEnded(),
    ),
  ).findings;
const causes = (way: readonly EventBody[]) => findings(way).map(({ cause }) => cause);
const silence = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, n) => hop(from + n, NO_REPLY));

test("a gateway that answers no ARP is the cause, and the server's silence its consequence", () => {
  const own = probeSent(unreachable(ON_HOST.address, 1), { address: SERVER, purpose: "control" });
  expect(causes([...silence(1, 10), own])).toEqual(["gateway-unreachable"]);
});

test("so it is where the gateway is the name server", () => {
  const server = String(ON_HOST.gateway);
  const own = probeSent(unreachable(ON_HOST.address, 1), { address: server, purpose: "control" });
  const way = [{ ...hop(1, NO_REPLY), address: server }, own];
  expect(findings(way, server).map(({ cause }) => cause)).toEqual(["gateway-unreachable"]);
});

test("a loop on the way to it is the cause", () => {
  const [a, b] = ["203.0.113.1", "203.0.113.2"];
  const turns = Array.from({ length: 20 }, (_, n) => hop(n + 1, exceeded(n % 2 === 0 ? a : b)));
  expect(causes(turns)).toEqual(["routing-loop"]);
});

test("a router that forbids it is the cause", () => {
  expect(causes([hop(1, exceeded("203.0.113.1")), hop(2, unreachable("203.0.113.2", 13))])).toEqual(
    ["admin-prohibited"],
  );
});

test("routers that answer say how far it goes, and the server is what is silent", () => {
  const way = [hop(1, exceeded("203.0.113.1")), hop(2, exceeded("203.0.113.2")), ...silence(3, 12)];
  expect(findings(way)).toMatchObject([
    { cause: "dns-server-unreachable", summary: expect.stringContaining("up to hop 2") },
  ]);
});

test("behind the first router the server itself may be what is silent", () => {
  expect(causes([hop(1, exceeded("203.0.113.1")), ...silence(2, 11)])).toEqual([
    "dns-server-unreachable",
  ]);
});

test("a server that answers other packets is alive, and does not serve names", () => {
  expect(findings([hop(1, unreachable(SERVER, 3))])).toMatchObject([
    { cause: "dns-server-unreachable", summary: expect.stringContaining("itself answers") },
  ]);
});

test.each([
  { server: SERVER, cause: "upstream-unreachable" },
  // Of a VPN that is off, and what Windows makes up where it has no server.
  { server: "10.8.0.1", cause: "dns-server-unreachable" },
  { server: "fec0:0:0:ffff::1", cause: "dns-server-unreachable" },
])("a router that knows no way to $server: $cause", ({ server, cause }) => {
  const way = [
    { ...hop(1, exceeded("203.0.113.1")), address: server },
    { ...hop(2, unreachable("203.0.113.2", 0)), address: server },
  ];
  expect(findings(way, server).map((one) => one.cause)).toEqual([cause]);
});

// What the host probes, and when: the target first, then what distinguishes the segments.

import { linkMtuTo, tracedAddress } from "../../src/facts/connection/subject.ts";
import { hostFacts } from "../../src/facts/reach/host-evidence.ts";
import { endpointOf, firstRouterOf } from "../../src/facts/reach/host-path.ts";
import { guestView, mtuCandidates } from "../../src/facts/reach/path-host.ts";
import { addressOf } from "../../src/host/address.ts";
import { hostLinks } from "../../src/host/links.ts";
import { routeOnHost, sameAdapter } from "../../src/host/routes.ts";
import { vpnOnPath } from "../../src/host/vpn.ts";
import type { Path } from "../../src/model/path.ts";
import type { HostPurpose } from "../../src/schema/events/host-probe.ts";
import { ECHO_HEADERS } from "./echo-headers.ts";
import type { HelperQuestion } from "./helper-protocol.ts";

export interface HostQuestion {
  readonly purpose: HostPurpose;
  readonly question: HelperQuestion;
}

/** Windows sends its SYN again after one second, and after three. */
const CONNECT_MS = 3000;
const ECHO_MS = 1000;
/** Windows reports failed ARP after three attempts, a second apart. */
const NEIGHBOUR_MS = 3500;
const FAR_TTL = 128;
/** Hops that show whether a path goes on after its first router. */
const NEAR_TTLS = [1, 2, 3, 4] as const;
/** An echo of 64 bytes: header, and what ping usually carries. */
const SMALL_BYTES = 64;

/** Beside this side's own attempt: the same address and port in the same second. */
export function targetQuestions(path: Path): readonly HostQuestion[] {
  const address = tracedAddress(path);
  const port = path.run?.target.port;
  if (address === undefined || port === undefined) return [];
  return [
    { purpose: "target", question: { ask: "connect", address, port, timeoutMs: CONNECT_MS } },
    { purpose: "target", question: echo(address) },
  ];
}

/** A service of the distro: the run's port at each of these addresses. */
export function serviceQuestions(
  path: Path,
  addresses: readonly string[],
): readonly HostQuestion[] {
  const port = path.run?.target.port;
  if (port === undefined) return [];
  return addresses.map((address) => ({
    purpose: "service",
    question: { ask: "connect", address, port, timeoutMs: CONNECT_MS },
  }));
}

interface EchoOptions {
  readonly sizeBytes?: number;
  readonly ttl?: number;
  readonly timeoutMs?: number;
}

function echo(
  address: string,
  { sizeBytes = SMALL_BYTES, ttl = FAR_TTL, timeoutMs = ECHO_MS }: EchoOptions = {},
): HelperQuestion {
  const headers = ECHO_HEADERS[addressOf(address)?.family ?? 4];
  const payloadBytes = Math.max(0, sizeBytes - headers);
  return { ask: "echo", address, payloadBytes, ttl, timeoutMs };
}

/** When this side gets no connection: the hops, the first router, the VPN's own path and what is inside it. */
export function segmentQuestions(path: Path): readonly HostQuestion[] {
  const address = tracedAddress(path);
  if (address === undefined) return [];
  const way = pathOf(path, address);
  const router = firstRouterOf(way);
  const endpoint = endpointOf(way);
  const to = (purpose: HostPurpose, target: string | null, more: EchoOptions = {}) =>
    target === null ? [] : [{ purpose, question: echo(target, more) }];
  const servers = insideTunnel(path, address);
  const connect = { ask: "connect", port: DNS_PORT, timeoutMs: CONNECT_MS } as const;
  // The most decisive first: where they run in turn only some are sent.
  return [
    ...to("first-router", router, { timeoutMs: NEIGHBOUR_MS }),
    ...to("vpn-endpoint", endpoint),
    ...servers.flatMap((server) => to("in-tunnel", server)),
    ...NEAR_TTLS.flatMap((ttl) => to("target", address, { ttl })),
    ...NEAR_TTLS.flatMap((ttl) => to("vpn-endpoint", endpoint, { ttl })),
    ...servers.map((server): HostQuestion => {
      return { purpose: "in-tunnel", question: { ...connect, address: server } };
    }),
  ];
}

/** The first router has had its time to answer ARP: what Windows knows of it now. */
export function neighbourQuestions(path: Path): readonly HostQuestion[] {
  const address = tracedAddress(path);
  const router = address === undefined ? null : firstRouterOf(pathOf(path, address));
  if (router === null || hostFacts(path).firstRouter.state === "yes") return [];
  return [{ purpose: "first-router", question: { ask: "neighbour", address: router } }];
}

const DNS_PORT = 53;
const MOST_SERVERS = 2;

/** Name servers that only the tunnel leads to: something to probe in it beside the target. */
function insideTunnel(path: Path, target: string): readonly string[] {
  const snapshot = path.host?.snapshot ?? null;
  const way = pathOf(path, target);
  if (snapshot === null || way?.known !== true || !way.inVpn) return [];
  const links = hostLinks(snapshot);
  return [...new Set(links.flatMap(({ dnsServers }) => dnsServers))]
    .filter((server) => {
      const route = routeOnHost(snapshot, server);
      return route.known && sameAdapter(route.adapter, way.adapter);
    })
    .slice(0, MOST_SERVERS);
}

/** When this side hangs after it has connected: the handshake, and sizes that something names as a limit. */
export function sizeQuestions(path: Path): readonly HostQuestion[] {
  const address = tracedAddress(path);
  const target = path.run?.target;
  const family = addressOf(address ?? "")?.family;
  if (address === undefined || target === undefined || family === undefined) return [];
  const link = linkMtuTo(path, address);
  const limits = [...mtuCandidates(path, address, family), ...(link === null ? [] : [link])];
  const sizes = [...new Set([SMALL_BYTES, ...limits.flatMap((mtu) => [mtu, mtu + 1])])];
  const largest = Math.max(0, ...limits);
  const { host: name, port } = target;
  return [
    { purpose: "target", question: { ask: "tls", address, port, name, timeoutMs: CONNECT_MS } },
    ...sizes
      .filter((size) => size <= largest)
      .slice(0, MOST_SIZES)
      .map(
        (sizeBytes): HostQuestion => ({ purpose: "size", question: echo(address, { sizeBytes }) }),
      ),
  ];
}

const MOST_SIZES = 8;

/** Where the distro's resolvers gave no address. */
export function nameQuestions({ run }: Path): readonly HostQuestion[] {
  const name = run?.target.host;
  if (name === undefined || addressOf(name) !== null) return [];
  return (["A", "AAAA"] as const).map((type) => ({
    purpose: "name",
    question: { ask: "resolve", name, type },
  }));
}

function pathOf(path: Path, address: string) {
  const snapshot = path.host?.snapshot ?? null;
  return snapshot === null ? null : vpnOnPath(snapshot, address, guestView(path));
}

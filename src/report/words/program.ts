// What is said of a followed program and its connections.

import type {
  ConnectionCondition,
  ProgramConnection,
  Unseen,
} from "../../schema/events/program.ts";
import { duration } from "../duration.ts";

/** "github.com (192.0.2.80):443", with brackets around an IPv6 address. */
export function placeOfConnection({ name, address, port }: ProgramConnection): string {
  const shown = address.includes(":") ? `[${address}]` : address;
  return name === null ? `${shown}:${port}` : `${name} (${address}) port ${port}`;
}

/** What a connection was doing, from the kernel's counters alone. */
export function doingOf(connection: ProgramConnection): string {
  const { closed, failed, condition, protocol } = connection;
  if (closed && failed) return ended(connection);
  if (closed && protocol === "tcp") return `closed; ${moved(connection)}`;
  if (closed) return "closed";
  return DOING[condition](connection);
}

const DOING: Readonly<Record<ConnectionCondition, (connection: ProgramConnection) => string>> = {
  gone: (one) =>
    `nobody acknowledges it any more, after nothing had moved${since(one)}; ${moved(one)}`,
  connecting: (one) => `its connection request is unanswered${since(one)}${repeated(one)}`,
  sending: (one) => `what it sent is not acknowledged${since(one)}${repeated(one)}; ${moved(one)}`,
  gap: (one) =>
    `segments arrive behind one that is missing (${one.info?.rcvOooPack ?? 0} out of order)${since(one)}; ${moved(one)}`,
  "cut-off": (one) => `a long answer has stopped${since(one)}; ${moved(one)}`,
  "looking-up": (one) => `the name server has not answered${since(one)}`,
  awaiting: (one) =>
    `all that it sent was acknowledged, and nothing came back${since(one)}; ${moved(one)}`,
  crawling: (one) =>
    `it moves and loses: ${one.info?.totalRetrans ?? 0} segments sent again, ${one.info?.rcvOooPack ?? 0} arrived out of order; ${moved(one)}`,
  "other-end-full": (one) => `the other end takes no more${since(one)}; ${moved(one)}`,
  "program-does-not-read": (one) => `the program has not read what came${since(one)}`,
  idle: (one) => `idle${since(one)}; ${moved(one)}`,
};

function since({ silentMs }: ProgramConnection): string {
  return ` for ${duration(silentMs)}`;
}

function repeated({ info }: ProgramConnection): string {
  const times = Math.max(info?.retransmits ?? 0, info?.totalRetrans ?? 0);
  return times === 0 ? "" : ` (sent again ${times === 1 ? "once" : `${times} times`})`;
}

function moved({ info, protocol }: ProgramConnection): string {
  if (protocol === "udp" || info === null) return "UDP, which has no counters";
  // Of what is acknowledged the SYN is one.
  const sent = Math.max(0, (info.bytesAcked ?? 1) - 1);
  return `${sent} bytes out, ${info.bytesReceived ?? 0} in`;
}

function ended(connection: ProgramConnection): string {
  const { condition, info } = connection;
  if (condition === "connecting") return `never accepted${repeated(connection)}`;
  return info?.bytesReceived === 0 ? `closed without an answer; ${moved(connection)}` : "closed";
}

export const UNSEEN: Readonly<Record<Unseen, string>> = {
  "other-users":
    "some of its processes belong to another user or let nobody look (sudo, a sandbox): their connections are not among these",
  "short-lived":
    "some connections closed before their owner was seen; they may be the program's or another's",
  "short-lived-failure":
    "some connections failed before their owner was seen: they may be this program's, or not",
  "events-lost": "connections closed faster than the kernel could tell of them",
  "names-through-a-service":
    "names are looked up by a service of the system, whose queries are not the program's own",
};

// How long a server's answer is waited for: as long as a program's C library would, and no longer than the answer matters.

import type { Path } from "../../src/model/path.ts";
import { DNS_WAIT_MS } from "./query.ts";

const MS_PER_SECOND = 1000;
/** What a server's own answers take, times this, is enough for its others. */
const OWN_TIMES = 3;

/**
 * glibc asks each server of resolv.conf once in a round, waits `timeout` seconds, and goes through `attempts` rounds
 * with the same id on the same socket, so that a late answer counts (resolv/res_send.c, send_dg):
 * 1. a server that has answered is waited for as long as its own answers let expect;
 * 2. where another one has answered, the time until a program would ask that one;
 * 3. else all of the rounds: nothing better is to come.
 * @returns milliseconds; a program that gives up sooner than others meets a dead server sooner, too
 */
export function patienceMs(path: Path, server: string): number {
  const { servers = [], options, libc } = path.resolverConfig ?? {};
  const roundMs = (options?.timeoutSeconds ?? 5) * MS_PER_SECOND;
  const answers = path.dns.filter(
    ({ origin, transport, outcome }) =>
      origin === "resolv.conf" && transport === "udp" && outcome.kind === "answer",
  );
  const own = answers.filter((reply) => reply.server === server);
  if (own.length > 0) {
    const slowestMs = Math.max(...own.map(({ rttMs }) => rttMs ?? 0));
    return Math.max(DNS_WAIT_MS, OWN_TIMES * slowestMs);
  }
  const places = answers.map((reply) => servers.indexOf(reply.server));
  if (places.length === 0) return roundMs * (options?.attempts ?? 2);
  // musl waits for nobody once one has answered.
  const isBehind = libc === "musl" || places.some((place) => place < servers.indexOf(server));
  return isBehind && options?.rotate !== true ? DNS_WAIT_MS : roundMs;
}

/** `options timeout:30 attempts:5` would wait for minutes; a program's user has long given up. */
export const LONGEST_WAIT_MS = 20_000;

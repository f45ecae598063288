// Names of the routers on the path, looked up while other probes run; nothing waits long for them.

import ipaddr from "ipaddr.js";
import type { Path } from "../../src/model/path.ts";
import type { ProbeContext, StagedProbe } from "../../src/probe.ts";
import type { DnsOutcome } from "../../src/schema/events/dns-replies.ts";
import { createDeferred } from "../deferred.ts";
import { askTogether } from "../dns/udp-query.ts";
import type { ConnectDatagram } from "../native/datagram.ts";

/** One attempt of this length for each name: a name is a convenience. */
const WAIT_MS = 1000;
/** What names may still cost when all else is done. */
const GRACE_MS = 150;

/** Queries the server that resolved the target, else the first of resolv.conf, for every router that answered. */
export function askHopNames(context: ProbeContext, connect: ConnectDatagram): StagedProbe {
  const path = context.path();
  const server = serverOf(path);
  const routers = routersOf(path);
  const over = createDeferred();
  const done = { decided: Promise.resolve(), done: Promise.resolve() };
  if (server === null || routers.length === 0 || context.signal.aborted) return done;
  const ending = new AbortController();
  const cancel = () => ending.abort();
  context.signal.addEventListener("abort", cancel, { once: true });
  const answered = askAll(connect, server, routers, { ...context, signal: ending.signal });
  const queries = answered.then(() => context.signal.removeEventListener("abort", cancel));
  queries.then(over.fire, over.fire);
  return {
    decided: done.decided,
    done: over.promise,
    conclude: () => {
      const timer = setTimeout(cancel, GRACE_MS);
      const clear = () => clearTimeout(timer);
      over.promise.then(clear, clear);
    },
  };
}

/** From one socket, each once. */
async function askAll(
  connect: ConnectDatagram,
  server: string,
  routers: readonly string[],
  { clock, signal, emit }: ProbeContext,
): Promise<void> {
  const options = { now: clock.now, sleep: clock.sleep, connect, signal, waitMs: WAIT_MS };
  const questions = routers.map((address) => ({
    server,
    name: reverseName(address),
    type: "PTR" as const,
  }));
  const queries = askTogether(questions, { ...options, once: true });
  await Promise.all(
    queries.map(async ({ result }, n) => {
      const address = routers[n];
      const { outcome } = await result;
      if (address === undefined) return;
      const name = outcome.kind === "answer" ? (outcome.addresses[0] ?? null) : null;
      const error = name === null ? codeOf(outcome, signal.aborted) : null;
      emit({ kind: "hop-name", address, server, name, error });
    }),
  );
}

/** As resolvers call it (c-ares, ares.h). */
function codeOf(outcome: DnsOutcome, cancelled: boolean): string {
  switch (outcome.kind) {
    case "answer":
      return outcome.rcode === "NOERROR" || outcome.rcode === "NXDOMAIN"
        ? "ENOTFOUND"
        : `E${outcome.rcode}`;
    case "no-reply":
      return cancelled ? "ECANCELLED" : "ETIMEOUT";
    case "refused":
      return "ECONNREFUSED";
    case "unreachable":
      return outcome.error;
    case "malformed":
      return "EBADRESP";
  }
}

/** RFC 1035 s.3.5, RFC 3596 s.2.5. */
function reverseName(address: string): string {
  const bytes = ipaddr.parse(address).toByteArray();
  if (bytes.length === 4) return `${bytes.reverse().join(".")}.in-addr.arpa`;
  const nibbles = bytes.flatMap((byte) => [byte >> 4, byte & 0xf]);
  return `${nibbles
    .map((one) => one.toString(16))
    .reverse()
    .join(".")}.ip6.arpa`;
}

function serverOf({ addresses, resolverConfig }: Path): string | null {
  const decided = addresses?.server ?? null;
  return decided ?? resolverConfig?.servers[0] ?? null;
}

function routersOf({ probes, flowProbes }: Path): readonly string[] {
  const met = [...probes, ...flowProbes].flatMap(({ outcome, address }) =>
    outcome.kind === "time-exceeded" && outcome.from !== address ? [outcome.from] : [],
  );
  return [...new Set(met)].filter((address) => !address.includes("%"));
}

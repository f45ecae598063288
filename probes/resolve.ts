// Asks every resolver in reach for the target's addresses: those of resolv.conf, and those that only Windows knows.

import PQueue from "p-queue";
import type { Family } from "../src/model/events/common.ts";
import type { DnsOrigin, DnsReply } from "../src/model/events/names.ts";
import type { Path } from "../src/model/path.ts";
import type { ProbeContext, StagedProbe } from "../src/probe.ts";
import { askTcp, askUdp, type Question } from "./dns-query.ts";
import { type Candidate, sortCandidates } from "./linux/address-selection.ts";
import { lookupHosts } from "./linux/resolv-conf.ts";
import { familyOf } from "./native/sockaddr.ts";
import { createOnce } from "./once.ts";
import type { System } from "./system.ts";

export interface ResolveDeps {
  readonly system: System;
  /** The source address that the kernel would use, null without a route. */
  sourceFor(address: string, family: Family): string | null;
  /** Servers that the host snapshot names for this name, beyond resolv.conf. */
  hostServers(path: Path, name: string): readonly { server: string; origin: DnsOrigin }[];
}

/** Queries under way at once: three servers, two families, two transports and as many from Windows. */
const CONCURRENCY = 24;

/** Decided as soon as there is an address to go on with; the other servers go on answering. */
export function createResolveProbe(deps: ResolveDeps): (context: ProbeContext) => StagedProbe {
  return (context) => {
    const decided = createOnce();
    const done = run(deps, context, decided.fire).finally(decided.fire);
    return { decided: decided.promise, done };
  };
}

async function run(deps: ResolveDeps, context: ProbeContext, decided: () => void): Promise<void> {
  const target = context.path().run?.target;
  if (target === undefined) return;
  const wanted = context.path().run?.options.family ?? null;
  const literal = familyOf(target.host);
  if (literal !== undefined) {
    const addresses = [{ address: target.host, family: literal }];
    context.emit({ kind: "target-addresses", addresses, basis: "literal", server: null });
    return;
  }
  if (await fromHosts(deps, context, target.host, wanted)) return;
  await fromServers(deps, context, wanted, decided);
}

async function fromHosts(
  deps: ResolveDeps,
  context: ProbeContext,
  name: string,
  wanted: Family | null,
): Promise<boolean> {
  const text = await deps.system.readText("/etc/hosts").catch(() => "");
  const found = lookupHosts(text, name);
  for (const type of ["A", "AAAA"] as const) {
    const addresses = found.filter((address) => familyOf(address) === (type === "A" ? 4 : 6));
    if (addresses.length === 0) continue;
    context.emit({
      kind: "dns-reply",
      server: "/etc/hosts",
      origin: "hosts-file",
      transport: "file",
      name,
      type,
      outcome: { kind: "answer", rcode: "NOERROR", addresses, truncated: false },
      rttMs: null,
      sent: 0,
    });
  }
  return choose(deps, context, wanted, ["hosts-file"]);
}

async function fromServers(
  deps: ResolveDeps,
  context: ProbeContext,
  wanted: Family | null,
  decided: () => void,
): Promise<void> {
  const name = context.path().run?.target.host ?? "";
  const configured = context.path().resolverConfig?.servers ?? [];
  const extra = deps
    .hostServers(context.path(), name)
    .filter(({ server }) => !configured.includes(server));
  const servers = [
    ...configured.map((server) => ({ server, origin: "resolv.conf" as const })),
    ...extra,
  ];
  const queue = new PQueue({ concurrency: CONCURRENCY });
  const ask = (server: string, origin: DnsOrigin, type: "A" | "AAAA", transport: "udp" | "tcp") =>
    queue.add(async () => {
      const question: Question = { server, name: name.replace(/\.$/, ""), type };
      const send = transport === "udp" ? askUdp : askTcp;
      const result = await send(question, context.clock.now, context.signal);
      // A query that the end of the run cut short says nothing about the server.
      if (context.signal.aborted && result.outcome.kind === "no-reply") return;
      context.emit({ kind: "dns-reply", origin, transport, ...question, ...result });
    });
  const all = servers.flatMap(({ server, origin }) => [
    ask(server, origin, "A", "udp"),
    ask(server, origin, "AAAA", "udp"),
    ask(server, origin, "A", "tcp"),
  ]);
  const finished = Promise.all(all);
  await untilChosen(deps, context, wanted, finished);
  decided();
  await finished;
}

/** The first server of resolv.conf that gives addresses decides; the others go on answering. */
async function untilChosen(
  deps: ResolveDeps,
  context: ProbeContext,
  wanted: Family | null,
  finished: Promise<unknown>,
): Promise<void> {
  let over = false;
  const end = finished.then(() => {
    over = true;
  });
  while (!over && !context.signal.aborted) {
    if (settledFirst(context.path()) && choose(deps, context, wanted, ["resolv.conf"])) break;
    await Promise.race([end, context.clock.sleep(5)]);
  }
  if (context.path().addresses === null) {
    choose(deps, context, wanted, ["resolv.conf"]) ||
      choose(deps, context, wanted, ["nrpt", "adapter"]);
  }
}

/** Both families answered by one server: nothing better is to come. */
function settledFirst(path: Path): boolean {
  const servers = path.resolverConfig?.servers ?? [];
  return servers.some((server) => {
    const replies = path.dns.filter(
      (reply) => reply.server === server && reply.transport === "udp",
    );
    return replies.length === 2 && replies.some((reply) => addressesOf(reply).length > 0);
  });
}

function addressesOf(reply: DnsReply): readonly string[] {
  return reply.outcome.kind === "answer" ? reply.outcome.addresses : [];
}

/** Emits the addresses to go on with, from the first of these origins that has any. */
function choose(
  deps: ResolveDeps,
  context: ProbeContext,
  wanted: Family | null,
  origins: readonly DnsOrigin[],
): boolean {
  const replies = context.path().dns.filter((reply) => origins.includes(reply.origin));
  const answering = replies.find((reply) => addressesOf(reply).length > 0);
  if (answering === undefined) return false;
  const same = replies.filter((reply) => reply.server === answering.server);
  const found = [...new Set(same.flatMap((reply) => [...addressesOf(reply)]))];
  const candidates = found.flatMap((address): Candidate[] => {
    const family = familyOf(address);
    const fits = family !== undefined && (wanted === null || wanted === family);
    return fits ? [{ address, family, source: deps.sourceFor(address, family) }] : [];
  });
  const sorted = sortCandidates(candidates);
  if (sorted.length === 0) return false;
  context.emit({
    kind: "target-addresses",
    addresses: sorted.map(({ address, family }) => ({ address, family })),
    basis: answering.origin,
    server: answering.origin === "hosts-file" ? null : answering.server,
  });
  return true;
}

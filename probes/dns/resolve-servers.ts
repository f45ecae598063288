// Queries every resolver in reach: those of resolv.conf, those behind a stub, and those that only Windows knows.

import PQueue from "p-queue";
import { searchNames } from "../../src/facts/dns/search-names.ts";
import type { Path } from "../../src/model/path.ts";
import type { ProbeContext } from "../../src/probe.ts";
import type { DnsOrigin, DnsReply } from "../../src/schema/events/dns-replies.ts";
import type { Sockets } from "../native/streams.ts";
import { checkServers, type LateAnswers } from "./checks.ts";
import { configuredOptions, queryOptions, typesOf } from "./options.ts";
import { LONGEST_WAIT_MS, patienceMs } from "./patience.ts";
import { askTcp, DNS_WAIT_MS, type QueryResult } from "./query.ts";
import { type ChoiceDeps, chooseAddresses, isSettled } from "./resolve-choice.ts";
import { askTogether } from "./udp-query.ts";

export interface ServerDeps extends ChoiceDeps {
  readonly sockets: Sockets;
  /** Servers that the host snapshot names for this name, beyond resolv.conf. */
  hostServers(path: Path, name: string): readonly NamedServer[];
}

export interface NamedServer {
  readonly server: string;
  readonly origin: DnsOrigin;
}

/** Queries in flight at once: three servers, two families, two transports and as many from Windows. */
const CONCURRENCY = 24;
/**
 * How long a socket listens behind an answer. A forger answers before the server does, so the
 * server's own answer follows within its round trip; 300 ms holds those of most of the world.
 */
const LISTEN_MS = 300;

/** What queries wait for, and who waits for them. */
export interface Asking {
  /** Called when there is an address to go on with, or when there will be none. */
  decided(): void;
  /** Aborted when nobody listens any longer for what comes behind an answer. */
  readonly listenUntil: AbortSignal;
  /** Settles when Windows' servers are known, or cannot be. */
  readonly hostRead: Promise<void>;
  /** Settles when the C library's own look-up is over, and what it found reported where nobody else has an address. */
  libcAsked(): Promise<void>;
}

/** Queries each name of the search list in turn until one exists, and then sends the follow-ups. */
export async function askServers(
  deps: ServerDeps,
  context: ProbeContext,
  asking: Asking,
): Promise<void> {
  const { run, resolverConfig } = context.path();
  const typed = run?.target.host ?? "";
  const { search = [], ndots = 1, libc = null } = resolverConfig ?? {};
  const names = searchNames(typed, search, ndots, libc);
  const late: LateAnswers[] = [];
  const everything: Promise<unknown>[] = [];
  for (const name of names) {
    const asked = askAll(deps, context, name, asking);
    late.push(...asked.late);
    everything.push(asked.finished);
    const isLast = name === names.at(-1);
    const all = isLast ? Promise.all(everything) : asked.finished;
    await untilChosen(deps, context, {
      name,
      finished: all,
      headStartMs: isLast ? null : DNS_WAIT_MS,
    });
    if (context.signal.aborted || !goesOn(context.path(), name)) break;
  }
  const wanted = run?.options.family ?? null;
  if (context.path().addresses === null) await asking.libcAsked();
  chooseAddresses(deps, context, wanted, ["libc"]);
  // Windows' servers are queried from here, but no program of the distro uses them: they come last.
  chooseAddresses(deps, context, wanted, ["nrpt", "adapter"]);
  asking.decided();
  await Promise.all(everything);
  await checkServers(
    { context, options: queryOptions(context, deps.sockets) },
    await Promise.all(late.map(untilListened)),
  );
}

async function untilListened(late: LateAnswers): Promise<LateAnswers> {
  await late.listened;
  return late;
}

interface Asked {
  readonly finished: Promise<unknown>;
  readonly late: readonly LateAnswers[];
}

function askAll(
  deps: ServerDeps,
  context: ProbeContext,
  name: string,
  { listenUntil, hostRead }: Asking,
): Asked {
  const queue = new PQueue({ concurrency: CONCURRENCY });
  const late: LateAnswers[] = [];
  const options = queryOptions(context, deps.sockets);
  const types = typesOf(context.path());
  const report = async (
    { server, origin }: NamedServer,
    type: "A" | "AAAA",
    transport: "udp" | "tcp",
    query: Promise<QueryResult>,
  ) => {
    const result = await query;
    // A query that the end of the run cut short reports nothing about the server.
    if (context.signal.aborted && result.outcome.kind === "no-reply") return;
    context.emit({ kind: "dns-reply", origin, transport, server, name, type, ...result });
  };
  const patientWith = ({ server, origin }: NamedServer) => {
    if (origin !== "resolv.conf") return options;
    const asConfigured = { ...options, ...configuredOptions(context.path()) };
    return options.waitMs === undefined
      ? {
          ...asConfigured,
          waitMs: LONGEST_WAIT_MS,
          patienceMs: () => patienceMs(context.path(), server),
        }
      : asConfigured;
  };
  const overUdp = async (one: NamedServer) => {
    const questions = types.map((type) => ({ server: one.server, name, type }));
    const listening = { ...patientWith(one), listenMs: LISTEN_MS, listenUntil };
    const queries = askTogether(questions, listening);
    await Promise.all(
      queries.map(async ({ result, listened }, n) => {
        const type = types[n];
        if (type === undefined) return;
        late.push({ ...one, name, type, listened });
        await report(one, type, "udp", result);
      }),
    );
  };
  const overTcp = (one: NamedServer) => {
    const type = types[0] ?? "A";
    return report(one, type, "tcp", askTcp({ server: one.server, name, type }, patientWith(one)));
  };
  const askEach = (servers: readonly NamedServer[]) =>
    Promise.all(
      servers.flatMap((one) => [queue.add(() => overUdp(one)), queue.add(() => overTcp(one))]),
    );
  const own = distroServers(context.path());
  const further = async () => {
    await hostRead;
    const known = new Set(own.map(({ server }) => server));
    const named = deps.hostServers(context.path(), name);
    await askEach(listedOnce(named).filter(({ server }) => !known.has(server)));
  };
  return { finished: Promise.all([askEach(own), further()]), late };
}

/** Those of resolv.conf, and in a run about names those behind a stub. */
function distroServers(path: Path): readonly NamedServer[] {
  const configured = path.resolverConfig?.servers ?? [];
  const behind = path.run?.command === "dns" ? (path.upstream?.servers ?? []) : [];
  return listedOnce([
    ...configured.map((server) => ({ server, origin: "resolv.conf" as const })),
    ...behind.map((server) => ({ server, origin: "upstream" as const })),
  ]);
}

/** One server is listed once: by the first that names it. */
function listedOnce(servers: readonly NamedServer[]): readonly NamedServer[] {
  return [...new Map(servers.toReversed().map((one) => [one.server, one])).values()].toReversed();
}

interface Choosing {
  readonly name: string;
  readonly finished: Promise<unknown>;
  /** After how long without any answer the next name is asked beside this one; null: never. */
  readonly headStartMs: number | null;
}

/** The first server of resolv.conf that gives addresses decides; the others go on answering. */
async function untilChosen(
  deps: ServerDeps,
  context: ProbeContext,
  { name, finished, headStartMs }: Choosing,
): Promise<void> {
  const startedMs = context.clock.now();
  const wanted = context.path().run?.options.family ?? null;
  const types = typesOf(context.path()).length;
  const choose = () => chooseAddresses(deps, context, wanted, ["resolv.conf"]);
  let over = false;
  const end = finished.then(() => {
    over = true;
  });
  while (!over && !context.signal.aborted) {
    if (isSettled(context.path(), name, types) && choose()) return;
    const isLate = headStartMs !== null && context.clock.now() - startedMs >= headStartMs;
    if (isLate && answersTo(context.path(), name).length === 0) return;
    await Promise.race([end, context.clock.sleep(5)]);
  }
  choose();
}

/** Denied, or without any answer: a program queries the next name then (glibc, __res_context_search). */
function goesOn(path: Path, name: string): boolean {
  if (path.addresses !== null) return false;
  const replies = path.dns.filter((reply) => reply.name === name && reply.origin === "resolv.conf");
  const isSilent = replies.every(({ outcome }) => outcome.kind === "no-reply");
  return isSilent || answersTo(path, name).length > 0;
}

function answersTo({ dns }: Path, name: string): readonly DnsReply[] {
  return dns.filter(
    (reply) =>
      reply.name === name && reply.origin === "resolv.conf" && reply.outcome.kind === "answer",
  );
}

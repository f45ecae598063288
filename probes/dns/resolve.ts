// The target's addresses: as typed, from the hosts file, or from every resolver in reach.

import { setMaxListeners } from "node:events";
import type { ProbeContext, ResolveProbe } from "../../src/probe.ts";
import type { Family } from "../../src/schema/events/common.ts";
import type { DnsOrigin, DnsReply } from "../../src/schema/events/dns-replies.ts";
import { createDeferred } from "../deferred.ts";
import { parseGaiConf } from "../linux/gai-conf.ts";
import { lookupHosts } from "../linux/resolv-conf.ts";
import { familyOf } from "../native/sockaddr.ts";
import type { System } from "../system.ts";
import { askLibc } from "./libc-lookup.ts";
import { chooseAddresses } from "./resolve-choice.ts";
import { type Asking, askServers, type ServerDeps } from "./resolve-servers.ts";

export interface ResolveDeps extends ServerDeps {
  readonly system: System;
}

const MAX_QUESTIONS = 200;
/** When a query is sent again: who has not answered by then is worth a look at the path. */
const SILENT_MS = 400;

/** Decided as soon as there is an address to go on with; the other servers go on answering. */
export function createResolveProbe(
  deps: ResolveDeps,
): (context: ProbeContext, hostRead: Promise<void>) => ResolveProbe {
  return (context, hostRead) => {
    const decided = createDeferred();
    const quiet = new AbortController();
    // Each question to each server listens to it.
    setMaxListeners(MAX_QUESTIONS, quiet.signal);
    const done = run(deps, context, {
      decided: decided.fire,
      listenUntil: quiet.signal,
      hostRead,
    }).finally(decided.fire);
    // A refusal, or a denial, is no silence: then the end is waited for.
    const isSilent = () => context.path().dns.every(({ origin }) => origin !== "resolv.conf");
    const silent = context.clock
      .sleep(SILENT_MS)
      .then(() => (isSilent() ? undefined : decided.promise));
    return {
      silent: Promise.race([silent, decided.promise]),
      decided: decided.promise,
      done,
      conclude: () => quiet.abort(),
    };
  };
}

async function run(
  deps: ResolveDeps,
  context: ProbeContext,
  asking: Omit<Asking, "libcAsked">,
): Promise<void> {
  const { target, options, command } = context.path().run ?? {};
  if (target === undefined) return;
  const wanted = options?.family ?? null;
  const literal = familyOf(target.host);
  if (literal !== undefined) {
    const addresses = [{ address: target.host, family: literal }];
    context.emit({ kind: "target-addresses", addresses, basis: "literal", server: null });
    return;
  }
  const gaiConf = await deps.system.readText("/etc/gai.conf").catch(() => "");
  // musl has no such file (src/network/lookup_name.c).
  const isMusl = context.path().resolverConfig?.libc === "musl";
  const choosing = { ...deps, precedence: isMusl ? null : parseGaiConf(gaiConf) };
  const found = await fromHosts(choosing, context, target.host.replace(/\.$/, ""), wanted);
  // A program queries no server then, and the trace goes on; whether the servers agree is checked beside it.
  if (found) asking.decided();
  if (command === "env" && found) return;
  const libc =
    command === "env" ? NOT_ASKED : startLibc(deps, context, { host: target.host, family: wanted });
  await askServers(choosing, context, { ...asking, libcAsked: libc.report });
  await libc.done();
}

/** A run about this machine starts no look-up of another program. */
const NOT_ASKED = { report: async () => undefined, done: async () => undefined };

/** How long the C library may take longer than the queries of this tool. */
const BEHIND_MS = 1500;

/** Asks it beside the name servers; again at the end, where they gave an address and it did not. */
function startLibc(
  deps: ResolveDeps,
  context: ProbeContext,
  { host, family }: { readonly host: string; readonly family: Family | null },
) {
  const stop = new AbortController();
  // Not until the servers are listened to no longer: a run that is over sooner than it would not know what it finds.
  const signal = AbortSignal.any([stop.signal, context.signal]);
  const name = host.replace(/\.$/, "");
  let found: readonly string[] | null = null;
  const first = askLibc(deps, context, { name, family, round: 1, signal }).then((addresses) => {
    found = addresses;
  });
  const inTime = () => Promise.race([first, context.clock.sleep(BEHIND_MS)]);
  const isContradicted = () =>
    context.path().libcLookups.some(({ addresses }) => addresses.length === 0) &&
    context.path().addresses?.basis === "resolv.conf";
  return {
    report: async () => {
      await inTime();
      for (const type of ["A", "AAAA"] as const) {
        const addresses = (found ?? []).filter((one) => familyOf(one) === (type === "A" ? 4 : 6));
        if (addresses.length > 0)
          emitFromFile(context, { server: GETENT, origin: "libc", name, type, addresses });
      }
    },
    done: async () => {
      await inTime();
      if (isContradicted()) await askLibc(deps, context, { name, family, round: 2, signal });
      stop.abort();
      await first;
    },
  };
}

const GETENT = "getent ahosts";

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
    emitFromFile(context, { server: "/etc/hosts", origin: "hosts-file", name, type, addresses });
  }
  const origins: readonly DnsOrigin[] = ["hosts-file"];
  return chooseAddresses(deps, context, wanted, origins);
}

/** Addresses that no name server was asked for. */
function emitFromFile(
  { emit }: ProbeContext,
  {
    addresses,
    ...about
  }: Pick<DnsReply, "server" | "origin" | "name" | "type"> & {
    readonly addresses: readonly string[];
  },
): void {
  emit({
    kind: "dns-reply",
    ...about,
    transport: "file",
    outcome: { kind: "answer", rcode: "NOERROR", addresses: [...addresses], truncated: false },
    rttMs: null,
    sent: 0,
  });
}

// The target's addresses: as typed, from the hosts file, or from every resolver in reach.

import { setMaxListeners } from "node:events";
import type { ProbeContext, StagedProbe } from "../../src/probe.ts";
import type { Family } from "../../src/schema/events/common.ts";
import type { DnsOrigin } from "../../src/schema/events/dns-replies.ts";
import { createDeferred } from "../deferred.ts";
import { parseGaiConf } from "../linux/gai-conf.ts";
import { lookupHosts } from "../linux/resolv-conf.ts";
import { familyOf } from "../native/sockaddr.ts";
import type { System } from "../system.ts";
import { chooseAddresses } from "./resolve-choice.ts";
import { type Asking, askServers, type ServerDeps } from "./resolve-servers.ts";

export interface ResolveDeps extends ServerDeps {
  readonly system: System;
}

const MAX_QUESTIONS = 200;

/** Decided as soon as there is an address to go on with; the other servers go on answering. */
export function createResolveProbe(
  deps: ResolveDeps,
): (context: ProbeContext, hostRead: Promise<void>) => StagedProbe {
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
    return { decided: decided.promise, done, conclude: () => quiet.abort() };
  };
}

async function run(deps: ResolveDeps, context: ProbeContext, asking: Asking): Promise<void> {
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
  if (command !== "env" || !found) await askServers(choosing, context, asking);
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
  const origins: readonly DnsOrigin[] = ["hosts-file"];
  return chooseAddresses(deps, context, wanted, origins);
}

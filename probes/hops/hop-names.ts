// Names of the routers on the path, looked up while other probes run; nothing waits long for them.

import { Resolver } from "node:dns/promises";
import { messageOf } from "../../src/errors.ts";
import type { Path } from "../../src/model/path.ts";
import type { ProbeContext, StagedProbe } from "../../src/probe.ts";
import { createDeferred } from "../deferred.ts";

/** One attempt of this length for each name: a name is a convenience. */
const WAIT_MS = 1000;
/** What names may still cost when all else is done. */
const GRACE_MS = 150;

/** Queries the server that resolved the target, else the first of resolv.conf, for every router that answered. */
export function askHopNames(context: ProbeContext): StagedProbe {
  const path = context.path();
  const server = serverOf(path);
  const routers = routersOf(path);
  const over = createDeferred();
  const done = { decided: Promise.resolve(), done: Promise.resolve() };
  if (server === null || routers.length === 0 || context.signal.aborted) return done;
  const resolver = new Resolver({ timeout: WAIT_MS, tries: 1 });
  try {
    resolver.setServers([bracketed(server)]);
  } catch (error) {
    context.emit({ kind: "probe-skipped", probe: "hop-names", reason: messageOf(error) });
    return done;
  }
  const cancel = () => resolver.cancel();
  context.signal.addEventListener("abort", cancel, { once: true });
  const queries = Promise.all(routers.map((address) => query(resolver, server, address, context)));
  const answered = queries.then(() => context.signal.removeEventListener("abort", cancel));
  answered.then(over.fire, over.fire);
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

async function query(
  resolver: Resolver,
  server: string,
  address: string,
  { emit }: ProbeContext,
): Promise<void> {
  const reported = await resolver.reverse(address).then(
    ([name]) => ({ name: name ?? null, error: null }),
    (error: unknown) => ({ name: null, error: codeOf(error) }),
  );
  emit({ kind: "hop-name", address, server, ...reported });
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : messageOf(error);
}

function serverOf({ addresses, resolverConfig }: Path): string | null {
  const decided = addresses?.server ?? null;
  return decided ?? resolverConfig?.servers[0] ?? null;
}

/** IPv6 as the resolver wants it. */
function bracketed(server: string): string {
  return server.includes(":") ? `[${server}]` : server;
}

function routersOf({ probes, flowProbes }: Path): readonly string[] {
  const met = [...probes, ...flowProbes].flatMap(({ outcome, address }) =>
    outcome.kind === "time-exceeded" && outcome.from !== address ? [outcome.from] : [],
  );
  return [...new Set(met)].filter((address) => !address.includes("%"));
}

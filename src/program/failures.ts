// What of a program that is over is worth a trace, though nothing of it hung while it ran.
//
// 1. A connection of its own that failed, that nobody acknowledges, or that it gave up after nothing had moved.
// 2. A look-up that took long, or behind which it asked another name server.
// 3. Where it failed without one of those: what its command line names, if it connected at all.
// 4. A connection that failed before its owner was seen, and leads where the command line does.

import type { Target } from "../schema/events/run.ts";
import { isProof } from "./condition.ts";
import type { Connection } from "./connections.ts";
import type { SocketSample } from "./port.ts";
import { isProxy } from "./proxy.ts";
import { addressTarget } from "./targets.ts";
import { wasUnanswered, wasUnused } from "./unanswered.ts";

interface Over {
  /** It said so itself. */
  readonly failed: boolean;
  /** Its connections, in the order in which they ended. */
  readonly kept: readonly Connection[];
  /** Ends that may be its own. */
  readonly unowned: readonly SocketSample[];
  /** What its command lines name. */
  readonly named: readonly Target[];
  /** "address:port" or "host:port" of the environment's proxies. */
  readonly proxies: ReadonlySet<string>;
}

interface Worth {
  /** The most telling first. */
  readonly failures: readonly Connection[];
  /** Without any: a target that stands for what was not seen. */
  readonly target: Target | undefined;
}

/** Each is a whole trace. */
const MOST_FAILURES = 2;

export function worthTracing(over: Over): Worth {
  const { failed, kept } = over;
  const own = kept.filter(({ sample }) => !sample.accepted);
  const found = [
    own.findLast((one) => one.failed),
    own.findLast(({ condition }) => condition === "gone"),
    own.findLast((one) => wasGivenUp(one)),
    failed ? own.findLast(isLookUp) : undefined,
  ].flatMap((one) => one ?? []);
  const failures = [...new Set(found)].slice(0, MOST_FAILURES);
  return { failures, target: failures.length > 0 ? undefined : standIn(over) };
}

/** An end that is nobody's, and brought whoever it belonged to nothing. */
export function hasFailedUnowned(one: SocketSample, proxies: ReadonlySet<string>): boolean {
  return one.protocol === "tcp" && wasUnanswered(one, proxies) && !wasUnused(one);
}

/**
 * The shortest time after which resolv.conf(5) has the next name server asked, whose answer may come too fast to be seen, but for
 * what a look may be late. Few name servers that answer take as long, and those are looked at without harm.
 */
const SLOW_LOOK_UP_MS = 900;
/** A request or a segment is repeated by then (RFC 6298), and once more is lost. */
const GIVEN_UP_MS = 1500;

/** Its program may have had less patience than this one, and call its own end a success. */
function wasGivenUp(one: Connection): boolean {
  if (!one.closed) return false;
  if (isLookUp(one)) return one.silentMs >= SLOW_LOOK_UP_MS;
  return isProof(one.condition) && one.silentMs >= GIVEN_UP_MS;
}

function isLookUp({ sample, condition }: Connection): boolean {
  return sample.protocol === "udp" && condition === "looking-up";
}

function standIn({ failed, kept, unowned, named, proxies }: Over): Target | undefined {
  const lost = unowned.filter((one) => hasFailedUnowned(one, proxies));
  const meant = named.find((target) =>
    lost.some((one) => isProxy(one, proxies) || leadsTo(one, target)),
  );
  if (meant !== undefined || !failed) return meant;
  // A program may name a URL and never ask for it.
  if (kept.length + unowned.length === 0) return undefined;
  return named[0] ?? (kept.length === 0 ? strayTarget(lost) : undefined);
}

/** A name may stand for any address. */
function leadsTo({ address, port }: SocketSample, target: Target): boolean {
  const isTyped = /^[\d.]+$|:/.test(target.host);
  return target.port === port && (target.host === address || !isTyped);
}

/** Where every failure came from one place, it is likely the program's. */
function strayTarget(lost: readonly SocketSample[]): Target | undefined {
  const [first] = lost;
  if (first === undefined) return undefined;
  const { address, port } = first;
  const isOnePlace = lost.every((one) => one.address === address && one.port === port);
  return isOnePlace ? addressTarget(address, port) : undefined;
}

// Which connection of a program is worth a diagnosis, and what has to be traced for it.

import type { Target } from "../schema/events/run.ts";
import { isProof, suspicion } from "./condition.ts";
import type { Connection } from "./connections.ts";
import { isProxy } from "./proxy.ts";
import { addressTarget } from "./targets.ts";

/** Nothing has moved for so long: no path that works needs it for a round trip. */
export const HANG_MS = 3000;
/** A server may think, and a flow may pause: what is no proof is asked about later. */
const PATIENCE_MS = 6000;

/** The connection that most likely hangs; undefined where none does. */
export function suspectOf(connections: readonly Connection[]): Connection | undefined {
  const hanging = connections.filter(hangs);
  const rank = ({ condition }: Connection) => suspicion(condition) ?? Number.POSITIVE_INFINITY;
  return hanging.sort((a, b) => rank(a) - rank(b) || b.silentMs - a.silentMs)[0];
}

/** A connection that crawls moves, and all others that something is owed to do not. */
function hangs({ condition, silentMs, closed, sample }: Connection): boolean {
  // The way back to a client ends at a port that nobody else can reach: nothing can be traced there.
  if (closed || sample.accepted || suspicion(condition) === null) return false;
  if (condition === "crawling") return true;
  const isAnswered = (sample.info?.bytesReceived ?? 0) > 0;
  return silentMs >= (isProof(condition) || !isAnswered ? HANG_MS : PATIENCE_MS);
}

/**
 * What to trace for a connection, the best first: names that the program was given, then the address itself.
 * @param named what its command lines name
 * @param proxies "address:port" or "host:port" of the environment's proxies
 */
export function targetsFor(
  { sample }: Connection,
  named: readonly Target[],
  proxies: ReadonlySet<string>,
): readonly Target[] {
  const { address, port, protocol } = sample;
  const isLookUp = protocol === "udp";
  const isBehindProxy = isProxy(sample, proxies);
  const fits = named.filter(
    (target) => isLookUp || isBehindProxy || target.host === address || target.port === port,
  );
  const itself = addressTarget(address, port, isLookUp ? "udp" : undefined);
  // With its own address no name is asked for: an address that was typed is what it is.
  const exact = fits.filter(({ host, port: own }) => host === address && own === port);
  return exact.length > 0 ? exact.slice(0, 1) : [...fits.slice(0, 2), itself];
}

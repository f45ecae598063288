// How many connections a port is bothered with: what a web server never notices, others count, log and answer with refusals.

import type { Path } from "../../src/model/path.ts";
import type { Scheme } from "../../src/schema/run-choices.ts";

interface ConnectionLimits {
  readonly atOnce: number;
  readonly inAll: number;
}

const UNLIMITED: ConnectionLimits = {
  atOnce: Number.POSITIVE_INFINITY,
  inAll: Number.POSITIVE_INFINITY,
};
/** 31 at once to a stock sshd were answered by ten "Exceeded MaxStartups" (10:30:100). */
const POLITE: ConnectionLimits = { atOnce: 4, inAll: 10 };
const LIMITS: Partial<Record<Scheme, ConnectionLimits>> = {
  https: UNLIMITED,
  http: UNLIMITED,
  // A host is blocked for errors that add up (max_connect_errors).
  mysql: { atOnce: 4, inAll: 5 },
  // Behind it may stand a printer, which prints what it gets.
  tcp: { atOnce: 1, inAll: 1 },
};

/** Connections that may be open to the target's port at once; without a limit for web servers. */
export function connectionsAtOnce(path: Path): number {
  return limitsOf(path).atOnce;
}

/** Connections that the target's port may still get in this run; without a limit for web servers. */
export function connectionsLeft(path: Path): number {
  const port = path.run?.target.port;
  const attempts = path.attempts.filter((attempt) => attempt.port === port);
  // A SYN that is accepted is a connection to the server, though a short one.
  const probes = [...path.probes, ...path.flowProbes].filter(
    ({ outcome, port: other }) =>
      other === undefined && outcome.kind === "reply" && outcome.with === "syn-ack",
  );
  return Math.max(0, limitsOf(path).inAll - attempts.length - probes.length);
}

function limitsOf(path: Path): ConnectionLimits {
  return LIMITS[path.run?.target.scheme ?? "https"] ?? POLITE;
}

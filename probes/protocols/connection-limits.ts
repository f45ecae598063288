// How many connections a port is bothered with: what a web server never notices, others count, log and answer with refusals.

import type { Path } from "../../src/model/path.ts";
import type { Scheme } from "../../src/schema/run-choices.ts";
import { schemeOfPort } from "../../src/schemes.ts";

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

/** Connections that may be open to a port at once; without a limit for web servers. */
export function connectionsAtOnce(path: Path, port = path.run?.target.port): number {
  return limitsOf(path, port).atOnce;
}

/** Connections that a port may still get in this run; without a limit for web servers. */
export function connectionsLeft(path: Path, port = path.run?.target.port): number {
  const attempts = path.attempts.filter((attempt) => attempt.port === port);
  // A SYN that is accepted is a connection to the server, though a short one.
  const probes = [...path.probes, ...path.flowProbes].filter(
    ({ outcome, port: other }) =>
      (other ?? path.run?.target.port) === port &&
      outcome.kind === "reply" &&
      outcome.with === "syn-ack",
  );
  return Math.max(0, limitsOf(path, port).inAll - attempts.length - probes.length);
}

function limitsOf({ run }: Path, port: number | null | undefined): ConnectionLimits {
  const isTargets = run === null || port == null || port === run.target.port;
  return LIMITS[isTargets ? (run?.target.scheme ?? "https") : schemeOfPort(port)] ?? POLITE;
}

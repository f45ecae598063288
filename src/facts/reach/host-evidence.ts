// What the Windows host's own probes show of the path to the target: an observation for each thing that decides a segment.

import { hostReached, hostResolved } from "../../host/look-ups.ts";
import type { Path } from "../../model/path.ts";
import { tracedAddress } from "../connection/subject.ts";
import { perPath } from "../per-path.ts";
import { NAME_NOT_RESOLVED } from "../reasons.ts";
import { observeEndpoint, observeFirstRouter, observeTunnel } from "./host-path.ts";
import {
  echoesTo,
  freshObservation,
  hostProbesOf,
  isAnswer,
  type Observation,
  type Probed,
  snapshotObservation,
  unknownObservation,
  whyNotAsked,
} from "./host-probes.ts";
import { targetVpn } from "./path-host.ts";

export interface HostFacts {
  /** Whether the host itself reaches the traced address and port; a refusal is an answer of the target. */
  readonly target: Observation;
  /** Whether the handshake of TLS comes about from the host. */
  readonly tls: Observation;
  /** Whether the host resolves the name of the run. */
  readonly name: Observation;
  /** The first router of the adapter that carries the packets; the VPN's own ones where there is a VPN. */
  readonly firstRouter: Observation;
  /** Where the VPN's own packets go, around the tunnel. */
  readonly endpoint: Observation;
  /** Whether anything comes back through the tunnel. */
  readonly tunnel: Observation;
}

/** Everything that the host's own probes and the rows of its snapshot show of the path to the target. */
export const hostFacts = perPath("hostFacts", computeHostFacts);

function computeHostFacts(path: Path): HostFacts {
  const address = tracedAddress(path);
  const hostRoute = targetVpn(path);
  const target = observeTarget(path, address);
  return {
    target,
    tls: observeTls(path, address),
    name: observeName(path),
    firstRouter: observeFirstRouter(path, hostRoute),
    endpoint: observeEndpoint(path, hostRoute),
    tunnel: observeTunnel(path, hostRoute, target),
  };
}

const CONNECT_WORDS = {
  connected: "connects to",
  refused: "is refused, and so answered, by",
  "no-reply": "gets no answer from",
  unreachable: "cannot reach",
  denied: "is forbidden by a rule of its own to connect to",
  failed: "cannot connect to",
} as const;

function observeTarget(path: Path, address: string | undefined): Observation {
  if (address === undefined) return unknownObservation(NAME_NOT_RESOLVED);
  const port = path.run?.target.port ?? 0;
  const connects = hostProbesOf(path, "connect").filter(
    ({ purpose, try: one }) => purpose === "target" && one.address === address && one.port === port,
  );
  const words = ({ try: one }: Probed<"connect">) =>
    `Windows itself ${CONNECT_WORDS[one.outcome]} ${address} port ${port}`;
  const good = connects.find(isAnswer);
  if (good !== undefined) return freshObservation("yes", words(good), [good]);
  const echoed = echoesTo(path, address).find(({ try: one }) => one.outcome === "reply");
  if (echoed !== undefined) {
    return freshObservation("yes", `${address} answers an echo from Windows`, [echoed]);
  }
  const [bad] = connects;
  if (bad !== undefined) return freshObservation("no", words(bad), connects);
  const snapshot = path.host?.snapshot ?? null;
  if (snapshot === null) return unknownObservation(whyNotAsked(path));
  const row = hostReached(snapshot, address, port);
  if (!row.known) return unknownObservation(row.reason);
  const did = row.ok ? "reached" : `did not reach (${row.error ?? "no reason given"})`;
  return snapshotObservation(path, row.ok, `${did} ${address} port ${port}`);
}

function observeTls(path: Path, address: string | undefined): Observation {
  const done = hostProbesOf(path, "tls").filter(({ try: one }) => one.address === address);
  const good = done.find(({ try: one }) => one.outcome === "answered");
  if (good !== undefined)
    return freshObservation("yes", "Windows itself gets the server's handshake", [good]);
  const [bad] = done;
  if (bad === undefined) return unknownObservation("Windows tried no TLS");
  const why = bad.try.detail ?? bad.try.outcome;
  return freshObservation("no", `Windows itself gets no handshake (${why})`, done);
}

function observeName(path: Path): Observation {
  const name = path.run?.target.host ?? "";
  const asked = hostProbesOf(path, "resolve").filter(({ purpose }) => purpose === "name");
  const good = asked.find(({ try: one }) => one.addresses.length > 0);
  if (good !== undefined) {
    return freshObservation("yes", `Windows resolves ${name} to ${good.try.addresses.join(", ")}`, [
      good,
    ]);
  }
  const [bad] = asked;
  if (bad !== undefined) {
    const why = bad.try.error ?? "no address";
    return freshObservation("no", `Windows itself does not resolve ${name} (${why})`, asked);
  }
  const snapshot = path.host?.snapshot ?? null;
  if (snapshot === null) return unknownObservation(whyNotAsked(path));
  const row = hostResolved(snapshot, name);
  if (!row.known) return unknownObservation(row.reason);
  const ok = row.addresses.length > 0;
  const did = ok ? "resolved" : `did not resolve (${row.error ?? "no address"})`;
  return snapshotObservation(path, ok, `${did} ${name}`);
}

// The host's outbound path, piece by piece: its first router, the VPN's outer endpoint, and the tunnel.

import { readHost } from "../../host/host.ts";
import { routeOnHost, sameAdapter } from "../../host/routes.ts";
import { rowsOf } from "../../host/sources.ts";
import type { VpnOnPath } from "../../host/vpn.ts";
import type { Path } from "../../model/path.ts";
import { tracedAddress } from "../connection/subject.ts";
import { namesFromFar } from "./guest-path.ts";
import {
  echoesTo,
  freshObservation,
  hostAddresses,
  hostProbesOf,
  isAnswer,
  type Observation,
  snapshotObservation,
  unknownObservation,
} from "./host-probes.ts";

type HostRoute = VpnOnPath | null;

/** The first router's address; null when the snapshot does not show it, or the target is on the link. */
export function firstRouterOf(hostRoute: HostRoute): string | null {
  if (hostRoute === null || !hostRoute.known) return null;
  if (!hostRoute.inVpn) return hostRoute.route.nextHop;
  return hostRoute.outer.known ? hostRoute.outer.nextHop : null;
}

/** Where the VPN's own packets go; null without a VPN on the path, or when the snapshot does not show it. */
export function endpointOf(hostRoute: HostRoute): string | null {
  return hostRoute?.known === true && hostRoute.inVpn && hostRoute.outer.known
    ? hostRoute.outer.serverAddress
    : null;
}

export function observeFirstRouter(path: Path, hostRoute: HostRoute): Observation {
  const router = firstRouterOf(hostRoute);
  if (router === null) return unknownObservation("the snapshot names no first router");
  const neighbour = hostProbesOf(path, "neighbour").filter(
    ({ try: one }) => one.address === router,
  );
  const replied = hostProbesOf(path, "echo").filter(({ try: one }) => one.from === router);
  const answers = neighbour.filter(({ try: one }) => one.outcome === "answers");
  if (replied.length + answers.length > 0) {
    return freshObservation("yes", `the first router ${router} answers Windows`, [
      ...replied,
      ...answers,
    ]);
  }
  const behind = answersFromOutside(path);
  if (behind.length > 0) {
    return freshObservation("yes", `what is behind the first router ${router} answers`, behind);
  }
  const silent = neighbour.filter(({ try: one }) => one.outcome === "no-answer");
  const own = hostAddresses(path);
  // Of a neighbour only Windows itself can report that.
  const refused = echoesTo(path, router).filter(
    ({ try: one }) => one.outcome === "unreachable" && (one.from === null || own.has(one.from)),
  );
  if (silent.length > 0) {
    const words = `the first router ${router} gives Windows no answer, not even to ARP or neighbour discovery`;
    return freshObservation("no", words, [...silent, ...refused]);
  }
  if (refused.length > 0) {
    return freshObservation(
      "no",
      `Windows reports that its first router ${router} is unreachable`,
      refused,
    );
  }
  return unknownObservation(`Windows did not find out whether its first router ${router} is there`);
}

/** Whatever comes back from outside came through the first router, inside a tunnel or not. */
function answersFromOutside(path: Path): readonly { readonly id: string }[] {
  const own = hostAddresses(path);
  const echoes = hostProbesOf(path, "echo").filter(
    ({ try: one }) => one.from !== null && !own.has(one.from),
  );
  return [
    ...echoes,
    ...hostProbesOf(path, "connect").filter(isAnswer),
    ...endpointControls(path, "yes"),
  ];
}

/** This side's own probes to the VPN's outer endpoint: they leave the host around the tunnel too. */
function endpointControls(path: Path, reported: "yes" | "any") {
  const asked = path.controls.filter(({ about }) => about === "vpn-endpoint");
  if (reported === "any") return asked;
  return asked.filter(({ outcome, address }) => "from" in outcome && outcome.from === address);
}

export function observeEndpoint(path: Path, hostRoute: HostRoute): Observation {
  const endpoint = endpointOf(hostRoute);
  if (endpoint === null) return unknownObservation("the snapshot names no outer endpoint of a VPN");
  const echoes = echoesTo(path, endpoint);
  const replies = echoes.filter(({ try: one }) => one.from === endpoint);
  const replied = [...replies, ...endpointControls(path, "yes")];
  if (replied.length > 0) {
    return freshObservation(
      "yes",
      `the VPN's outer endpoint ${endpoint} answers around the tunnel`,
      replied,
    );
  }
  const snapshot = path.host?.snapshot ?? null;
  const rows = snapshot === null ? [] : rowsOf(readHost(snapshot).reached);
  const row = rows.find(({ address, ok }) => address === endpoint && ok);
  if (row !== undefined) {
    const did = `reached the VPN's outer endpoint ${endpoint} port ${row.port}`;
    return snapshotObservation(path, true, did);
  }
  const asked = [...echoes, ...endpointControls(path, "any")];
  return asked.length === 0
    ? unknownObservation(`the VPN's outer endpoint ${endpoint} was not probed`)
    : freshObservation("no", `the VPN's outer endpoint ${endpoint} gives no answer`, asked);
}

/** A single silent address may be down by itself. */
const SILENT_PROBES = 3;

/** @param target the host's observation of the target, which the tunnel leads to */
export function observeTunnel(path: Path, hostRoute: HostRoute, target: Observation): Observation {
  if (hostRoute === null || !hostRoute.known || !hostRoute.inVpn)
    return unknownObservation("no VPN leads to the target");
  const { name } = hostRoute.adapter;
  const inside = `through the tunnel of ${name}`;
  if (target.state === "yes") return { ...target, reason: `${target.reason}, ${inside}` };
  const own = hostAddresses(path);
  const echoes = hostProbesOf(path, "echo").filter(({ try: one }) =>
    isInside(path, hostRoute, one.address),
  );
  const connects = hostProbesOf(path, "connect").filter(({ try: one }) =>
    isInside(path, hostRoute, one.address),
  );
  const replied = [
    ...echoes.filter(({ try: one }) => one.from !== null && !own.has(one.from)),
    ...connects.filter(isAnswer),
    ...namesThrough(path, hostRoute),
  ];
  if (replied.length > 0) return freshObservation("yes", `answers come back ${inside}`, replied);
  const asked = [...echoes, ...connects];
  if (asked.length >= SILENT_PROBES) {
    return freshObservation("no", `nothing that Windows sends comes back ${inside}`, asked);
  }
  if (target.state === "no") return { ...target, reason: `${target.reason}, ${inside}` };
  return unknownObservation(`Windows did not try what is reached ${inside}`);
}

type InVpn = Extract<VpnOnPath, { readonly inVpn: true }>;

/** Whether the host's route to an address leads into that tunnel. */
function isInside(path: Path, hostRoute: InVpn, address: string): boolean {
  if (address === tracedAddress(path)) return true;
  const snapshot = path.host?.snapshot ?? null;
  const route = snapshot === null ? null : routeOnHost(snapshot, address);
  return route?.known === true && sameAdapter(route.adapter, hostRoute.adapter);
}

/** Name servers that only the tunnel leads to, and that answered this side. */
function namesThrough(path: Path, hostRoute: InVpn): readonly { readonly id: string }[] {
  const host = hostAddresses(path);
  return namesFromFar(path).filter(
    ({ server }) => !host.has(server) && isInside(path, hostRoute, server),
  );
}

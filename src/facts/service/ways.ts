// What came of each way to a service of the distro, and which of them count.

import { addressOf, isLoopback } from "../../host/address.ts";
import type { Path } from "../../model/path.ts";
import type { HostProbe } from "../../schema/events/host-probe.ts";
import { perPath } from "../per-path.ts";
import { distroAddresses, type WayTo, waysFromWindows } from "./addresses.ts";

export type WayState = "reached" | "refused" | "silent" | "denied" | "unreachable" | "unknown";

export interface Way extends WayTo {
  readonly state: WayState;
  /** In Windows' own words, or why it was not tried. */
  readonly detail: string | null;
  readonly evidence: readonly string[];
}

/** From Windows, in the order in which they matter; tried again, the last try counts. */
export const waysOf = perPath("waysOf", (path: Path): readonly Way[] =>
  waysFromWindows(path).map((way) => wayOf(path, way)),
);

const STATES = {
  connected: "reached",
  refused: "refused",
  "no-reply": "silent",
  unreachable: "unreachable",
  denied: "denied",
  failed: "unknown",
} as const;

function wayOf({ hostProbes, hostProber, run }: Path, way: WayTo): Way {
  const last = hostProbes.findLast(
    ({ purpose, try: tried }) =>
      purpose === "service" && tried.ask === "connect" && tried.address === way.address,
  );
  const tried = last === undefined ? null : connectOf(last);
  if (last !== undefined && tried !== null) {
    return { ...way, state: STATES[tried.outcome], detail: tried.detail, evidence: [last.id] };
  }
  const none = run?.options.hostSnapshot === "none" ? "Windows was not asked" : NO_PROBER;
  const detail = hostProber === null ? none : (hostProber.reason ?? "it was not tried");
  return { ...way, state: "unknown", detail, evidence: [] };
}

const NO_PROBER = "there is no Windows to try it from";

function connectOf({ try: tried }: HostProbe) {
  return tried.ask === "connect" ? tried : null;
}

/** What sockets and forwarding rules of the distro take. */
export type Bound =
  /** Nobody listens but this run itself, if anybody. */
  | "nothing"
  /** 127.0.0.0/8 and ::1 alone. */
  | "loopback"
  /** IPv6 alone, whatever the address. */
  | "ipv6-alone"
  /** Addresses that others do not come by. */
  | "elsewhere"
  | "open"
  | "unknown";

export const boundTo = perPath("boundTo", computeBound);

function computeBound(path: Path): Bound {
  const { service } = path;
  if (service === null || service.listeners === null) return "unknown";
  const forwarded = (service.forwards ?? []).map(({ address }) => address ?? "0.0.0.0");
  const taken = [...service.listeners.map(({ address }) => address), ...forwarded];
  if (isAnsweredByOthers(path)) return "open";
  if (service.own || taken.length === 0) return mayBeForwarded(path) ? "unknown" : "nothing";
  const own = distroAddresses(path);
  if (taken.some((one) => isOpen4(path, one) || own.some((it) => it === one && !it.includes(":"))))
    return "open";
  if (taken.every(isOfLoopback)) return "loopback";
  if (taken.some((one) => one === "::" || own.includes(one))) return "ipv6-alone";
  // In mirrored mode and WSL1 the distro has all the addresses of Windows.
  return own.length === 0 ? "open" : "elsewhere";
}

/** Connections to an address of the distro that this run's own listener never saw: a rule takes them elsewhere, as Docker's do. */
function isAnsweredByOthers(path: Path): boolean {
  if (path.service?.own !== true) return false;
  return waysOf(path).some(
    ({ kind, state, address }) =>
      kind === "windows-to-distro" &&
      state === "reached" &&
      !path.serviceArrivals.some(({ from, to }) => to === address && from !== address),
  );
}

/** An ordinary user reads no rules: only somebody who comes from outside shows whether one takes the port elsewhere. */
function mayBeForwarded(path: Path): boolean {
  const isTried = waysOf(path).some(({ state }) => state !== "unknown");
  return path.service?.forwards === null && path.service.ownError === null && !isTried;
}

/** "::" is of both families unless its socket says otherwise, which a connection over IPv4 shows. */
function isOpen4({ serviceAttempts }: Path, address: string): boolean {
  if (address !== "::") return address === "0.0.0.0";
  return serviceAttempts.some((one) => one.address === "127.0.0.1" && one.outcome === "connected");
}

function isOfLoopback(text: string): boolean {
  const address = addressOf(text);
  return address !== null && isLoopback(address);
}

/** An address of the distro that its service listens on, and that Windows gets no connection to; null where there is none. */
export function stoppedAtDistro(path: Path): string | null {
  const isListening = path.service?.own === true || boundTo(path) === "open";
  if (!isListening) return null;
  const ways = waysOf(path).filter(({ kind }) => kind === "windows-to-distro");
  // Of the service's own families: what nobody listens on is refused.
  const here = path.serviceAttempts.filter(({ outcome }) => outcome === "connected");
  const stopped = ways.find(
    ({ state, address }) =>
      ["refused", "silent", "denied", "unreachable"].includes(state) &&
      here.some((one) => one.address === address),
  );
  return stopped?.address ?? null;
}

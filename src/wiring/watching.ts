// Continuous mode on this machine: the sockets of its rounds, what tells of changes, and Windows asked again now and then.

import { zoneIndex } from "../../probes/linux/zone-index.ts";
import { boundTo } from "../../probes/native/bound-libc.ts";
import { chooseEngine } from "../../probes/native/choose-engine.ts";
import { chooseMarks, markedBy } from "../../probes/native/mark.ts";
import { nftRulesOf, openLibc } from "../../probes/privileged/open.ts";
import { createRateLimit } from "../../probes/rate-limit.ts";
import { realSystem } from "../../probes/system.ts";
import { watchNetwork } from "../../probes/watch/network-changes.ts";
import { openRounds } from "../../probes/watch/rounds.ts";
import { createAskHost } from "../../probes/windows/ask-host.ts";
import { systemClock } from "../clock.ts";
import type { WatchRun } from "../commands/path-request.ts";
import { messageOf } from "../errors.ts";
import type { RunOptions } from "../schema/events/run.ts";
import type { WatchReport } from "../schema/events/watch.ts";
import { parseHostSnapshot } from "../schema/host-snapshot.ts";
import { type NetworkState, stateOfHost } from "../watch/network-state.ts";
import { shareReader } from "../watch/share-reader.ts";
import { watch } from "../watch/watch.ts";
import { windowsAccess } from "./windows-access.ts";
import type { Wiring } from "./wiring.ts";

const CLOCK = systemClock;
/** A start of PowerShell costs Windows seconds of a core. */
const HOST_MS = 60_000;

/**
 * One target or several side by side; all end with the first that fails.
 * @returns what was watched of each, in their order
 * @throws UnsupportedProbeError where no system call can be made
 */
export async function watchPaths(
  wiring: Wiring,
  options: RunOptions,
  runs: readonly WatchRun[],
): Promise<readonly WatchReport[]> {
  const plain = await openLibc();
  const { markOf } = chooseMarks(plain, options.mark, nftRulesOf(plain));
  const libc = boundTo(markedBy(plain, markOf), options.interface);
  const session = wiring.own.pid & 0xffff;
  const engine = await chooseEngine(options.engine, {
    libc,
    session,
    now: () => CLOCK.now(),
    device: options.interface,
    markOf,
  });
  const deps = {
    engine,
    session,
    markOf,
    zoneIndex,
    runStartMs: CLOCK.now(),
    rateLimit: createRateLimit(),
    isShared: false,
  };
  const network = watchNetwork(realSystem, CLOCK, plain);
  const states = shareReader((signal) => network.read(signal));
  const hosts = shareReader(hostReader(wiring, options));
  const failed = new AbortController();
  const watchOne = (run: WatchRun, place: number) => {
    const readHost = hosts();
    return watch({
      ...run,
      signal: AbortSignal.any([run.signal, failed.signal]),
      clock: CLOCK,
      openRounds: (last, _, signal) =>
        openRounds({ ...deps, place }, last, { clock: CLOCK, signal }),
      readState: states(),
      readHost: ({ vantage }, signal) =>
        vantage === null || vantage.kind === "linux" ? Promise.resolve(null) : readHost(signal),
    });
  };
  try {
    return await Promise.all(runs.map(watchOne)).finally(() => failed.abort());
  } finally {
    network.close();
  }
}

/** Asks beside the rounds, which do not wait for it. */
function hostReader(wiring: Wiring, { hostSnapshot }: RunOptions) {
  const ask = createAskHost({ system: realSystem, clock: CLOCK, windows: windowsAccess(wiring) });
  let nextMs = CLOCK.now() + HOST_MS;
  let isAsked = false;
  let answer: NetworkState | null = null;
  const request = async (signal: AbortSignal) => {
    const found = await ask([], signal);
    if (found.kind !== "snapshot") return;
    const snapshot = parseHostSnapshot(found.snapshot);
    const host = { id: "e1", origin: "interop", reason: found.note, snapshot } as const;
    answer = stateOfHost({ host });
  };
  return async (signal: AbortSignal): Promise<NetworkState | null> => {
    const taken = answer;
    answer = null;
    if (hostSnapshot === "auto" && !isAsked && CLOCK.now() >= nextMs) {
      isAsked = true;
      request(signal)
        .catch((error: unknown) => wiring.notify(`Windows was not read again: ${messageOf(error)}`))
        .finally(() => {
          isAsked = false;
          nextMs = CLOCK.now() + HOST_MS;
        });
    }
    return taken;
  };
}

// A watch of hours on this machine: its checks, what tells of changes, and the folder that it writes to.

import { openLibc } from "../../probes/privileged/open.ts";
import { realSystem } from "../../probes/system.ts";
import { answers } from "../../probes/watch/cheap-check.ts";
import { watchNetwork } from "../../probes/watch/network-changes.ts";
import { openRing } from "../../probes/watch/recording-ring.ts";
import { systemClock } from "../clock.ts";
import { unitText, type WatchRequest, watchTargets } from "../commands/watch.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import { createPublish } from "./otlp.ts";
import { createTracer } from "./tracer.ts";
import type { Wiring } from "./wiring.ts";

/** What leaves a machine that nobody looks at. */
const REDACTED = { applied: true, target: false };

export async function watchForHours(wiring: Wiring, request: WatchRequest): Promise<ExitCode> {
  const { own, ending, print, notify } = wiring;
  if (request.unit) {
    const [node = own.execPath, script = ""] = own.argv;
    print(
      unitText(
        [node, script],
        request.targets.map(({ input }) => input),
      ),
    );
    return EXIT.healthy;
  }
  const state = own.env.XDG_STATE_HOME || `${own.env.HOME ?? ""}/.local/state`;
  const network = watchNetwork(realSystem, systemClock, await openLibc().catch(() => null));
  try {
    return await watchTargets(request, {
      clock: systemClock,
      ring: openRing(request.folder ?? `${state}/wsl-trace`, request.keepBytes),
      readState: (signal) => network.read(signal),
      check: answers,
      trace: await createTracer(wiring, request, undefined, false),
      publish: createPublish(wiring, { ...request, redaction: REDACTED }),
      signal: ending.signal,
      print,
      notify,
    });
  } finally {
    network.close();
  }
}

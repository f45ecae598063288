// Hands the runs of a command to a collector, where --otlp or OpenTelemetry's variables ask for it; after all else is done.

import { otlpSettings } from "../../probes/otlp/settings.ts";
import { systemClock } from "../clock.ts";
import type { Publish } from "../commands/publish.ts";
import type { Redaction } from "../commands/readers.ts";
import type { Report } from "../schema/report.ts";
import type { Wiring } from "./wiring.ts";

/** Of a command. */
export interface OtlpChoice {
  /** --otlp; absent, as null: the variables decide. */
  readonly otlp?: string | null;
  readonly redaction: Redaction;
}

/**
 * Null where nothing is to be sent: then nothing of it is loaded, either.
 * @param later where the run can be sent from once more
 * @throws TraceError where the address or the protocol is none
 */
export function createPublish(
  wiring: Wiring,
  { otlp = null, redaction }: OtlpChoice,
  later: () => string | null = () => null,
): Publish | null {
  const { env } = wiring.own;
  const settings = otlpSettings(otlp, env);
  if (settings === null) return null;
  return async (reports: readonly Report[]) => {
    const [{ sendTelemetry }, { sendNotice, telemetryOf }, { shareable }] = await Promise.all([
      import("../../probes/otlp/send.ts"),
      import("../report/telemetry/telemetry.ts"),
      import("../commands/shareable.ts"),
    ]);
    const shared = await Promise.all(reports.map((report) => shareable(report, redaction)));
    const problems = await sendTelemetry(shared.map(telemetryOf), settings, {
      clock: systemClock,
      signal: wiring.ending.signal,
      hasTemporality: (env.OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE ?? "") !== "",
    });
    const { endpoint, variable } = settings;
    const notice = sendNotice({ endpoint, variable, problems, later: later() });
    if (notice !== null) wiring.notify(notice);
  };
}

// `wsl-trace doctor`: what is installed, what may be opened, and whether Windows answers.

import { EXIT, type ExitCode } from "../errors.ts";
import { makeEnv } from "../report/make-env.ts";
import { doctorText } from "../report/text-doctor.ts";
import type { ProbeEvent } from "../schema/event.ts";
import type { Installation } from "../schema/installation.ts";
import { indentedJson } from "../schema/recording-lines.ts";
import { type EnvDeps, type EnvRequest, read, shareableEnv } from "./env.ts";
import { createRecorder } from "./recorder.ts";

export interface DoctorDeps extends Pick<EnvDeps, "trace" | "print" | "show"> {
  inspect(): Promise<Installation>;
}

/** Exit code 0 when this machine could be read, 3 when not even that. */
export async function doctor(request: EnvRequest, deps: DoctorDeps): Promise<ExitCode> {
  const { events, keep } = createRecorder(null);
  const [installation] = await Promise.all([deps.inspect(), read(request, keep, deps)]);
  const report = makeEnv(events);
  const windowsMs = snapshotMs(events);
  if (request.json) {
    const { host, ladder, redaction } = await shareableEnv(events, request.redaction);
    deps.print(indentedJson({ installation, windowsMs, host, ladder, redaction }));
  } else {
    deps.print(doctorText(report, installation, windowsMs));
  }
  return report.vantage === null ? EXIT.inconclusive : EXIT.healthy;
}

function snapshotMs(events: readonly ProbeEvent[]): number | null {
  const answered = events.find(
    (event) => event.kind === "host-snapshot" && event.origin === "interop",
  );
  return answered?.atMs ?? null;
}

// How much a finding about a service weighs: by who has to reach it, and who does.

import type { ServiceFacts } from "../facts/service/service.ts";
import type { Severity } from "../schema/verdict.ts";

/** Of what keeps whom the run is for from the service; a note where he gets through, or was not observed. */
export function serviceSeverity({ required }: ServiceFacts): Severity {
  return required === "no" ? "fault" : "note";
}

/** Of what Windows' localhost alone suffers from, which is how most people come to their services. */
export function localhostSeverity({ windows, localhost }: ServiceFacts): Severity {
  if (localhost !== "no") return "note";
  return windows === "yes" ? "warning" : "fault";
}

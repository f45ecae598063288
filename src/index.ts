// The library: trace a path, replay a recording, diagnose a Path.

export { createProbes } from "../probes/index.ts";
export { realSystem } from "../probes/system.ts";
export { createTlsContexts } from "../probes/tcp/trust.ts";
export { systemClock } from "./clock.ts";
export { fold } from "./model/reduce.ts";
export { diagnosisOf as diagnose } from "./report/diagnosis.ts";
export { makeReport } from "./report/make.ts";
export { parseRecording } from "./schema/recording.ts";
export type { Report } from "./schema/report.ts";
export { parseTarget } from "./target.ts";
export { trace } from "./trace.ts";

// How often a costly property is tried: as often as it says where WSL_TRACE_RUNS is "all" (.ci/run), else a tenth of that.

const PART = 10;

// biome-ignore lint/style/noProcessEnv: the one place where the tests read it
const IS_EVERY_RUN_WANTED = process.env.WSL_TRACE_RUNS === "all";

/** @param all enough to find what was once found, or would be */
export function propertyRuns(all: number): number {
  return IS_EVERY_RUN_WANTED ? all : Math.ceil(all / PART);
}

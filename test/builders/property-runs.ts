// How often a costly property is run: as often as it states where WSL_TRACE_RUNS is "all" (.ci/run), else a tenth of that.

const PART = 10;

// biome-ignore lint/style/noProcessEnv: the only file of the tests that reads it
const IS_EVERY_RUN_WANTED = process.env.WSL_TRACE_RUNS === "all";

/** @param all enough to find what was once found, or would be */
export function propertyRuns(all: number): number {
  return IS_EVERY_RUN_WANTED ? all : Math.ceil(all / PART);
}

// What a command does with its reports when all else is done, where a collector is to have them.

import type { Report } from "../schema/report.ts";

/** Never throws, and ends in bounded time. */
export type Publish = (reports: readonly Report[]) => Promise<void>;

// Fixes work when they are typed: one of each kind here, all of them by `npm run fixes`.

import { describe, expect, it } from "vitest";
import { curesOf } from "../fixes/cures.ts";
import { LIVE_ROWS } from "../matrix/rows.ts";

/** Far longer than any takes. */
const LIMIT_MS = 120_000;

/** Of a link, of resolv.conf in place and behind its end, of a setting of the kernel, and of the shell's environment. */
const KINDS = [
  "wsl2-vpn",
  "dns-second-server-works",
  "dns-v6-query-delay",
  "answers-by-another-interface",
  "proxy-dead",
];

describe("a fix for Linux", () => {
  it.each(LIVE_ROWS.filter(({ scenario }) => KINDS.includes(scenario.name)))(
    "of $scenario.name cures it, as it is printed",
    async (row) => {
      const cures = await curesOf(row, AbortSignal.timeout(LIMIT_MS));
      const tried = cures.filter(({ result }) => result !== "not tried");
      expect(tried.map(({ result }) => result)).toContain("cured");
      expect(tried.filter(({ result }) => result !== "cured")).toEqual([]);
    },
  );
});

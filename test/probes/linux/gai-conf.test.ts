// gai.conf as people write it, and what it makes of the order of addresses.

import { expect, test } from "vitest";
import { sortCandidates } from "../../../probes/linux/address-selection.ts";
import { parseGaiConf } from "../../../probes/linux/gai-conf.ts";

const SIX = { address: "2001:db8::80", family: 6, source: "2001:db8::9" } as const;
const FOUR = { address: "192.0.2.80", family: 4, source: "192.0.2.9" } as const;

test.each([
  { what: "nothing", text: "" },
  { what: "comments alone", text: "# precedence ::ffff:0:0/96  100\n" },
  {
    what: "a line that is none",
    text: "precedence ::ffff:0:0/96\nprecedence x 9\nlabel ::1/128 0\n",
  },
])("$what leaves the usual order: IPv6 first", ({ text }) => {
  expect(parseGaiConf(text)).toBeNull();
  expect(sortCandidates([FOUR, SIX], parseGaiConf(text))).toEqual([SIX, FOUR]);
});

test("the line that everybody writes puts IPv4 first", () => {
  const table = parseGaiConf("precedence ::ffff:0:0/96  100 # IPv4\n");
  expect(sortCandidates([SIX, FOUR], table)).toEqual([FOUR, SIX]);
});

test("a single line replaces the table, and the longest prefix counts", () => {
  const text = "precedence ::ffff:0:0/96 50\nprecedence ::ffff:192.0.2.0/120 10\n";
  const other = { ...FOUR, address: "198.51.100.80" };
  const sorted = sortCandidates([FOUR, SIX, other], parseGaiConf(text));
  expect(sorted).toEqual([other, SIX, FOUR]);
});

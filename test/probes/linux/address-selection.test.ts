// Destination address selection: the examples of RFC 6724 section 10.2, and what a program relies on.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Candidate, sortCandidates } from "../../../probes/linux/address-selection.ts";

function candidate(address: string, source: string | null): Candidate {
  return { address, family: address.includes(":") ? 6 : 4, source };
}

const sorted = (...candidates: readonly Candidate[]) =>
  sortCandidates(candidates).map(({ address }) => address);

/** The first is preferred; the sources are those that the RFC gives. */
const EXAMPLES = [
  {
    rule: "prefer matching scope",
    first: candidate("2001:db8:1::1", "2001:db8:1::2"),
    second: candidate("198.51.100.121", "169.254.13.78"),
  },
  {
    rule: "prefer matching scope",
    first: candidate("198.51.100.121", "198.51.100.117"),
    second: candidate("2001:db8:1::1", "fe80::1"),
  },
  {
    rule: "prefer higher precedence",
    first: candidate("2001:db8:1::1", "2001:db8:1::2"),
    second: candidate("10.1.2.3", "10.1.2.4"),
  },
  {
    rule: "prefer smaller scope",
    first: candidate("fe80::1", "fe80::2"),
    second: candidate("2001:db8:1::1", "2001:db8:1::2"),
  },
  {
    rule: "prefer matching label",
    first: candidate("2002:c633:6401::1", "2002:c633:6401::2"),
    second: candidate("2001:db8:1::1", "2002:c633:6401::2"),
  },
  {
    rule: "prefer higher precedence",
    first: candidate("2001:db8:1::1", "2001:db8:1::2"),
    second: candidate("2002:c633:6401::1", "2002:c633:6401::2"),
  },
];

describe("RFC 6724 section 10.2", () => {
  test.each(EXAMPLES)("$first.address before $second.address: $rule", ({ first, second }) => {
    expect(sorted(first, second)).toEqual([first.address, second.address]);
    expect(sorted(second, first)).toEqual([first.address, second.address]);
  });
});

test("an address without a route comes last, whatever its precedence", () => {
  const four = candidate("203.0.113.80", "198.51.100.20");
  const six = candidate("2001:db8::80", null);
  expect(sorted(six, four)).toEqual(["203.0.113.80", "2001:db8::80"]);
});

test("IPv6 with a route comes before IPv4, loopback included", () => {
  const four = candidate("203.0.113.80", "198.51.100.20");
  expect(sorted(four, candidate("2001:db8::80", "2001:db8::20"))[0]).toBe("2001:db8::80");
  expect(sorted(candidate("127.0.0.1", "127.0.0.1"), candidate("::1", "::1"))[0]).toBe("::1");
});

test("all of fec0::/10 is site-local", () => {
  const otherScope = candidate("fed0::1", "2001:db8::2");
  const otherScopeSameLabel = candidate("2001:db8:1::1", "fe80::1");
  expect(sorted(otherScope, otherScopeSameLabel)[0]).toBe("2001:db8:1::1");
});

test("equals keep the order of the answer", () => {
  const round = [7, 3, 9].map((n) => candidate(`203.0.113.${n}`, "198.51.100.20"));
  expect(sorted(...round)).toEqual(round.map(({ address }) => address));
});

test("any order of any candidates gives all of them, and the usable ones first", () => {
  const pool = [
    ...EXAMPLES.flatMap(({ first, second }) => [first, second]),
    candidate("203.0.113.80", null),
    candidate("::ffff:192.0.2.1", "::ffff:192.0.2.2"),
    candidate("fd00::1", "fd00::2"),
    candidate("fe80::1%eth0", "fe80::2"),
  ];
  fc.assert(
    fc.property(fc.shuffledSubarray(pool), (some) => {
      const result = sortCandidates(some);
      expect(new Set(result)).toEqual(new Set(some));
      const firstDead = result.findIndex(({ source }) => source === null);
      const after = firstDead < 0 ? [] : result.slice(firstDead);
      expect(after.filter(({ source }) => source !== null)).toEqual([]);
    }),
  );
});

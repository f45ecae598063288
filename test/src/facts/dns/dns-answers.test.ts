// Answers of servers side by side, and the names that a search list makes.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readAnswer } from "../../../../probes/dns/message.ts";
import {
  claimOf,
  contradict,
  isSpecial,
  sameAnswer,
} from "../../../../src/facts/dns/dns-answers.ts";
import { searchNames } from "../../../../src/facts/dns/search-names.ts";
import { dnsOutcome } from "../../../../src/schema/events/dns-replies.ts";
import { answer, NO_DNS_REPLY, rcode } from "../../../builders/events.ts";

const claim = (...addresses: readonly string[]) => ({ kind: "addresses" as const, addresses });
const DENIAL = { kind: "denial" as const, rcode: "NXDOMAIN" };

describe("what an answer claims", () => {
  test("is its addresses, or that there are none", () => {
    expect(claimOf(answer("203.0.113.1"))).toEqual(claim("203.0.113.1"));
    expect(claimOf(rcode("NXDOMAIN"))).toEqual(DENIAL);
    expect(claimOf(answer())).toMatchObject({ kind: "denial", rcode: "NOERROR" });
  });

  test.each([
    { what: "silence", outcome: NO_DNS_REPLY },
    { what: "an error", outcome: rcode("SERVFAIL") },
    { what: "a refusal", outcome: rcode("REFUSED") },
    { what: "half an answer", outcome: { ...answer(), truncated: true } },
  ])("is nothing for $what", ({ outcome }) => {
    expect(claimOf(outcome)).toBeNull();
  });
});

describe("two claims", () => {
  test.each([
    { one: claim("203.0.113.1"), other: claim("203.0.113.2"), excludes: true },
    { one: claim("203.0.113.1"), other: claim("203.0.113.2", "203.0.113.1"), excludes: false },
    { one: claim("203.0.113.1"), other: DENIAL, excludes: true },
    { one: DENIAL, other: { ...DENIAL, rcode: "NOERROR" }, excludes: false },
  ])("exclude each other when nothing is common: $one $other", ({ one, other, excludes }) => {
    expect(contradict(one, other)).toBe(excludes);
    expect(contradict(other, one)).toBe(excludes);
  });

  test("are the same whatever their order and the size of the message", () => {
    const one = { ...answer("203.0.113.1", "203.0.113.2"), sizeBytes: 60 };
    expect(sameAnswer(one, answer("203.0.113.2", "203.0.113.1"))).toBe(true);
    expect(sameAnswer(one, answer("203.0.113.2"))).toBe(false);
    expect(sameAnswer(one, NO_DNS_REPLY)).toBe(false);
  });
});

test.each([
  ["127.0.0.1", true],
  ["0.0.0.0", true],
  ["10.1.2.3", true],
  ["::1", true],
  ["fd00::1", true],
  ["203.0.113.1", false],
  ["2001:db8::1", false],
  ["not an address", false],
])("%s means something on this machine only: %s", (address, special) => {
  expect(isSpecial(claim(address))).toBe(special);
});

describe("the names that a resolver queries", () => {
  test.each([
    { typed: "www.example.test", search: [], ndots: 1, names: ["www.example.test"] },
    {
      typed: "www",
      search: ["a.test", "b.test"],
      ndots: 1,
      names: ["www.a.test", "www.b.test", "www"],
    },
    { typed: "www.x", search: ["a.test"], ndots: 1, names: ["www.x", "www.x.a.test"] },
    { typed: "www.x", search: ["a.test"], ndots: 2, names: ["www.x.a.test", "www.x"] },
    { typed: "www.", search: ["a.test"], ndots: 1, names: ["www"] },
    { typed: "www", search: [".", ".a.test."], ndots: 1, names: ["www.a.test", "www"] },
  ])("for $typed with $search and ndots $ndots", ({ typed, search, ndots, names }) => {
    expect(searchNames(typed, search, ndots)).toEqual(names);
  });

  test("are such as a message can hold, each once", () => {
    const word = fc.string({ maxLength: 80 });
    fc.assert(
      fc.property(word, fc.array(fc.string({ maxLength: 200 })), fc.nat(15), (typed, search, n) => {
        const names = searchNames(typed, search, n);
        expect(new Set(names).size).toBe(names.length);
        for (const name of names) {
          expect(name.length).toBeLessThanOrEqual(253);
          for (const label of name.split("."))
            expect([label.length > 0, label.length < 64]).toEqual([true, true]);
        }
      }),
    );
  });
});

test("any bytes are read as an outcome or passed over, never with an exception", () => {
  const question = { server: "192.0.2.1", name: "www.example.test", type: "A" as const };
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), fc.nat(0xffff), (bytes, id) => {
      const outcome = readAnswer(Buffer.from(bytes), question, id);
      if (outcome !== undefined) expect(dnsOutcome.safeParse(outcome).success).toBe(true);
    }),
  );
});

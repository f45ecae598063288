// What once went wrong, and must not again. Where "as glibc reads them" is not so.
import { expect, test } from "vitest";
import { sortCandidates } from "../../probes/linux/address-selection.ts";
import { parseResolvConf } from "../../probes/linux/resolv-conf.ts";

test("glibc ignores a keyword that does not start its line (resolv.conf(5))", () => {
  expect(parseResolvConf("  nameserver 192.0.2.1\n").servers).toEqual([]);
});

test("glibc ignores a search line without a domain", () => {
  expect(parseResolvConf("search a.test\nsearch\n").search).toEqual(["a.test"]);
});

test("rule 9 (longest matching prefix) decides between two IPv6 addresses: RFC 6724 s.10.2, example 6", () => {
  const far = { address: "2001:db8:3ffe::1", family: 6, source: "2001:db8:3f44::2" } as const;
  const near = { address: "2001:db8:1::1", family: 6, source: "2001:db8:1::2" } as const;
  expect(sortCandidates([far, near])[0]?.address).toBe(near.address);
});

// Pseudonyms of addresses keep prefixes and equality, and leave what says nothing of anybody.

import { expect, it } from "vitest";
import { createAddressPseudonyms } from "../../../../src/report/redact/addresses.ts";

const KNOWN = ["81.2.69.142", "81.2.69.7", "93.184.216.34", "93.184.0.0/16", "2a02:810:1::5"];

it("what was in one network still is, in documentation's addresses first", () => {
  const { replace } = createAddressPseudonyms(KNOWN, [], true);
  const [one, other] = [replace("81.2.69.142") ?? "", replace("81.2.69.7") ?? ""];
  expect([one.slice(0, 11), other.slice(0, 11)]).toEqual(["198.51.100.", "198.51.100."]);
  expect(one).not.toBe(other);
  expect(replace("81.2.69.142")).toBe(one);
  expect(replace("2a02:810:1::5")).toBe("2001:db8:1::1");
});

it("an address stays inside the prefix of its route", () => {
  const { replace } = createAddressPseudonyms(KNOWN, [], true);
  const prefix = replace("93.184.0.0/16") ?? "";
  expect(prefix).toMatch(/^2[45]\d\.\d+\.0\.0\/16$/);
  expect(replace("93.184.216.34")?.split(".").slice(0, 2)).toEqual(prefix.split(".").slice(0, 2));
});

it("addresses that stay keep their neighbours around them", () => {
  const { replace } = createAddressPseudonyms(KNOWN, ["93.184.216.34"], true);
  expect(replace("93.184.216.34")).toBe("93.184.216.34");
  expect(replace("93.184.0.0/16")).toBe("93.184.0.0/16");
  expect(replace("93.184.1.1")).toMatch(/^93\.184\.(?!1\.1$)/);
});

it.each([
  ...["10.1.2.3", "172.24.16.1", "192.168.1.1", "100.64.16.6", "127.0.0.53", "169.254.1.1"],
  ...["192.0.2.80", "198.18.0.9", "0.0.0.0/0", "128.0.0.0/1", "224.0.0.1", "255.255.255.255"],
  ...["::1", "::/0", "fe80::1", "ff02::1", "2001:db8::1", "fec0:0:0:ffff::1"],
])("%s says nothing of anybody and stays", (address) => {
  expect(createAddressPseudonyms([address], [], true).replace(address)).toBe(address);
});

it.each([
  // The identifier of a MAC address, a network's own number, and IPv4 inside IPv6.
  ["fe80::5054:ff:fe12:3456", /^fe80::a:1$/],
  ["fd12:3456:789a:1::5", /^fd00:0:1:/],
  ["64:ff9b::5102:458e", /^64:ff9b::c633:6401$/],
  ["2002:5102:458e::1", /^2002:(?!5102)/],
])("%s becomes something like %s", (address, expected) => {
  expect(createAddressPseudonyms([address], [], true).replace(address)).toMatch(expected);
});

it("where routes cut up the whole space, any two share as many first bits as before", () => {
  const { replace } = createAddressPseudonyms(KNOWN, [], false);
  const bits = (address: string) =>
    address
      .split(".")
      .map((byte) => Number(byte).toString(2).padStart(8, "0"))
      .join("");
  const shared = (a: string, b: string) => {
    const at = [...bits(a)].findIndex((bit, n) => bit !== bits(b)[n]);
    return at === -1 ? bits(a).length : at;
  };
  const originals = [
    "81.2.69.142",
    "81.2.69.7",
    "81.3.0.1",
    "93.184.216.34",
    "17.0.0.1",
    "53.9.9.9",
  ];
  for (const one of originals) {
    for (const other of originals) {
      const images = [replace(one) ?? "", replace(other) ?? ""] as const;
      expect(shared(...images)).toBe(shared(one, other));
    }
  }
});

it("no pseudonym is an address that the run had itself", () => {
  const known = ["198.51.100.1", "203.0.113.9", "81.2.69.142"];
  const { replace } = createAddressPseudonyms(known, [], true);
  expect(replace("81.2.69.142")).toBe("192.0.2.1");
});

// The distro's route to an address: longest prefix, then lowest metric.

import fc from "fast-check";
import { expect, test } from "vitest";
import { gatewayFor } from "../../../../src/facts/reach/guest-route.ts";
import type { GuestRoute } from "../../../../src/schema/events/guest.ts";

function route(prefix: string, gateway: string | null, more: Partial<GuestRoute> = {}): GuestRoute {
  const family = prefix.includes(":") ? 6 : 4;
  return { family, prefix, gateway, interface: "eth0", metric: 0, ...more };
}

const table = [
  route("0.0.0.0/0", "198.51.100.1", { metric: 100 }),
  route("0.0.0.0/0", "198.51.100.2", { metric: 50, interface: "eth1" }),
  route("198.51.100.0/25", null),
  route("203.0.113.0/24", "198.51.100.3"),
  route("203.0.113.80/32", "198.51.100.4"),
  route("::/0", "fe80::1"),
  route("2001:db8::/32", "fe80::2"),
];

test.each([
  { address: "192.0.2.9", gateway: "198.51.100.2" },
  { address: "198.51.100.77", gateway: null },
  { address: "203.0.113.9", gateway: "198.51.100.3" },
  { address: "203.0.113.80", gateway: "198.51.100.4" },
  { address: "2001:db8::9", gateway: "fe80::2" },
  { address: "2001:db9::9", gateway: "fe80::1" },
  { address: "fe80::9%eth0", gateway: "fe80::1" },
])("$address goes to $gateway", ({ address, gateway }) => {
  expect(gatewayFor(table, address)).toMatchObject({ gateway });
});

test("no route holds an address of a family without a default route", () => {
  expect(gatewayFor(table.slice(0, 5), "2001:db8::1")).toBeUndefined();
  expect(gatewayFor([], "203.0.113.80")).toBeUndefined();
});

test("the order of the table does not matter, and the table stays as it is", () => {
  const before = JSON.stringify(table);
  fc.assert(
    fc.property(fc.shuffledSubarray(table, { minLength: table.length }), (shuffled) => {
      expect(gatewayFor(shuffled, "203.0.113.80")?.gateway).toBe("198.51.100.4");
      expect(gatewayFor(shuffled, "192.0.2.9")?.gateway).toBe("198.51.100.2");
    }),
  );
  expect(JSON.stringify(table)).toBe(before);
});

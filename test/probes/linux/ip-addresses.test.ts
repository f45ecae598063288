// Addresses as iproute2 prints them.

import { expect, test } from "vitest";
import { parseAddresses } from "../../../probes/linux/ip-addresses.ts";

test("every link's addresses are read, with those of links without carrier and of far ends", () => {
  const text = [
    "1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever preferred_lft forever",
    "2: eth0    inet 172.28.64.5/20 brd 172.28.79.255 scope global eth0\\       valid_lft forever",
    "2: eth0    inet6 fe80::215:5dff:fe00:1/64 scope link tentative \\       valid_lft forever",
    "5: ppp0    inet 10.8.0.6 peer 10.8.0.5/32 scope global ppp0\\       valid_lft forever",
    "7: odd",
    "",
  ].join("\n");
  expect(Object.fromEntries(parseAddresses(text))).toEqual({
    lo: [{ address: "127.0.0.1", prefixLength: 8, family: 4 }],
    eth0: [
      { address: "172.28.64.5", prefixLength: 20, family: 4 },
      { address: "fe80::215:5dff:fe00:1", prefixLength: 64, family: 6 },
    ],
    ppp0: [{ address: "10.8.0.6", prefixLength: 32, family: 4 }],
  });
});

// The keys by which programs know the tool's connections.

import { expect, it } from "vitest";
import { flowKeys } from "../../../probes/kernel/flows.ts";

it("has both directions, addresses and ports as on the wire", () => {
  const [out, back] = flowKeys({
    protocol: "tcp",
    localAddress: "192.0.2.1",
    localPort: 40000,
    remoteAddress: "198.51.100.2",
    remotePort: 443,
  });
  const zeros = "0".repeat(24);
  expect(out.toString("hex")).toBe(`c0000201${zeros}c6336402${zeros}9c4001bb06040000`);
  expect(back.toString("hex")).toBe(`c6336402${zeros}c0000201${zeros}01bb9c4006040000`);
});

it("has whole IPv6 addresses, without their zone", () => {
  const [out] = flowKeys({
    protocol: "udp",
    localAddress: "fe80::1%eth0",
    localPort: 1,
    remoteAddress: "2001:db8::2",
    remotePort: 2,
  });
  expect(out.toString("hex")).toBe(
    "fe80000000000000000000000000000120010db80000000000000000000000020001000211060000",
  );
});

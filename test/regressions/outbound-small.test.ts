// What once went wrong, and must not again. Three small ones of src/model/outbound.ts.
import { expect, test } from "vitest";
import { outboundFacts } from "../../src/facts/size/outbound.ts";
import { lookup, pathOf, targetAddresses } from "../builders/events.ts";
import { control, NO_REPLY, reportedTooBig, size } from "../builders/probes.ts";
import { upload } from "../builders/tcp.ts";

const to = [targetAddresses(), lookup()];

test.each([0, 20, 67])(
  "a message that names %d bytes (routers before RFC 1191 send 0) is no size",
  (mtu) => {
    // Target silent, so that nothing passed: bytes becomes 0, which the house style forbids for "unknown".
    const facts = outboundFacts(
      pathOf(...to, control(NO_REPLY), size(1500, reportedTooBig("203.0.113.129", mtu), 2)),
    );
    expect(facts.estimate.bytes).toBeNull();
  },
);

test("what TCP data alone showed does not say that ICMP did", () => {
  // A server with MTU 1400: full-size segments of the connection are acknowledged, none is 1500.
  const facts = outboundFacts(pathOf(...to, control(NO_REPLY), ...upload("u1", 1400, true)));
  expect(facts.estimate).toMatchObject({ bytes: 1400, basis: "tcp" });
});

// The kernel's route as the probe reports it, from this machine's own loopback, which every machine has.

import { describe, expect, test } from "vitest";
import { loadLibc } from "../../../probes/native/libc.ts";
import { createRouteProbe } from "../../../probes/stages/route.ts";
import { testContext } from "../../builders/context.ts";
import { BEHIND_NAT, routes, targetAddresses } from "../../builders/events.ts";
import { systemOf } from "../../builders/files.ts";

/** What Linux gives lo: more than an IPv4 packet can have (drivers/net/loopback.c). */
const LOOPBACK_MTU = 65_536;

describe("a route to this machine itself", () => {
  test("has no cached PMTU where iproute2 is missing and the link takes more than any packet has", async () => {
    const lo = {
      name: "lo",
      index: 1,
      mtu: LOOPBACK_MTU,
      up: true,
      loopback: true,
      mac: null,
      addresses: [{ family: 4 as const, address: "127.0.0.1", prefixLength: 8 }],
    };
    const context = testContext([
      { kind: "interfaces", interfaces: [lo] },
      // Its default route is not the way to the machine itself.
      routes(BEHIND_NAT),
      targetAddresses("127.0.0.1"),
    ]);
    const deps = { libc: await loadLibc(), system: systemOf({}), zoneIndex: () => 0 };
    await createRouteProbe(deps, "before")(context);
    expect(context.path().lookups[0]?.outcome).toMatchObject({
      kind: "route",
      interface: "lo",
      gateway: null,
      linkMtu: LOOPBACK_MTU,
      cachedPmtu: null,
    });
  });
});

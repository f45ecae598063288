// Names with several addresses, some of which do not answer.

import { SERVER, withLengths } from "../topology/addresses.ts";
import { wslTopology } from "../topology/wsl-topology.ts";
import { degraded, filter, HEALTHY, TARGET, wsl2, ZONE } from "./building-blocks.ts";
import type { Scenario } from "./scenario.ts";

/** On the server's link, where nobody has it. */
const ABSENT = "192.0.2.81";
/** The server's own, beside its first. */
const SECOND = { v4: "192.0.2.82", v6: "2001:db8:e0::82" };
const THIRD = { v4: "192.0.2.83", v6: "2001:db8:e0::83" };

type Own = Omit<Parameters<typeof wsl2>[0], "topology" | "zone">;

/** A server with three addresses, and the target's name with these. */
function named(addresses: readonly string[], own: Own): Scenario {
  const topology = wslTopology({ wsl: 2, tunnelMtu: null });
  const extra = [SECOND, THIRD].flatMap((pair) => withLengths(pair, 32, 128));
  return wsl2({
    topology: { ...topology, extraAddresses: [{ role: "server", addresses: extra }] },
    zone: { ...ZONE, [TARGET]: addresses },
    ...own,
  });
}

export const ADDRESS_SCENARIOS: readonly Scenario[] = [
  named([ABSENT, SERVER.v4], {
    name: "first-address-gone",
    title: "The name has two addresses, and the machine behind the first is off",
    sees: "curl waits, and then it works; ssh waits for minutes",
    negativeFor: ["destination-down", "path-loss", "ipv6-preferred-but-dead"],
    expected: degraded("some-addresses-dead", null),
  }),
  named([SECOND.v4, THIRD.v4, SERVER.v4], {
    name: "two-of-three-addresses-silent",
    title: "The name has three addresses, and a filter drops what is for the first two",
    sees: "it works, late, and not with every program",
    faults: [filter("internet", "forward", `ip daddr { ${SECOND.v4}, ${THIRD.v4} } drop`)],
    negativeFor: ["port-filtered", "path-loss", "destination-down"],
    expected: degraded("some-addresses-dead", null),
  }),
  named([SECOND.v4, SERVER.v4], {
    name: "first-address-refuses",
    title: "Nothing listens at the first of the name's two addresses",
    sees: "programs that try one address alone are refused",
    faults: [
      filter("server", "input", `ip daddr ${SECOND.v4} tcp dport 443 reject with tcp reset`),
    ],
    negativeFor: ["port-refused", "path-loss"],
    expected: degraded("some-addresses-dead", "destination"),
  }),
  named([SERVER.v4, ABSENT], {
    name: "last-address-gone",
    title: "The name has two addresses, and the one that nobody gets to try is dead: no fault",
    sees: "everything works",
    negativeFor: ["some-addresses-dead", "destination-down"],
    expected: HEALTHY,
  }),
];

// Connection requests of which some get no answer, over a path that loses nothing else.

import { degraded, filter, noted, wsl2 } from "./building-blocks.ts";
import type { Scenario } from "./scenario.ts";

const SYN = "tcp dport 443 tcp flags & (syn | ack) == syn";
const PATH_IS_WELL = ["path-loss", "port-filtered", "ecmp-branch-broken", "destination-down"];

export const REQUEST_SCENARIOS: readonly Scenario[] = [
  wsl2({
    name: "every-second-request-lost",
    title: "The server answers every second connection request, and loses nothing of what is open",
    sees: "half of the connections take a second or three more",
    faults: [filter("server", "input", `${SYN} numgen inc mod 2 == 0 drop`)],
    negativeFor: PATH_IS_WELL,
    expected: { ...degraded("new-connections-lost", null), orVerdicts: ["fault"] },
  }),
  wsl2({
    name: "third-request-answered",
    title: "A filter in front of the server drops the first two requests of each connection",
    sees: "each connection takes seconds, and then it is quick",
    faults: [
      filter(
        "internet",
        "forward",
        // Two SYNs of 40 to 60 bytes.
        `${SYN} meter firsts { tcp sport timeout 60s quota 125 bytes } drop`,
      ),
    ],
    negativeFor: PATH_IS_WELL,
    expected: degraded("new-connections-lost", null),
  }),
  wsl2({
    name: "balanced-machine-dead",
    title: "Of three machines behind the address one is dead: the same ports each time",
    sees: "some connections work at once, others never",
    faults: [
      filter(
        "internet",
        "forward",
        'iifname "home0" tcp dport 443 jhash tcp sport mod 3 seed 7 == 0 drop',
      ),
    ],
    options: ["--flows", "12"],
    negativeFor: PATH_IS_WELL,
    expected: { ...degraded("new-connections-lost", null), orVerdicts: ["fault"] },
  }),
  wsl2({
    name: "new-connections-limited",
    title: "The server takes five new connections a second, as no program needs more: no fault",
    sees: "everything works",
    faults: [filter("server", "input", `${SYN} limit rate over 5/second burst 5 packets drop`)],
    negativeFor: PATH_IS_WELL,
    expected: noted("new-connections-lost"),
  }),
];

// Targets of datagrams in a network that the product did not build, as an ordinary user who may send echo requests and as root.

import { afterEach, expect, it } from "vitest";
import type { Net } from "./independent/net.ts";
import { createOffice, OFFICE } from "./independent/office.ts";
import { tracePath } from "./independent/tool.ts";

const ECHO_PORT = 4001;
const SILENT_PORT = 4002;
const CLOSED_PORT = 4003;
const DROP = (what: string) => `table ip t {
  chain forward { type filter hook forward priority 0; ${what}; }
}
`;

let net: Net | undefined;

afterEach(async () => {
  await net?.remove();
  net = undefined;
});

interface Case {
  readonly target: string;
  /** What a host on the way drops. */
  readonly rules?: readonly [host: string, rules: string];
  readonly verdict: string;
  readonly causes: readonly string[];
}

const UDP = `udp://${OFFICE.site4}`;
const ICMP = `icmp://${OFFICE.site4}`;
const PORTS = `udp dport { ${ECHO_PORT}, ${SILENT_PORT} }`;
const FILTERED = { verdict: "fault", causes: ["port-filtered"] } as const;

const CASES: Readonly<Record<string, Case>> = {
  "a port that answers": { target: `${UDP}:${ECHO_PORT}`, verdict: "healthy", causes: [] },
  "a port that is open and silent": {
    target: `${UDP}:${SILENT_PORT}`,
    verdict: "inconclusive",
    causes: [],
  },
  "a closed port": { target: `${UDP}:${CLOSED_PORT}`, verdict: "fault", causes: ["port-refused"] },
  "a port that the first router drops": {
    target: `${UDP}:${SILENT_PORT}`,
    rules: ["box", DROP(`${PORTS} drop`)],
    ...FILTERED,
  },
  "a port that a router reports as forbidden": {
    target: `${UDP}:${ECHO_PORT}`,
    rules: ["far", DROP(`${PORTS} reject with icmp type admin-prohibited`)],
    verdict: "fault",
    causes: ["admin-prohibited"],
  },
  "a host that answers echo requests": { target: ICMP, verdict: "healthy", causes: [] },
  "a host whose echo requests are dropped": {
    target: ICMP,
    rules: ["far", DROP("icmp type echo-request drop")],
    ...FILTERED,
  },
};

const RUNS = Object.entries(CASES).flatMap(([what, one]) =>
  (["none", "root"] as const).map((privilege) => ({ what, privilege, ...one })),
);

it.each(RUNS)("$what, as $privilege", async ({ target, rules, verdict, causes, privilege }) => {
  net = await createOffice({ tunnelMtu: 1500 });
  await net.run("guest", "sysctl", "-qw", "net.ipv4.ping_group_range=0 2147483647");
  const server = new URL("./independent/datagram-server.mjs", import.meta.url).pathname;
  await net.serve("site", process.execPath, server, String(ECHO_PORT), String(SILENT_PORT));
  if (rules !== undefined) await net.nft(...rules);
  const { report } = await tracePath(net, [target, "--host-snapshot", "none"], { privilege });
  const found = report.findings.filter(({ severity }) => severity !== "note");
  expect([report.verdict, found.map(({ cause }) => cause)]).toEqual([verdict, causes]);
});

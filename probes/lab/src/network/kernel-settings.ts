// The kernel settings of one namespace, as lines "KEY VALUE" below /proc/sys.

import type { Scenario } from "../scenarios/scenario.ts";
import type { Role } from "../topology/topology.ts";

/** Reads "KEY VALUE" lines; fixed text, so that no data is ever parsed by the shell. */
export const APPLY_SETTINGS = [
  "sh",
  "-c",
  'while read -r key value; do printf %s "$value" > "/proc/sys/$key" || exit 1; done',
] as const;

const ROUTERS: readonly Role[] = ["host", "lan", "internet", "vpn-gateway"];

/** Before the links are made, so that they are born with the defaults. */
export function settingsFor(scenario: Scenario, role: Role): string {
  const own = scenario.faults.flatMap((fault) =>
    fault.kind === "kernel-setting" && fault.at === role ? [`${fault.key} ${fault.value}`] : [],
  );
  const windows = role === "host" ? [PING_SOCKETS] : [];
  return [...COMMON, ...windows, ...(ROUTERS.includes(role) ? FORWARDING : []), ...own]
    .map((line) => `${line}\n`)
    .join("");
}

const COMMON = [
  "net/ipv6/conf/all/disable_ipv6 0",
  "net/ipv6/conf/default/disable_ipv6 0",
  // Duplicate address detection would keep link-local addresses unusable for a second.
  "net/ipv6/conf/default/accept_dad 0",
  "net/ipv6/conf/default/dad_transmits 0",
  "net/ipv6/conf/default/router_solicitations 0",
];

/** What plays Windows sends echoes; a user namespace knows no other group than root's. */
const PING_SOCKETS = "net/ipv4/ping_group_range 0 0";

const FORWARDING = [
  "net/ipv4/ip_forward 1",
  "net/ipv6/conf/all/forwarding 1",
  "net/ipv6/conf/default/forwarding 1",
  // Reverse path checks are a fault of their own, not the lab's default.
  "net/ipv4/conf/all/rp_filter 0",
  "net/ipv4/conf/default/rp_filter 0",
];

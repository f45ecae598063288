// A public name server, which somebody wrote into resolv.conf by hand.

import { SERVER } from "../topology/addresses.ts";
import { LAN_ALIAS } from "../topology/names.ts";
import { DISTRO, ROUTER_DNS, SWITCH_PROXY } from "./building-blocks.ts";
import type { Resolver } from "./scenario.ts";

export const BY_HAND = { ...DISTRO, generatedByWsl: false };
/** On the server's machine. */
export const PUBLIC_DNS: Resolver = { at: "server", addresses: [SERVER.v4], behaviour: "answer" };

export const public_ = (quirks: Resolver["quirks"] = {}) => ({
  resolvers: [SWITCH_PROXY, ROUTER_DNS, { ...PUBLIC_DNS, quirks }],
  resolvConf: [SERVER.v4],
  windowsNames: { adapterServers: { [LAN_ALIAS]: [SERVER.v4] }, nrpt: [] },
  distro: BY_HAND,
});

// Faults of several kinds at once, drawn by a seed, and which of them a user meets first.

import type { Report } from "../../../src/schema/report.ts";
import { onThePath, serveNames } from "./dns.ts";
import { link, type Net } from "./net.ts";
import { createOffice, OFFICE } from "./office.ts";
import { pickerOf } from "./random.ts";

export interface MixedFaults {
  readonly target: "name" | "literal 4" | "literal 6";
  readonly names: "ok" | "silent" | "refuses" | "unknown";
  readonly route: "ok" | "none" | "gateway";
  readonly way: "ok" | "loop" | "prohibited" | "down" | "wall";
  readonly port: "ok" | "filtered" | "refused";
  readonly size: "ok" | "inbound" | "outbound" | "both";
  /** A certificate that nobody here can verify is no fault of the path. */
  readonly trust: "ok" | "unknown authority";
  readonly routers: "speak" | "mute";
  readonly lossPercent: 0 | 2;
}

/** The same faults for the same seed; most stages are well, so that later ones have their turn. */
export function faultsOf(seed: number): MixedFaults {
  const { pick } = pickerOf(seed);
  return {
    target: pick<MixedFaults["target"]>("name", "name", "literal 4", "literal 6"),
    names: pick<MixedFaults["names"]>("ok", "ok", "ok", "silent", "refuses", "unknown"),
    route: pick<MixedFaults["route"]>("ok", "ok", "ok", "ok", "ok", "none", "gateway"),
    way: pick<MixedFaults["way"]>("ok", "ok", "ok", "ok", "loop", "prohibited", "down", "wall"),
    port: pick<MixedFaults["port"]>("ok", "ok", "ok", "filtered", "refused"),
    size: pick<MixedFaults["size"]>("ok", "inbound", "outbound", "both"),
    trust: pick<MixedFaults["trust"]>("ok", "ok", "unknown authority"),
    routers: pick<MixedFaults["routers"]>("speak", "speak", "mute"),
    lossPercent: pick<MixedFaults["lossPercent"]>(0, 0, 0, 2),
  };
}

const TUNNEL_MTU = 1391;
const TO_SITE = `ip daddr ${OFFICE.site4}`;
const TO_SITE6 = `ip6 daddr ${OFFICE.site6}`;

/** Rules that the far router has for what it passes on to the server. */
const FORWARDED = {
  ok: [],
  filtered: [`${TO_SITE} tcp dport 443 drop`, `${TO_SITE6} tcp dport 443 drop`],
  prohibited: [
    `${TO_SITE} reject with icmp type admin-prohibited`,
    `${TO_SITE6} reject with icmpv6 type admin-prohibited`,
  ],
  wall: [`${TO_SITE} drop`, `${TO_SITE6} drop`],
} as const;

const MUTE = `table inet mute {
  chain leaving {
    type filter hook output priority 0; policy accept;
    icmp type { destination-unreachable, time-exceeded, echo-reply } drop
    icmpv6 type { destination-unreachable, packet-too-big, time-exceeded, echo-reply } drop
  }
}
`;

export async function createMixed(on: MixedFaults): Promise<Net> {
  const net = await createOffice({
    tunnelMtu: on.size === "ok" ? 1500 : TUNNEL_MTU,
    farSilent: on.size === "inbound" || on.size === "both",
    middleboxSilent: on.size === "outbound" || on.size === "both",
  });
  try {
    await breakNames(net, on);
    await breakPath(net, on);
    if (on.routers === "mute") for (const router of ["box", "far"]) await net.nft(router, MUTE);
    await breakRoute(net, on);
  } catch (error) {
    await net.remove();
    throw error;
  }
  return net;
}

async function breakNames(net: Net, { names }: MixedFaults): Promise<void> {
  if (names === "silent") {
    await net.ip("site", "addr", "del", `${OFFICE.resolver4}/24`, "dev", "eth0");
    return;
  }
  const rcode = names === "refuses" ? { rcode: "REFUSED" } : {};
  await serveNames(net, names === "unknown" ? { name: "other.example.test" } : rcode);
}

async function breakPath(net: Net, { way, port, lossPercent }: MixedFaults): Promise<void> {
  const rules: string[] = [];
  if (lossPercent > 0) rules.push(`numgen random mod 100 < ${lossPercent} drop`);
  if (port === "filtered") rules.push(...FORWARDED.filtered);
  if (way === "prohibited" || way === "wall") rules.push(...FORWARDED[way]);
  if (rules.length > 0) await onThePath(net, rules.join("\n        "));
  if (way === "loop") await addLoop(net);
  if (way === "down") {
    await net.run("site", "sysctl", "-qw", "net.ipv4.conf.eth0.promote_secondaries=1");
    await net.ip("site", "addr", "del", `${OFFICE.site4}/24`, "dev", "eth0");
    await net.ip("site", "addr", "del", `${OFFICE.site6}/64`, "dev", "eth0");
  }
}

/** The far router passes what is for the server to another one, which sends it back. */
async function addLoop(net: Net): Promise<void> {
  await link(net, ["far", "aside0"], ["wire", "eth0"], 1500);
  const ends = [
    ["-4", "192.0.2.65/30", "192.0.2.66/30", "192.0.2.66", "192.0.2.65", OFFICE.site4],
    [
      "-6",
      "2001:db8:65::1/64",
      "2001:db8:65::2/64",
      "2001:db8:65::2",
      "2001:db8:65::1",
      OFFICE.site6,
    ],
  ] as const;
  for (const [family, own, other, there, back, to] of ends) {
    await net.ip("far", family, "addr", "add", own, "dev", "aside0");
    await net.ip("wire", family, "addr", "add", other, "dev", "eth0");
    await net.ip("far", family, "route", "add", to, "via", there);
    await net.ip("wire", family, "route", "add", "default", "via", back);
  }
}

async function breakRoute(net: Net, { route }: MixedFaults): Promise<void> {
  if (route === "none") {
    for (const family of ["-4", "-6"]) await net.ip("guest", family, "route", "del", "default");
  }
  if (route === "gateway") {
    await net.ip("box", "link", "set", "sw0", "arp", "off");
    await net.ip("guest", "neigh", "flush", "all");
  }
}

type Causes = readonly string[];

/** The causes of which one must come first; empty for a healthy network. */
function firstOf(on: MixedFaults): Causes {
  return routeCauses(on) ?? nameCauses(on) ?? pathCauses(on) ?? sizeCauses(on) ?? [];
}

/** All that may be reported beside it. */
function alsoOf(on: MixedFaults): Causes {
  // A port that is shut hides no size limit: packets to it are answered, or stalled, all the same.
  const stopped = routeCauses(on) ?? nameCauses(on) ?? pathCauses({ ...on, port: "ok" });
  const later = stopped === undefined ? (sizeCauses(on) ?? []) : [];
  return [...firstOf(on), ...later, ...(on.lossPercent > 0 ? ["path-loss"] : [])];
}

function routeCauses({ route }: MixedFaults): Causes | undefined {
  if (route === "none") return ["no-default-route"];
  return route === "gateway" ? ["gateway-unreachable"] : undefined;
}

function nameCauses({ target, names }: MixedFaults): Causes | undefined {
  if (target !== "name") return undefined;
  if (names === "silent") return ["dns-server-unreachable"];
  if (names === "refuses") return ["dns-server-refuses"];
  return names === "unknown" ? ["dns-name-does-not-exist"] : undefined;
}

function pathCauses({ way, port, routers }: MixedFaults): Causes | undefined {
  const silent = routers === "mute";
  // Where no router sends ICMP errors, nothing shows how far the packets came.
  const nothing = ["upstream-unreachable", "destination-down", "port-filtered"];
  // The router that sends packets back is not one of those that are silent.
  if (way === "loop") return silent ? ["routing-loop", ...nothing] : ["routing-loop"];
  if (way === "prohibited") return silent ? nothing : ["admin-prohibited"];
  if (way === "down") return silent ? nothing : ["destination-down", "upstream-unreachable"];
  if (way === "wall") return nothing;
  if (port === "filtered") return ["port-filtered"];
  return port === "refused" ? ["port-refused"] : undefined;
}

function sizeCauses({ size, routers }: MixedFaults): Causes | undefined {
  const inbound = ["pmtu-inbound-blackhole"];
  const outbound = ["pmtu-outbound-blackhole"];
  // No fragmentation needed and no packet too big arrives where no router sends ICMP errors.
  if (size !== "ok" && routers === "mute") return [...inbound, ...outbound];
  if (size === "both") return [...inbound, ...outbound];
  if (size === "inbound") return inbound;
  return size === "outbound" ? outbound : undefined;
}

/** What a report shows that is not so; empty when all of it holds. */
export function wrongAbout(report: Report, on: MixedFaults): readonly string[] {
  const causes = report.findings
    .filter(({ severity }) => severity !== "note")
    .map(({ cause }) => cause.replace(/^vpn-mtu-/, "pmtu-"));
  const [first] = firstOf(on);
  const also = alsoOf(on);
  // Where no router speaks, nothing may be all that is known of a path that leads nowhere.
  const unknown = on.routers === "mute" && causes.join() === "attempt-failed";
  const invented = unknown ? [] : causes.filter((cause) => !also.includes(cause));
  const wrongFirst =
    first !== undefined && !unknown && !firstOf(on).includes(causes[0] ?? "nothing")
      ? [`${causes[0] ?? "nothing"} comes first, and not ${firstOf(on).join(" or ")}`]
      : [];
  return [...invented.map((cause) => `${cause} is none`), ...wrongFirst];
}

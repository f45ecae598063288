// Settings of the network that a fix touches, as lines that can be compared, and how they are brought back.

import * as z from "zod";
import type { Change } from "../../src/fixing/change.ts";
import type { System } from "../system.ts";
import { runIp } from "./run-ip.ts";
import { readSetting, settingsBelow, writeSetting } from "./settings.ts";

type Family = 4 | 6;
/** `mtu DEVICE N`, `sysctl KEY VALUE`, and what follows the same word of `ip`: `route`, `rule`, `address`, with the family. */
type Lines = readonly string[];

/** Switching IPv6 off takes every address and route of it away, and sets the switch of each interface. */
const SWITCH_OFF = /^net\.ipv6\.conf\.all\.(disable_ipv6)$/;

/** What the change touches, as it is now. */
export async function netLines(system: System, one: Change): Promise<Lines> {
  switch (one.kind) {
    case "link-mtu":
      return [await mtuLine(system, one.device)];
    case "sysctl":
      return settingLines(system, one.key);
    case "ip":
      return ipLines(system, one.object, one.family);
    default:
      return [];
  }
}

async function settingLines(system: System, key: string): Promise<Lines> {
  const name = SWITCH_OFF.exec(key)?.[1];
  if (name === undefined) return [`sysctl ${key} ${await readSetting(key)}`];
  const keys = await settingsBelow("net.ipv6.conf", name);
  const values = await Promise.all(
    keys.map(async (each) => `sysctl ${each} ${await readSetting(each)}`),
  );
  return [...values, ...(await ipLines(system, "address", 6))];
}

async function ipLines(
  system: System,
  object: "route" | "rule" | "address",
  family: Family,
): Promise<Lines> {
  if (object === "rule") return ruleLines(system, family);
  const routes = await routeLines(system, family);
  return object === "route" ? routes : [...(await addressLines(system, family)), ...routes];
}

const link = z.array(z.object({ ifname: z.string(), mtu: z.number().int() })).min(1);

async function mtuLine(system: System, device: string): Promise<string> {
  const shown = link.parse(JSON.parse(await runIp(system, ["-j", "link", "show", "dev", device])));
  return `mtu ${device} ${shown[0]?.mtu}`;
}

/** Those that the kernel makes itself for each address go and come with it. */
const OF_KERNEL = /^(local|broadcast|anycast|multicast) | table local\b/;
/** What `ip` shows of a route and does not take again. */
const SHOWN_ONLY = / (linkdown|dead|expires \S+|error \S+|pref medium|users \S+|used \S+|age \S+)/g;

async function routeLines(system: System, family: Family): Promise<Lines> {
  const shown = await runIp(system, [`-${family}`, "-o", "route", "show", "table", "all"]);
  return plainLines(shown)
    .filter((line) => !OF_KERNEL.test(line))
    .map((line) => `route ${family} ${line.replace(SHOWN_ONLY, "")}`);
}

async function ruleLines(system: System, family: Family): Promise<Lines> {
  const shown = await runIp(system, [`-${family}`, "-o", "rule", "show"]);
  return plainLines(shown).map(
    (line) => `rule ${family} ${line.replace(/^(\d+): /, "priority $1 ")}`,
  );
}

/** `-o` joins what belongs together by a backslash. */
function plainLines(shown: string): Lines {
  return shown
    .split("\n")
    .map((line) => line.replaceAll(/[\\\s]+/g, " ").trim())
    .filter((line) => line !== "");
}

const addresses = z.array(
  z.object({
    ifname: z.string().optional(),
    addr_info: z
      .array(
        z.object({
          local: z.string(),
          prefixlen: z.number().int(),
          broadcast: z.string().optional(),
          scope: z.string(),
          label: z.string().optional(),
          nodad: z.boolean().optional(),
          noprefixroute: z.boolean().optional(),
          mngtmpaddr: z.boolean().optional(),
        }),
      )
      .optional(),
  }),
);

/** Those that are set when an address is added, and shown afterwards. */
const FLAGS = ["nodad", "noprefixroute", "mngtmpaddr"] as const;

async function addressLines(system: System, family: Family): Promise<Lines> {
  const shown = await runIp(system, [`-${family}`, "-j", "addr", "show"]);
  return addresses
    .parse(JSON.parse(shown || "[]"))
    .flatMap(({ ifname = "", addr_info = [] }) =>
      addr_info.map(({ local, prefixlen, broadcast, scope, label, ...flags }) =>
        [
          `address ${family} ${local}/${prefixlen}`,
          ...(broadcast === undefined ? [] : [`broadcast ${broadcast}`]),
          `scope ${scope} dev ${ifname}`,
          ...(label === undefined ? [] : [`label ${label}`]),
          ...FLAGS.filter((flag) => flags[flag] === true),
        ].join(" "),
      ),
    );
}

/** One setting each, which has a value before and after. */
const KEYED = /^(mtu|sysctl) (\S+) (.*)$/;
/** An address brings routes, so that they come last. */
const ORDER = ["sysctl", "mtu", "address", "rule", "route"];

/**
 * Takes back what made `after` of `before`, and leaves what others have changed since.
 * @param read gives the same lines as they are now
 */
export async function restoreLines(
  system: System,
  {
    before,
    after,
    read,
  }: { readonly before: Lines; readonly after: Lines; readonly read: () => Promise<Lines> },
): Promise<void> {
  const come = after.filter((line) => !before.includes(line));
  const gone = before.filter((line) => !after.includes(line));
  for (const kind of ORDER) {
    const now = await read();
    const added = come.filter((line) => line.startsWith(kind) && now.includes(line));
    const missing = gone.filter((line) => line.startsWith(kind) && !now.includes(line));
    if (kind === "sysctl" || kind === "mtu") await restoreKeyed(system, added, missing);
    else await restoreListed(system, added, missing);
  }
}

async function restoreKeyed(system: System, added: Lines, missing: Lines): Promise<void> {
  for (const line of missing) {
    const [, kind, name = "", value = ""] = KEYED.exec(line) ?? [];
    // Another value than ours is another's.
    if (!added.some((one) => one.startsWith(`${kind} ${name} `))) continue;
    if (kind === "sysctl") await writeSetting(name, value);
    else await runIp(system, ["link", "set", "dev", name, "mtu", value]);
  }
}

async function restoreListed(system: System, added: Lines, missing: Lines): Promise<void> {
  for (const [lines, verb] of [
    [added, "del"],
    [missing, "add"],
  ] as const) {
    for (const line of lines) {
      const [object = "", family, ...args] = line.split(" ");
      await runIp(system, [`-${family}`, object, verb, ...args]);
    }
  }
}

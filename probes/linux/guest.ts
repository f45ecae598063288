// What the distro reports about itself: kind, interfaces, routes, resolver file, and privileges.

import os from "node:os";
import { messageOf } from "../../src/errors.ts";
import type { Probe, ProbeContext } from "../../src/probe.ts";
import type { Family } from "../../src/schema/events/common.ts";
import type { NetworkInterface } from "../../src/schema/events/guest.ts";
import { loadLibc } from "../native/libc.ts";
import type { System } from "../system.ts";
import { resolverVariant } from "./dns-variant.ts";
import { parseRules } from "./policy-rules.ts";
import { probePrivileges } from "./privileges.ts";
import { parseRoutes4, parseRoutes6 } from "./proc-net.ts";
import { parseResolvConf } from "./resolv-conf.ts";
import { detectVantage, type GuestLinks } from "./vantage.ts";

const RESOLV_CONF = "/etc/resolv.conf";

/** @param ebpf false: privileges are checked without it */
export function createGuestProbe(system: System, ebpf: boolean): Probe {
  return async (context) => {
    // Programs take longest: files are read meanwhile.
    const rules = askRules(system);
    await readInterfaces(system, context);
    await readRoutes(system, context);
    const links = { ...linksOf(context), rules: tellRules(await rules, context) };
    context.emit({ kind: "vantage", ...(await detectVantage(system, links)) });
    await readResolver(system, context, links);
    const libc = await loadLibc().catch((error: unknown) => messageOf(error));
    for (const rung of await probePrivileges(libc, ebpf)) context.emit({ kind: "rung", ...rung });
  };
}

function linksOf({ path }: ProbeContext): GuestLinks {
  const { interfaces, routes } = path();
  return { interfaces: interfaces?.interfaces ?? [], routes: routes?.routes ?? [] };
}

async function readInterfaces(system: System, { emit }: ProbeContext): Promise<void> {
  const names = await system.listDirectory("/sys/class/net").catch(() => undefined);
  if (names === undefined) {
    // WSL1 has no sysfs for links: Node knows the addresses alone.
    emit({ kind: "unreadable", what: "link MTUs", reason: "/sys/class/net is not readable here" });
    return;
  }
  const addresses = os.networkInterfaces();
  const interfaces = await Promise.all(
    names.map(async (name): Promise<NetworkInterface> => {
      const read = (file: string) =>
        system.readText(`/sys/class/net/${name}/${file}`).then(
          (text) => text.trim(),
          () => "",
        );
      const [index, mtu, state, mac, flags] = await Promise.all(
        ["ifindex", "mtu", "operstate", "address", "flags"].map(read),
      );
      const known = addresses[name] ?? [];
      const loopback = (Number(flags) & IFF_LOOPBACK) !== 0;
      return {
        name,
        index: Number(index),
        mtu: Number(mtu),
        up: state === "up" || (Number(flags) & IFF_UP) !== 0,
        loopback,
        mac: mac === "" || loopback ? null : (mac ?? null),
        addresses: known.map((address) => ({
          address: address.address,
          prefixLength: Number(
            address.cidr?.split("/")[1] ?? (address.family === "IPv4" ? 32 : 128),
          ),
          family: address.family === "IPv4" ? 4 : 6,
        })),
      };
    }),
  );
  emit({ kind: "interfaces", interfaces: interfaces.sort((a, b) => a.index - b.index) });
}

/** Interface flags (linux/if.h). */
const IFF_UP = 0x1;
const IFF_LOOPBACK = 0x8;

async function readRoutes(system: System, { emit }: ProbeContext): Promise<void> {
  const read = (path: string) =>
    system.readText(path).catch((error: unknown) => {
      emit({ kind: "unreadable", what: path, reason: messageOf(error) });
      return "";
    });
  const [four, six] = await Promise.all([read("/proc/net/route"), read("/proc/net/ipv6_route")]);
  const routes = [...parseRoutes4(four), ...parseRoutes6(six)];
  emit({ kind: "routes", routes: routes.filter((route) => route.interface !== "lo") });
}

const FAMILIES = [
  { family: 4, args: ["-4", "rule"] },
  { family: 6, args: ["-6", "rule"] },
] as const;

const NO_IPROUTE2 = {
  reason: "ip (of iproute2) is not here or prints nothing, so the main table alone was read",
  enable: "sudo apt-get install iproute2",
} as const;

type RuleTexts = readonly { readonly family: Family; readonly text: string | null }[];

/** One program a family: `ip` takes it for a whole batch, not for a line of it. */
function askRules(system: System): Promise<RuleTexts> {
  return Promise.all(
    FAMILIES.map(async ({ family, args }) => {
      const options = { timeoutMs: RULES_TIMEOUT_MS };
      const { exitCode, stdout } = await system.run("ip", args, options);
      return { family, text: exitCode === 0 ? stdout : null };
    }),
  );
}

/**
 * Without iproute2 one privilege is missing, and it is reported.
 * @returns the text of IPv4's rules, empty without
 */
function tellRules(shown: RuleTexts, { emit }: ProbeContext): string {
  if (shown.every(({ text }) => text === null)) {
    emit({ kind: "rung", rung: "routing-tables", available: false, ...NO_IPROUTE2 });
    return "";
  }
  const rules = shown.flatMap(({ family, text }) =>
    text === null ? [] : parseRules(text, family),
  );
  emit({ kind: "policy-rules", rules });
  return shown.find(({ family }) => family === 4)?.text ?? "";
}

const RULES_TIMEOUT_MS = 2000;

async function readResolver(
  system: System,
  context: ProbeContext,
  links: GuestLinks,
): Promise<void> {
  const read = await system.readText(RESOLV_CONF).then(
    (text) => ({ text, problem: null }),
    async (error: unknown) => {
      const link = await system.readLink(RESOLV_CONF).catch(() => undefined);
      const dangling =
        link === undefined ? messageOf(error) : `a link to ${link}, which is not there`;
      return { text: "", problem: dangling };
    },
  );
  const file = parseResolvConf(read.text);
  context.emit({
    kind: "resolver-config",
    path: RESOLV_CONF,
    servers: [...file.servers],
    search: [...file.search],
    ndots: file.ndots,
    generatedByWsl: file.generatedByWsl,
    variant: resolverVariant({ ...file, ...links }),
    problem: read.problem,
  });
  const stub = file.servers.find(isResolvedStub);
  if (stub !== undefined) await readUpstream(system, context, stub);
}

/** systemd-resolved's stub listeners (systemd-resolved.service(8)). */
function isResolvedStub(server: string): boolean {
  return server === "127.0.0.53" || server === "127.0.0.54";
}

/** Where systemd-resolved writes the servers that it forwards to. */
const UPSTREAM_CONF = "/run/systemd/resolve/resolv.conf";

async function readUpstream(system: System, { emit }: ProbeContext, stub: string): Promise<void> {
  const read = await system.readText(UPSTREAM_CONF).then(
    (text) => ({ text, problem: null }),
    (error: unknown) => ({ text: "", problem: messageOf(error) }),
  );
  const servers = parseResolvConf(read.text).servers.filter((server) => !isResolvedStub(server));
  const path = UPSTREAM_CONF;
  emit({ kind: "resolver-upstream", stub, path, servers, problem: read.problem });
}

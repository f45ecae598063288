// What the distro's files hold: interfaces, routes and the resolver file. Nothing here waits for a program.

import os from "node:os";
import { messageOf } from "../../src/errors.ts";
import type { Probe, ProbeContext } from "../../src/probe.ts";
import type { NetworkInterface } from "../../src/schema/events/guest.ts";
import { errnoName } from "../native/libc.ts";
import type { System } from "../system.ts";
import { readCLibrary } from "./c-library.ts";
import { resolverVariant } from "./dns-variant.ts";
import { parseAddresses } from "./ip-addresses.ts";
import { type LinkAddresses, readProcAddresses } from "./proc-addresses.ts";
import { parseRoutes4, parseRoutes6 } from "./proc-net.ts";
import { parseResolvConf } from "./resolv-conf.ts";
import { linksOf } from "./vantage.ts";

const RESOLV_CONF = "/etc/resolv.conf";

export function createLinksProbe(system: System): Probe {
  return async (context) => {
    await Promise.all([readInterfaces(system, context), readRoutes(system, context)]);
    await readResolver(system, context);
  };
}

async function readInterfaces(system: System, context: ProbeContext): Promise<void> {
  const { emit } = context;
  const names = await system.listDirectory("/sys/class/net").catch(() => undefined);
  if (names === undefined) {
    // WSL1 has no sysfs for links: Node knows the addresses alone.
    emit({ kind: "unreadable", what: "link MTUs", reason: "/sys/class/net is not readable here" });
    return;
  }
  const addresses = await readAddresses(system, context, names);
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
      const loopback = (Number(flags) & IFF_LOOPBACK) !== 0;
      return {
        name,
        index: Number(index),
        mtu: Number(mtu),
        up: state === "up" || (Number(flags) & IFF_UP) !== 0,
        loopback,
        mac: mac === "" || loopback ? null : (mac ?? null),
        addresses: [...(addresses.get(name) ?? [])],
      };
    }),
  );
  emit({ kind: "interfaces", interfaces: interfaces.sort((a, b) => a.index - b.index) });
}

/**
 * By netlink, as Node reads them; where that is refused, from the files under /proc/net. Node leaves out links that are not running
 * (deps/uv/src/unix/linux.c, uv__ifaddr_exclude), which keep their addresses all the same.
 */
async function readAddresses(
  system: System,
  { emit }: ProbeContext,
  names: readonly string[],
): Promise<LinkAddresses> {
  try {
    const running = fromNode(os.networkInterfaces());
    if (!(await isAnyWithoutCarrier(system, names, running))) return running;
    return new Map([...(await shownAddresses(system)), ...running]);
  } catch (error) {
    emit({ kind: "probe-skipped", probe: "netlink", reason: whyNot(error) });
    return readProcAddresses(system);
  }
}

/** Whether a link that is up is not among those that run. */
async function isAnyWithoutCarrier(
  system: System,
  names: readonly string[],
  running: LinkAddresses,
): Promise<boolean> {
  const others = names.filter((name) => !running.has(name));
  const flags = await Promise.all(
    others.map((name) => system.readText(`/sys/class/net/${name}/flags`).catch(() => "")),
  );
  return flags.some((text) => (Number(text) & IFF_UP) !== 0);
}

const ADDRESSES_TIMEOUT_MS = 1000;

/** As iproute2 shows them; without it, what the files under /proc/net show. */
async function shownAddresses(system: System): Promise<LinkAddresses> {
  const options = { timeoutMs: ADDRESSES_TIMEOUT_MS };
  const { exitCode, stdout } = await system.run("ip", ["-o", "addr", "show"], options);
  return exitCode === 0 ? parseAddresses(stdout) : readProcAddresses(system);
}

/** Node's own sentence has errno's number alone. */
function whyNot(error: unknown): string {
  const errno = error instanceof Error && "errno" in error ? Number(error.errno) : Number.NaN;
  return Number.isNaN(errno) ? messageOf(error) : `getifaddrs: ${errnoName(Math.abs(errno))}`;
}

function fromNode(found: ReturnType<typeof os.networkInterfaces>): LinkAddresses {
  const links = Object.entries(found).map(([name, addresses = []]) => {
    const own = addresses.map(({ address, cidr, family }) => ({
      address,
      prefixLength: Number(cidr?.split("/")[1] ?? (family === "IPv4" ? 32 : 128)),
      family: family === "IPv4" ? (4 as const) : (6 as const),
    }));
    return [name, own] as const;
  });
  return new Map(links);
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

async function readResolver(system: System, context: ProbeContext): Promise<void> {
  const read = await system.readText(RESOLV_CONF).then(
    (text) => ({ text, problem: null }),
    async (error: unknown) => {
      const link = await system.readLink(RESOLV_CONF).catch(() => undefined);
      const dangling =
        link === undefined ? messageOf(error) : `a link to ${link}, which is not there`;
      return { text: "", problem: dangling };
    },
  );
  const libc = await readCLibrary(system);
  const file = parseResolvConf(read.text, libc);
  context.emit({
    kind: "resolver-config",
    path: RESOLV_CONF,
    servers: [...file.servers],
    search: [...file.search],
    ndots: file.ndots,
    options: file.options,
    libc,
    generatedByWsl: file.generatedByWsl,
    variant: resolverVariant({ ...file, ...linksOf(context) }),
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

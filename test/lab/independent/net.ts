// Networks that the product's lab did not build: namespaces, links and rules typed out with ip and nft.

import { writeFileSync } from "node:fs";
import { execa } from "execa";
import { inNetns } from "../harness/netns.ts";

/** A cable: its two ends, each with the name of its device. */
export type Cable = readonly [
  a: readonly [host: string, device: string],
  b: readonly [host: string, device: string],
  mtu: number,
];

/** What is put into namespaces in one go. */
interface Plan {
  readonly links?: readonly Cable[];
  /** The commands of `ip` in a namespace, once the links are up. */
  readonly lines?: readonly (readonly [host: string, line: string])[];
  readonly rules?: readonly (readonly [host: string, rules: string])[];
}

export interface Net {
  /** The namespace's real name. */
  name(host: string): string;
  build(plan: Plan): Promise<void>;
  ip(host: string, ...args: string[]): Promise<string>;
  /** Runs a program in a namespace. */
  run(host: string, file: string, ...args: string[]): Promise<string>;
  nft(host: string, rules: string): Promise<void>;
  /** Kernel settings of a namespace, by their path below /proc/sys/net. */
  set(host: string, settings: Readonly<Record<string, number | string>>): void;
  /** A program that runs until the network is removed; resolves when it prints "ready". */
  serve(host: string, file: string, ...args: string[]): Promise<void>;
  remove(): Promise<void>;
}

let count = 0;

/** Namespaces for these hosts, forwarding, without duplicate address detection. */
export async function createNet(hosts: readonly string[]): Promise<Net> {
  count += 1;
  const prefix = `wt${process.pid}n${count}`;
  const ended = new AbortController();
  const name = (host: string) => `${prefix}${host}`;
  const net: Net = {
    name,
    build: (plan) => shell(scriptOf(plan, name)),
    ip: async (host, ...args) => (await execa("ip", ["-n", name(host), ...args])).stdout,
    run: async (host, file, ...args) =>
      (await execa("ip", ["netns", "exec", name(host), file, ...args])).stdout,
    nft: (host, rules) => net.build({ rules: [[host, rules]] }),
    set: (host, settings) =>
      inNetns(name(host), () => {
        for (const [key, value] of Object.entries(settings))
          writeFileSync(`/proc/sys/net/${key}`, String(value));
      }),
    serve: (host, file, ...args) =>
      new Promise((resolve, reject) => {
        const child = execa("ip", ["netns", "exec", name(host), file, ...args], {
          stderr: "inherit",
          buffer: false,
          cancelSignal: ended.signal,
          killSignal: "SIGKILL",
        });
        child.stdout.on("data", (chunk: Buffer) => {
          if (chunk.toString().includes("ready")) resolve();
        });
        child.catch(reject);
      }),
    remove: async () => {
      ended.abort();
      const lines = hosts.map((host) => `netns del ${name(host)}`);
      await shell(`ip -force -batch - 2>&1 ${here(lines)}`).catch(() => undefined);
    },
  };
  try {
    const made = hosts.map((host) => `netns add ${name(host)}`);
    const up = hosts.map((host) => `ip -n ${name(host)} link set lo up`);
    await shell(`ip -batch - ${here(made)}${up.join("\n")}\n`);
    for (const host of hosts) net.set(host, ROUTER);
  } catch (error) {
    await net.remove();
    throw error;
  }
  return net;
}

const ROUTER = {
  "ipv4/ip_forward": 1,
  "ipv6/conf/all/forwarding": 1,
  "ipv6/conf/default/forwarding": 1,
  "ipv6/conf/all/accept_dad": 0,
  "ipv6/conf/default/accept_dad": 0,
};

/** A veth link with segmentation offloads off, so that size rules see real packets. */
export function link(net: Net, a: Cable[0], b: Cable[1], mtu: number): Promise<void> {
  return net.build({ links: [[a, b, mtu]] });
}

/** One shell for everything: to start a program from a test costs more than what all of these do. */
function scriptOf({ links = [], lines = [], rules = [] }: Plan, name: (host: string) => string) {
  const cables = links.map(([a, b, mtu]) => {
    const [one, other] = [a, b].map(([host]) => `netns ${name(host)} mtu ${mtu}`);
    return `link add ${a[1]} ${one} type veth peer name ${b[1]} ${other}`;
  });
  const ends = links.flatMap((cable) => [cable[0], cable[1]]);
  const batch = (told: Plan["lines"] = []) =>
    [...new Set(told.map(([host]) => host))].map((host) => {
      const own = told.filter(([other]) => other === host).map(([, line]) => line);
      return `ip -n ${name(host)} -batch - ${here(own)}`;
    });
  const enter = (host: string) => `nsenter --net=/run/netns/${name(host)}`;
  return [
    ...(cables.length === 0 ? [] : [`ip -batch - ${here(cables)}`]),
    ...ends.map(
      ([host, device]) => `${enter(host)} ethtool -K ${device} tso off gso off gro off\n`,
    ),
    ...batch(ends.map(([host, device]) => [host, `link set ${device} up`])),
    // A route needs both ends of its link.
    ...batch(lines),
    ...rules.map(([host, text]) => `${enter(host)} nft -f - ${here([text])}`),
  ].join("");
}

/** As the standard input of a command that ends there. */
function here(lines: readonly string[]): string {
  return `<<'END'\n${lines.join("\n")}\nEND\n`;
}

async function shell(script: string): Promise<void> {
  const options = { input: script, stdout: "ignore", reject: false } as const;
  const { failed, stderr } = await execa("sh", ["-e"], options);
  if (failed) throw new Error(`${stderr} in\n${script}`);
}

/** A namespace's messages about packets that are too big are dropped before they leave it. */
export const SILENT_ABOUT_SIZE = `
table inet quiet {
  chain leaving {
    type filter hook output priority 0; policy accept;
    icmp type destination-unreachable icmp code frag-needed drop
    icmpv6 type packet-too-big drop
  }
}
`;

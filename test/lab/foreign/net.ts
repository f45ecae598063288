// Networks that the product's lab did not build: namespaces, links and rules typed out with ip and nft.

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { promisify } from "node:util";

const exec = promisify(execFile);

export interface Net {
  /** The namespace's real name. */
  name(host: string): string;
  ip(host: string, ...args: string[]): Promise<string>;
  /** Runs a program in a namespace. */
  run(host: string, file: string, ...args: string[]): Promise<string>;
  nft(host: string, rules: string): Promise<void>;
  /** A program that runs until the network is removed; resolves when it prints "ready". */
  serve(host: string, file: string, ...args: string[]): Promise<void>;
  remove(): Promise<void>;
}

let count = 0;

/** Namespaces for these hosts, forwarding, without duplicate address detection. */
export async function createNet(hosts: readonly string[]): Promise<Net> {
  count += 1;
  const prefix = `wt${process.pid}n${count}`;
  const children: ChildProcess[] = [];
  const name = (host: string) => `${prefix}${host}`;
  const run = async (host: string, file: string, ...args: string[]) => {
    const { stdout } = await exec("ip", ["netns", "exec", name(host), file, ...args]);
    return stdout;
  };
  for (const host of hosts) {
    await exec("ip", ["netns", "add", name(host)]);
    await exec("ip", ["-n", name(host), "link", "set", "lo", "up"]);
    await run(
      host,
      "sysctl",
      "-qw",
      "net.ipv4.ip_forward=1",
      "net.ipv6.conf.all.forwarding=1",
      "net.ipv6.conf.default.forwarding=1",
      "net.ipv6.conf.all.accept_dad=0",
      "net.ipv6.conf.default.accept_dad=0",
    );
  }
  return {
    name,
    run,
    ip: async (host, ...args) => (await exec("ip", ["-n", name(host), ...args])).stdout,
    nft: (host, rules) =>
      new Promise((resolve, reject) => {
        const child = spawn("ip", ["netns", "exec", name(host), "nft", "-f", "-"], {
          stdio: ["pipe", "ignore", "inherit"],
        });
        child.on("exit", (code) =>
          code === 0 ? resolve() : reject(new Error(`nft refused: ${rules}`)),
        );
        child.stdin?.end(rules);
      }),
    serve: (host, file, ...args) =>
      new Promise((resolve, reject) => {
        const child = spawn("ip", ["netns", "exec", name(host), file, ...args], {
          stdio: ["pipe", "pipe", "inherit"],
        });
        children.push(child);
        child.stdout.on("data", (chunk: Buffer) => {
          if (chunk.toString().includes("ready")) resolve();
        });
        child.on("exit", (code) => reject(new Error(`${args.join(" ")} ended with ${code}`)));
      }),
    remove: async () => {
      for (const child of children) {
        child.removeAllListeners("exit");
        child.kill("SIGKILL");
      }
      for (const host of hosts)
        await exec("ip", ["netns", "del", name(host)]).catch(() => undefined);
    },
  };
}

/** A veth link with segmentation offloads off, so that size rules see real packets. */
export async function link(
  net: Net,
  a: readonly [host: string, device: string],
  b: readonly [host: string, device: string],
  mtu: number,
): Promise<void> {
  await exec("ip", [
    ..."link add".split(" "),
    a[1],
    ...["netns", net.name(a[0]), "mtu", String(mtu), "type", "veth", "peer", "name", b[1]],
    ...["netns", net.name(b[0]), "mtu", String(mtu)],
  ]);
  for (const [host, device] of [a, b]) {
    await net.ip(host, "link", "set", device, "up");
    await net.run(host, "ethtool", "-K", device, "tso", "off", "gso", "off", "gro", "off");
  }
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

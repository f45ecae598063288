// Counters of what this network namespace lost, read twice: what rose in between.

import { privileged } from "../privileged/current.ts";
import type { System } from "../system.ts";
import type { Row } from "./counter-row.ts";

/** By name, as nstat(8) prints them; those of nft rules by table, chain and handle. */
export type Counters = ReadonlyMap<string, number>;

/** Counters that rise where a packet is given up; most others count what is normal. */
const LOSSES =
  /^(Ip6?|IpExt|Udp6?|UdpLite6?|Tcp|Icmp6?)(In|Out|Rcv|Snd|Reasm|Frag|No|Ret)?\w*(Errors|Errs|Discards|NoRoutes|Fails|NoPorts|TruncatedPkts|UnknownProtos)$/;
const TCP_EXT =
  /^TcpExt(IPReversePathFilter|ListenDrops|ListenOverflows|LockDroppedIcmps|TCPBacklogDrop|TCPRcvQDrop|TCPOFODrop|TCPZeroWindowDrop|PFMemallocDrop|TCPMinTTLDrop|TCPDeferAcceptDrop|TCPReqQFullDrop)$/;

/** Before and behind netfilter's output chain: what lies between them did not leave (net/ipv4/ip_output.c; the second since 6.7 or so). */
const OUTPUT = /^Ip6?Out(Requests|Transmits)$/;

/** What cannot be read is not there. */
export async function readCounters(system: System): Promise<Counters> {
  const read = (path: string) => system.readText(path).catch(() => "");
  const [snmp, netstat, snmp6, softnet] = await Promise.all(
    ["net/snmp", "net/netstat", "net/snmp6", "net/softnet_stat"].map((file) =>
      read(`/proc/self/${file}`),
    ),
  );
  const rows = [...parsePairs(snmp ?? ""), ...parsePairs(netstat ?? ""), ...parseList(snmp6 ?? "")];
  const reported = rows.filter(([name]) =>
    [LOSSES, TCP_EXT, OUTPUT].some((which) => which.test(name)),
  );
  return new Map([...reported, ...parseSoftnet(softnet ?? ""), ...(await readNft(system))]);
}

/** Those that rose, in their order. */
export function rises(
  before: Counters,
  after: Counters,
): readonly { readonly counter: string; readonly delta: number }[] {
  return [...after].flatMap(([counter, value]) => {
    const delta = value - (before.get(counter) ?? 0);
    return delta > 0 ? [{ counter, delta }] : [];
  });
}

/** Two lines a group, "Udp: InDatagrams NoPorts" and "Udp: 12 3" (proc(5), /proc/net/snmp). */
export function parsePairs(text: string): readonly Row[] {
  const lines = text.split("\n");
  return lines.flatMap((line, n) => {
    const [group = "", ...names] = line.split(/\s+/);
    const [same, ...values] = lines[n + 1]?.split(/\s+/) ?? [];
    if (n % 2 === 1 || group !== same) return [];
    return names.map((name, i): Row => [`${group.replace(":", "")}${name}`, Number(values[i])]);
  });
}

/** One "name value" a line (/proc/net/snmp6). */
export function parseList(text: string): readonly Row[] {
  return text.split("\n").flatMap((line): Row[] => {
    const [name = "", value] = line.split(/\s+/);
    return value === undefined ? [] : [[name, Number(value)]];
  });
}

/** One line a processor in hexadecimal; the second column counts drops (net/core/net-procfs.c). */
export function parseSoftnet(text: string): readonly Row[] {
  const lines = text.split("\n").filter((line) => line !== "");
  if (lines.length === 0) return [];
  const dropped = lines.map((line) => Number.parseInt(line.split(" ")[1] ?? "0", 16));
  return [["SoftnetDropped", dropped.reduce((sum, count) => sum + count, 0)]];
}

/** Rules that count and then drop or reject; nobody but root may list them. */
async function readNft(system: System): Promise<readonly Row[]> {
  const printed = await listRuleset(system);
  if (printed === null) return [];
  const { parseNft } = await import("./nft-counters.ts");
  return parseNft(printed);
}

async function listRuleset(system: System): Promise<string | null> {
  const helper = privileged();
  if (helper !== null) return helper.ruleset();
  const { exitCode, stdout } = await system
    .run("nft", ["-j", "list", "ruleset"])
    .catch(() => ({ exitCode: -1, stdout: "" }));
  return exitCode === 0 ? stdout : null;
}

// DNAT of a port into a container, as Docker publishes one: read from what iptables-save and nft print.

import { isIP } from "node:net";
import type { InboundService } from "../../src/schema/events/inbound.ts";
import type { System } from "../system.ts";

export type Forward = NonNullable<InboundService["forwards"]>[number];

const TIMEOUT_MS = 3000;

/** Null where neither program may read the rules: without root, or without both of them. */
export async function readForwards(
  system: System,
  port: number,
): Promise<readonly Forward[] | null> {
  const [saved, listed] = await Promise.all([
    system.run("iptables-save", ["-t", "nat"], { timeoutMs: TIMEOUT_MS }),
    system.run("nft", ["list", "ruleset"], { timeoutMs: TIMEOUT_MS }),
  ]);
  const read = [saved, listed].filter(({ exitCode }) => exitCode === 0);
  if (read.length === 0) return null;
  const found = read.flatMap(({ stdout }) => parseForwards(stdout, port));
  // Where iptables writes nft rules both programs show the same one.
  return found.filter((one, n) => found.findIndex((other) => same(one, other)) === n);
}

/** Of lines as "-A DOCKER -p tcp --dport 80 -j DNAT --to-destination 172.17.0.2:80" or "tcp dport 80 dnat to 172.17.0.2:80". */
export function parseForwards(text: string, port: number): readonly Forward[] {
  return text.split("\n").flatMap((line): readonly Forward[] => {
    const isOfPort = new RegExp(`\\btcp\\b.*\\bdport ${port}\\b`).test(line);
    const to = /(?:--to-destination|\bdnat (?:ip6? )?to) (\S+)/.exec(line)?.[1];
    if (!isOfPort || to === undefined) return [];
    const [, bare, bracketed, toPort] = /^(?:([\d.]+)|\[([\da-f:]+)\])(?::(\d+))?$/i.exec(to) ?? [];
    const toAddress = bare ?? bracketed ?? to;
    if (isIP(toAddress) === 0) return [];
    const own = /(?:(?:^|\s)-d|\bdaddr) ([\da-f.:]+)/i.exec(line)?.[1] ?? null;
    const address = own !== null && isIP(own) > 0 ? own : null;
    return [{ address, toAddress, toPort: toPort === undefined ? null : Number(toPort) }];
  });
}

function same(a: Forward, b: Forward): boolean {
  return a.address === b.address && a.toAddress === b.toAddress && a.toPort === b.toPort;
}

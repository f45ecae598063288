// The resolvers of a run about names, one row each, with what Windows answered beside them.

import { hostResolved } from "../../host/look-ups.ts";
import type { Path } from "../../model/path.ts";
import type { Seen } from "../../model/seen.ts";
import type { DnsReply } from "../../schema/events/dns-replies.ts";
import type { ResolverRow, ResolversReport } from "../../schema/resolver-row.ts";
import { answerSizes } from "./answer-sizes.ts";
import { dnsFacts, formatReply, type ServerFacts } from "./dns.ts";

/** @returns null for a run that was not about names */
export function resolversOf(path: Path): ResolversReport | null {
  if (path.run?.command !== "dns") return null;
  const { configured, behindStub, hostOnly } = dnsFacts(path);
  return {
    names: [...new Set(path.dns.map(({ name }) => name))],
    search: path.resolverConfig?.search ?? [],
    ndots: path.resolverConfig?.ndots ?? null,
    servers: [...configured, ...behindStub, ...hostOnly].map((server) => rowOf(path, server)),
    windows: windowsOf(path),
  };
}

function rowOf(path: Path, facts: ServerFacts): ResolverRow {
  const { server, origin, status, rttMs, addresses, replies, evidence } = facts;
  return {
    server,
    origin,
    role: roleOf(path, server),
    status,
    udp: wordsOver(replies, ["udp", "file"]),
    tcp: wordsOver(replies, ["tcp"]),
    rttMs,
    addresses: [...addresses],
    sizes: [...answerSizes(path, server)],
    evidence: [...evidence],
  };
}

function wordsOver(
  replies: readonly Seen<DnsReply>[],
  transports: readonly DnsReply["transport"][],
): string | null {
  const over = replies.filter(({ transport }) => transports.includes(transport));
  if (over.length === 0) return null;
  return over.map((reply) => `${reply.type} ${formatReply(reply, addressesOf(reply))}`).join("; ");
}

function addressesOf({ outcome }: DnsReply): readonly string[] {
  return outcome.kind === "answer" ? outcome.addresses : [];
}

/** WSL's own listener for DNS tunnelling (microsoft/WSL, dnsTunnelingIpAddress). */
const WSL_TUNNEL = "10.255.255.254";

function roleOf({ upstream, routes }: Path, server: string): string | null {
  if (server === WSL_TUNNEL) return "WSL's DNS tunnel: Windows resolves, by its NRPT too";
  if (server === upstream?.stub) {
    const asks = upstream.problem ?? (upstream.servers.join(", ") || "no server at all");
    return `systemd-resolved's stub, which asks ${asks}`;
  }
  const isGateway = routes?.routes.some(
    ({ gateway, prefix }) => gateway === server && prefix.endsWith("/0"),
  );
  return isGateway === true ? "the default gateway" : null;
}

function windowsOf({ host, run }: Path): ResolversReport["windows"] {
  if (host === null || host.snapshot === null) {
    return { addresses: null, ms: null, reason: host?.reason ?? "the host was not read" };
  }
  const asked = hostResolved(host.snapshot, run?.target.host ?? "");
  if (!asked.known) return { addresses: null, ms: null, reason: asked.reason };
  return { addresses: [...asked.addresses], ms: asked.ms, reason: asked.error };
}

// Which further queries the first answers make worthwhile: a silent server, a short name, half of a look-up.

import { hostSuffixes } from "../../src/facts/reach/path-host.ts";
import type { Path } from "../../src/model/path.ts";
import type { DnsCheck } from "../../src/schema/events/dns.ts";
import type { DnsReply } from "../../src/schema/events/dns-replies.ts";

export type FollowUp = Pick<DnsCheck, "purpose" | "server" | "origin" | "name" | "type">;

/** More domains than a search list of Windows usually has would only cost time. */
const MAX_SUFFIXES = 6;

export function followUpsOf(path: Path, replies: readonly DnsReply[]): readonly FollowUp[] {
  const configured = replies.filter(({ origin }) => origin === "resolv.conf");
  return [...liveness(configured), ...suffixes(path, configured), ...halves(configured)];
}

/** Silent for a short or ".local" name: for that name alone, or for everything? */
function liveness(replies: readonly DnsReply[]): readonly FollowUp[] {
  return serversOf(replies).flatMap((own) => {
    const [first] = own;
    const silent = own.every(({ outcome }) => outcome.kind === "no-reply");
    const local = own.some(({ name }) => !name.includes(".") || name.endsWith(".local"));
    if (first === undefined || !silent || !local) return [];
    return [{ ...locationOf(first), purpose: "control", name: ".", type: "A" }];
  });
}

/** A short name that is denied: does it exist in a domain that Windows appends? */
function suffixes(path: Path, replies: readonly DnsReply[]): readonly FollowUp[] {
  const typed = path.run?.target.host ?? "";
  const found = replies.some(
    ({ outcome }) => outcome.kind === "answer" && outcome.addresses.length > 0,
  );
  const denying = replies.find(({ outcome }) => outcome.kind === "answer");
  if (typed === "" || typed.includes(".") || found || denying === undefined) return [];
  const known = hostSuffixes(path);
  const missing = known.known ? known.missing.slice(0, MAX_SUFFIXES) : [];
  return missing.flatMap((suffix) => {
    const name = `${typed}.${suffix}`;
    return isName(name)
      ? [{ ...locationOf(denying), purpose: "suffix" as const, name, type: "A" as const }]
      : [];
  });
}

/** One of A and AAAA is answered, and the other silent: chance, always, or only behind the first from one port? */
function halves(replies: readonly DnsReply[]): readonly FollowUp[] {
  return serversOf(replies.filter(({ transport }) => transport === "udp")).flatMap((own) => {
    const silent = own.find(({ outcome }) => outcome.kind === "no-reply");
    const answered = own.some(
      ({ outcome, name }) => outcome.kind === "answer" && name === silent?.name,
    );
    if (silent === undefined || !answered) return [];
    const query = { ...locationOf(silent), name: silent.name, type: silent.type };
    return [
      { ...query, purpose: "again" },
      { ...query, purpose: "together" },
    ];
  });
}

function serversOf(replies: readonly DnsReply[]): readonly (readonly DnsReply[])[] {
  const servers = [...new Set(replies.map(({ server }) => server))];
  return servers.map((server) => replies.filter((reply) => reply.server === server));
}

function locationOf({ server, origin }: DnsReply): Pick<FollowUp, "server" | "origin"> {
  return { server, origin };
}

/** RFC 1035 s.2.3.4; the domain comes from Windows. */
function isName(name: string): boolean {
  return (
    name.length <= 253 && name.split(".").every((label) => /^[A-Za-z0-9_-]{1,63}$/.test(label))
  );
}

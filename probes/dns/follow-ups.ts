// Which further queries the first answers make worthwhile: a silent server, a short name, half of a look-up.

import { NO_NAME } from "../../src/facts/dns/negative-answers.ts";
import { hostSuffixes } from "../../src/facts/reach/path-host.ts";
import { resolvedNames } from "../../src/host/look-ups.ts";
import type { Path } from "../../src/model/path.ts";
import type { DnsCheck } from "../../src/schema/events/dns.ts";
import type { DnsReply } from "../../src/schema/events/dns-replies.ts";

export type FollowUp = Pick<DnsCheck, "purpose" | "server" | "origin" | "name" | "type">;

/** More domains than a search list of Windows usually has would only cost time. */
const MAX_SUFFIXES = 6;

export function followUpsOf(path: Path, replies: readonly DnsReply[]): readonly FollowUp[] {
  const configured = replies.filter(({ origin }) => origin === "resolv.conf");
  return [
    ...liveness(path, configured),
    ...suffixes(path, configured),
    ...halves(configured),
    ...slow(configured),
  ];
}

/** Silent for the name: for that name alone, for all that do not exist, or for everything? */
function liveness(path: Path, replies: readonly DnsReply[]): readonly FollowUp[] {
  return serversOf(replies).flatMap((own) => {
    const [first] = own;
    const names = [...new Set(own.map(({ name }) => name))];
    const isSilent = names.some((name) =>
      own.every((reply) => reply.name !== name || reply.outcome.kind === "no-reply"),
    );
    if (first === undefined || !isSilent) return [];
    const one = { ...locationOf(first), purpose: "control", type: "A" } as const;
    const asked = [".", NO_NAME, ...existing(path, names)];
    return asked.map((name) => ({ ...one, name }));
  });
}

/** Names that Windows has resolved, or that the world knows: whoever serves names at all answers for one of them. */
function existing({ host }: Path, asked: readonly string[]): readonly string[] {
  const rows = host?.snapshot == null ? [] : resolvedNames(host.snapshot);
  const known = [...rows, ...WELL_KNOWN].filter((name) => isName(name) && !asked.includes(name));
  return [...new Set(known)].slice(0, MAX_CONTROLS);
}

/** What WSL's own tools and Windows' check of the connection ask for. */
const WELL_KNOWN = ["github.com", "www.msftconnecttest.com"] as const;
const MAX_CONTROLS = 3;

/** Both answers late: is the next one as late? */
function slow(replies: readonly DnsReply[]): readonly FollowUp[] {
  return serversOf(replies.filter(({ transport }) => transport === "udp")).flatMap((own) => {
    const [first] = own;
    const isLate = own.every(
      ({ outcome, rttMs }) => outcome.kind === "answer" && (rttMs ?? 0) >= SLOW_MS,
    );
    if (first === undefined || !isLate) return [];
    return [{ ...locationOf(first), purpose: "again", name: first.name, type: first.type }];
  });
}

/** A recursive resolver needs less for most names. */
const SLOW_MS = 1000;

/** A short name that is denied: does it exist in a domain that Windows appends? */
function suffixes(path: Path, replies: readonly DnsReply[]): readonly FollowUp[] {
  const typed = path.run?.target.host ?? "";
  const found = replies.some(
    ({ outcome }) => outcome.kind === "answer" && outcome.addresses.length > 0,
  );
  // Each of them: the one that knows the domain need not be the first.
  const denying = serversOf(replies).flatMap((own) =>
    own.filter(({ outcome }) => outcome.kind === "answer").slice(0, 1),
  );
  if (typed === "" || typed.includes(".") || found) return [];
  const known = hostSuffixes(path);
  const missing = known.known ? known.missing.slice(0, MAX_SUFFIXES) : [];
  return missing.flatMap((suffix) => {
    const name = `${typed}.${suffix}`;
    if (!isName(name)) return [];
    const one = { purpose: "suffix", name, type: "A" } as const;
    return denying.map((reply) => ({ ...locationOf(reply), ...one }));
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

// What the rules about name servers and their answers say.

import type { AreaSentences } from "./sentence.ts";
import { formatAge, formatReports } from "./servers.ts";

const NONE_DECIDES = "no server's answer decides";

export const NAME_SENTENCES = {
  "nrpt-only-vpn-dns": {
    addressGiven: "an address was given, so no name was queried",
    noResolverQueried: "no resolver was queried",
    ownResolves: ({ server }) =>
      `${server ?? "the resolver"} of the distro's own configuration resolves the name`,
    forged: "the distro's server is queried, and another system answers",
    noNrpt: ({ reason }) => `the NRPT is not observable: ${reason ?? "no host snapshot"}`,
    noRule: ({ name }) => `no NRPT rule with a server covers ${name}`,
    nobodyAnswers: ({ servers }) => {
      const reports = servers.map(({ server, reported }) => ({
        server,
        reported: reported ?? "was not queried",
      }));
      return `the NRPT's servers do not resolve the name from here either: ${formatReports(reports)}`;
    },
    found: ({ servers, name, namespace, file, configured }) => {
      const one = servers.length === 1;
      const inFile = file ?? "resolv.conf";
      const others =
        configured.length === 0
          ? `${inFile} names no server`
          : `in ${inFile} stand${configured.length === 1 ? "s" : ""}: ${formatReports(configured)}`;
      return `${servers.join(" and ")} ${one ? "resolves" : "resolve"} ${name}, and ${one ? "stands" : "stand"} only in Windows' NRPT (rule for "${namespace}"), which the distro does not read; ${others}`;
    },
  },
  "dns-server-unreachable": {
    allAnswer: "every server of resolv.conf answers",
    afterOne: "the servers that do not answer are listed after one that does",
    found: ({ dead, next, path, vpn, host }) => {
      const silent = dead.map(
        ({ server, reported, answersOthers }) =>
          `${server} ${reported}${answersOthers ? ", and answers other queries" : ""}`,
      );
      const late = next === null ? "" : `; ${next} after it answers, after the resolver's time-out`;
      return `${silent.join("; ")}${late}${formatPath(path)}${formatFilter(vpn)}${formatHost(host)}`;
    },
  },
  "dns-server-refuses": {
    noneRefuses: "no server of resolv.conf refuses",
    afterOne: "the servers that refuse are listed after one that answers",
    found: ({ servers, next }) =>
      `${formatReports(servers)}${next === null ? "" : `; programs go on to ${next}, at once`}`,
  },
  "dns-name-does-not-exist": {
    noneAnswered: "no server answered",
    resolves: "the name resolves",
    forged: "the denial is not the server's own",
    found: ({ server, reported, name, exists }) =>
      `${server} ${reported} for ${name}${exists ? ", although Windows' servers have it: the distro queries a server that does not have the name" : ""}`,
  },
  "dns-tcp-blocked": {
    noneFailed: "no answer needed TCP and failed over it",
    found: ({ servers, other }) =>
      `${formatReports(servers)}${other === null ? "" : `; ${other} answers`}`,
  },
  "dns-edns-dropped": {
    notQueried: "no query was sent both with an EDNS record and without one",
    answered: "queries with an EDNS record and without one fare alike",
    found: ({ servers, own }) =>
      `${servers.map(({ server, rcode }) => `${server} ${rcode === null ? "is silent for" : `answers ${rcode} to`} queries with an EDNS record, and answers the same ones without it`).join("; ")}: ${own ? "options edns0 of resolv.conf adds that record to each query of the C library" : "the C library sends none, while dig, systemd-resolved and others do"}`,
    leaveOut: "Leave edns0 out of the options until WSL rewrites the file",
  },
  "dns-large-answer-lost": {
    noLargeQuery: ({ bytes }) => `no query for an answer larger than ${bytes} bytes was sent`,
    largePass: ({ bytes }) => `answers larger than ${bytes} bytes pass over UDP`,
    found: ({ lost }) =>
      lost
        .map(
          ({ server, type, name, wholeBytes, passedBytes, ednsBytes }) =>
            `${server} answers ${type} ${name} with ${wholeBytes} bytes over TCP and not at all over UDP with an EDNS size of ${ednsBytes}, while answers of up to ${passedBytes} bytes pass`,
        )
        .join("; "),
  },
  "dns-answer-forged": {
    noneAnswered: "no server of resolv.conf answered",
    open: ({ reasons }) => reasons.join("; "),
    agree: "no query was answered twice, and the answers over UDP and TCP do not contradict",
    found: ({ kind, answers }) =>
      `${answers.join("; ")}${kind === "differs" ? "; load balancers do that as well, so it proves nothing" : ": another system on the path answers instead of it"}`,
  },
  "dns-suffix-missing": {
    notShort: ({ name }) => `${name} is no short name`,
    notDenied: "no server answers that the name does not exist",
    allSearched: "the distro's search list has all of Windows' suffixes",
    notWithSuffix: "with the suffixes that Windows appends it does not resolve either",
    found: ({ typed, name, server, suffix, age }) =>
      `${typed} does not exist and ${name} resolves at ${server}: Windows appends ${suffix}, and the distro's search list lacks it${formatAge(age)}`,
    searchToo: "Search that domain too, until WSL rewrites the file",
  },
  "dns-v6-query-delay": {
    noneDecides: NONE_DECIDES,
    oneType: "only one type was queried",
    bothAnswered: "both queries of a look-up are answered",
    lostForSize: "the answer is lost for its size",
    tooFewRepeats: "the query was not repeated often enough",
    answeredLater: "the same query was answered later",
    found: ({ server, answered, silent, name, sent, again }) =>
      `${server} answers for ${answered} and is silent for ${silent} of ${name} (${sent} datagrams${again ? ", and again later" : ""}): ${WAITS_FOR_BOTH}`,
    onePort: ({ server, answered, silent, name }) =>
      `${server} answers for ${silent} of ${name} when asked alone, and is silent for it, twice, when ${answered} is asked from the same port, as the C library asks: ${WAITS_FOR_BOTH}`,
    fourOnly: "Ask for IPv4 addresses alone (glibc 2.36 or later), until WSL rewrites the file",
    oneByOne:
      "Send the two queries one after the other, on separate sockets, until WSL rewrites the file",
  },
  "dns-server-slow": {
    noneDecides: NONE_DECIDES,
    half: "not every query of the look-up was answered",
    once: "one query alone was late",
    inTime: "the answers came within a second",
    looksItUp: "the same query was answered at once when it was repeated",
    found: ({ server, fastestMs, slowestMs, quick }) =>
      `${server} takes ${formatSeconds(fastestMs)}${slowestMs - fastestMs >= 100 ? ` to ${formatSeconds(slowestMs)}` : ""} for each query of a look-up, and a program waits for it${quick === null ? "" : `; ${quick} answers within a second`}`,
  },
  "dns-server-fails": {
    noneFails: "no server of resolv.conf fails",
    afterOne: "the servers that fail are listed after one that answers",
    inFront: ({ servers, next, spentMs }) =>
      `${formatReports(servers)}; programs go on to ${next}, ${spentMs === null ? "at once" : `${formatSeconds(spentMs)} later`}`,
    found: ({ servers, other }) =>
      `${formatReports(servers)}${other === null ? "" : `; ${other}, which Windows queries, resolves the name from here`}`,
  },
  "dns-name-blocked": {
    noAddress: "no server gave an address",
    realAddress: "the answer is an address that a server can have",
    found: ({ server, addresses, others }) =>
      `${server} answers ${addresses.join(", ")}, which is no address of a server: it blocks the name${others.length === 0 ? "" : `; ${formatReports(others)}`}`,
  },
  "dns-answer-oversize": {
    allFit: "every answer over UDP is as short as the query allows",
    found: ({ answers, allowed }) =>
      `${answers.map(({ server, type, bytes }) => `${server} answers ${type} with ${bytes} bytes over UDP`).join("; ")}, where the query allows ${allowed}: glibc reads it, and musl and older programs in Go fail on it`,
  },
  "dns-negative-answer-lost": {
    otherwise: "no server is silent for names that do not exist alone",
    found: ({ servers, resolves }) =>
      `${servers.map(({ server, silentFor, answersFor }) => `${server} answers for ${answersFor}, and is silent for ${silentFor} and for every name that does not exist`).join("; ")}: a program waits for its time-out${resolves ? " before it asks for the next name" : ", and takes the server for dead"}`,
  },
} satisfies AreaSentences<"names">;

const MS_PER_SECOND = 1000;

function formatSeconds(ms: number): string {
  return `${(ms / MS_PER_SECOND).toFixed(1)} s`;
}

const WAITS_FOR_BOTH =
  "every look-up waits for both until its time-out, 5 s with the C library's defaults";

interface PathToServer {
  /** The server's address, where it answers something else. */
  readonly alive: string | null;
  readonly farthest: { readonly ttl: number; readonly from: string } | null;
}

function formatPath(path: PathToServer | null): string {
  if (path === null) return "";
  const { alive, farthest } = path;
  if (alive !== null) return `; ${alive} itself answers other packets`;
  if (farthest === null) return "; no router on the path to it answers";
  return `; on the path to it routers answer up to hop ${farthest.ttl}, ${farthest.from}`;
}

function formatFilter(vpns: readonly string[]): string {
  if (vpns.length === 0) return "";
  return `; ${vpns.join(" and ")} is up in Windows, which forwards the distro's other packets: the filter of that VPN is what may drop queries to Windows itself`;
}

type SeenOnHost = { readonly reported: string | null; readonly server: string | null } | null;

function formatHost(seen: SeenOnHost): string {
  if (seen === null) return "";
  return (
    seen.reported ??
    `; ${seen.server}, which Windows queries, resolves the name from here: the fault lies between the distro and its server`
  );
}

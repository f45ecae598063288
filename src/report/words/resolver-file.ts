// What the rules about resolv.conf, its stub and /etc/hosts say.

import type { AreaSentences } from "./sentence.ts";
import { formatAge, formatReports } from "./servers.ts";

export const RESOLVER_FILE_SENTENCES = {
  "resolvconf-missing-or-dangling": {
    namesServers: ({ file, servers }) => `${file} names ${servers.join(", ")}`,
    noneNeeded: "no name server was needed",
    found: ({ file, problem }) => `${file}: ${problem ?? "names no server"}`,
  },
  "resolvconf-vpn-not-recognised": {
    otherServers: "resolv.conf does not hold the servers of Windows' adapters",
    noVpnServers: "no VPN adapter of the host has name servers of its own",
    vpnFailsToo: "the VPN's name servers do not resolve the name from here either",
    comesFirst: "the VPN's name server comes first",
    anotherResolves: "another server of resolv.conf resolves the name",
    recognised: ({ adapter, type }) =>
      `${adapter} has the interface type ${type}, which WSL recognises as a VPN`,
    found: ({ server, adapter, host, isInFile, before, type, recognised, age }) =>
      `${server} of ${adapter} resolves ${host}, and is ${isInFile ? "after servers that do not" : "not in resolv.conf"}: ${formatReports(before)}; Windows reports ${type === null ? "an unknown type" : `type ${type}`} for the adapter, and WSL puts only types ${recognised.join(" and ")} first${formatAge(age)}`,
  },
  "resolvconf-ipv6-crowds-out": {
    noIpv6: "resolv.conf holds no IPv6 server",
    hasRoom: "resolv.conf has room for another server",
    otherServers: "WSL did not write the servers of Windows' adapters there",
    oneResolves: "one of the servers resolves the name",
    noneMissing: "no other adapter's server resolves the name from here",
    found: ({ missing, host, most, six, placeholders, age }) => {
      const what =
        placeholders.length > 0
          ? `${placeholders.join(", ")}, which Windows adds where no server is set,`
          : six.join(", ");
      return `${missing} of a Windows adapter resolves ${host} and is not among the ${most} servers of resolv.conf: ${what} take${six.length === 1 ? "s" : ""} its line${formatAge(age)}`;
    },
  },
  "resolvconf-manual-stale": {
    notManual: "WSL wrote resolv.conf, or it names a local stub",
    oneReplies: "a server of resolv.conf replies",
    windowsUsesThem: ({ servers }) => `Windows uses ${servers.join(", ")} too`,
    windowsFailsToo: "Windows' name servers do not resolve the name from here either",
    found: ({ file, stale, working, host, age }) =>
      `${file} was not written by WSL and names ${stale.join(", ")}, which no adapter of Windows uses and which do not reply; ${working.join(" and ")} of Windows resolve${working.length === 1 ? "s" : ""} ${host} from here${formatAge(age)}`,
  },
  "systemd-resolved-stub-without-upstream": {
    noStub: "resolv.conf names no stub of systemd-resolved",
    upstreamUnknown: ({ problem }) =>
      `the stub's upstream servers are not readable: ${problem ?? "not read"}`,
    hasUpstream: ({ servers }) => `systemd-resolved queries ${servers.join(", ")}`,
    stubReported: ({ server, reported }) => `${server} ${reported ?? "was not queried"}`,
    found: ({ server, reported, file }) =>
      `${server}, systemd-resolved's stub, ${reported}, and ${file} gives it no upstream server`,
    withoutStub: "Query the servers that WSL found, without the stub",
  },
  "hosts-file-override": {
    notInFile: "/etc/hosts does not hold the name",
    nothingToCompare: "no name server gave another address to compare with",
    sameAddress: "the name servers have the same address",
    found: ({ here, name, fails, server, addresses }) =>
      `/etc/hosts gives ${here.join(", ")} for ${name}${fails ? ", which does not accept connections" : ""}; ${server} gives ${addresses.join(", ")}`,
    takeOut:
      "Take the line out of the distro's file, and keep WSL from copying Windows' file at the next start",
    takeOutOfWindows: "Or take it out of Windows' file, which WSL copies at its start",
  },
  "libc-resolves-otherwise": {
    notAsked: "the C library's own look-up was not observed",
    agrees: "the C library resolves the name as the name servers do",
    found: ({ name, server, sources }) =>
      `${server} has an address for ${name}, and getent ahosts finds none, twice${formatSources(sources)}: so do programs`,
    elsewhere: ({ name, addresses, sources }) =>
      `no name server has ${name}, and the C library gives ${addresses.join(", ")}${formatSources(sources)}: programs that ask name servers themselves do not find it`,
    askServers: "Have the C library ask the name servers",
  },
} satisfies AreaSentences<"resolver-file">;

function formatSources(sources: string | null): string {
  return sources === null ? "" : ` (nsswitch.conf has "hosts: ${sources}")`;
}

// Reported cases of names.

import { serveNames } from "../lab/independent/dns.ts";
import type { ReportedCase } from "./case.ts";
import { AT, chain, natChain, ownChain } from "./chain.ts";
import { NAME, named, page, resolvConf, served } from "./places.ts";

const TAILSCALE_DNS = "100.100.100.100";
const TUNNEL = "10.255.255.254";

export const NAME_CASES: readonly ReportedCase[] = [
  {
    name: "vpn_dns_filter",
    reports: "WSL 11075, algo 14678",
    right: "who filters, and a fix: the server that answers, or DNS tunnelling",
    snapshot: "vpn-dns-filter",
    args: [NAME],
    net: () => natChain({ vpnMtu: 1400 }),
    prepare: async (place) => {
      await place.net.nft(
        "windows",
        chain("input", ['iifname "sw0" meta l4proto { tcp, udp } th dport 53 drop']),
      );
      const options = await served(place);
      await serveNames(place.net, { name: NAME, a: AT.site, aaaa: "", address: AT.vpnDns });
      return options;
    },
    withSnapshot: {
      verdict: "fault",
      cause: "dns-server-unreachable",
      segment: "resolver",
      says: ["CorpVPN", AT.vpnDns, "dnsTunneling"],
    },
    alone: { verdict: "fault", cause: "dns-server-unreachable" },
  },
  {
    name: "magicdns",
    reports: "tailscale 775 17492",
    right: "dns-suffix-missing",
    snapshot: "magicdns",
    args: ["node1"],
    net: () => ownChain(),
    prepare: async ({ net, folder }) => {
      const name = "node1.tail1234.example.net";
      await net.build({
        lines: [
          ["guest", "link add ts0 type veth peer name ts1"],
          ["guest", "link set ts0 up"],
          ["guest", "addr add 100.101.7.7/32 dev ts0"],
          ["site", `addr add ${TAILSCALE_DNS}/32 dev lo`],
          ["guest", `route add ${TAILSCALE_DNS} via ${AT.router}`],
          ["router", `route add ${TAILSCALE_DNS} via 203.0.113.1`],
          ["core", `route add ${TAILSCALE_DNS} via ${AT.site}`],
        ],
      });
      await serveNames(net, { host: "router", address: AT.router, name: "nothing.test" });
      await serveNames(net, { name, a: AT.site, aaaa: "", address: TAILSCALE_DNS });
      const servers = [AT.router, TAILSCALE_DNS, "fec0:0:0:ffff::1"];
      return resolvConf(
        folder,
        `search lan\n${servers.map((one) => `nameserver ${one}\n`).join("")}`,
      );
    },
    withSnapshot: {
      verdict: "fault",
      cause: "dns-suffix-missing",
      says: ["tail1234.example.net"],
      without: ["dns-server-unreachable"],
    },
    alone: {
      verdict: "fault",
      cause: "dns-name-does-not-exist",
      without: ["dns-server-unreachable"],
    },
  },
  {
    name: "glue",
    reports: "WSL 6051 4839 6669 7658 5806 11527",
    right: "192.0.2.80, healthy",
    snapshot: "plain",
    args: [NAME],
    net: () => natChain(),
    prepare: async (place) => {
      await page(place);
      const glue = ["192.0.2.99", "192.0.2.98"];
      return named(place, { host: "windows", address: AT.onSwitch, glue });
    },
    withSnapshot: { verdict: "healthy", cause: null, address: AT.site },
  },
  {
    name: "big_no_tc",
    reports: "WSL 7642 8022, golang 51127 44135",
    right: "a finding: musl and older Go fail on it",
    snapshot: "plain",
    args: [NAME],
    net: () => natChain(),
    prepare: async (place) => {
      await page(place);
      // 16 bytes for each record behind 29 of header and question.
      const more = { more: 74, oversize: true };
      return named(place, { host: "windows", address: AT.onSwitch, ...more });
    },
    withSnapshot: {
      verdict: "healthy",
      cause: null,
      also: ["dns-answer-oversize"],
      says: ["musl", "Go"],
    },
  },
  {
    name: "oneport",
    reports: "portmaster 1629, the Kubernetes 5 s race",
    right: "dns-v6-query-delay",
    snapshot: "plain",
    args: [NAME],
    net: () => natChain(),
    prepare: async (place) => {
      await page(place);
      return named(place, { host: "windows", address: AT.onSwitch, onePort: true });
    },
    withSnapshot: { verdict: "degraded", cause: "dns-v6-query-delay", address: AT.site },
  },
  {
    name: "negative_silent",
    reports: "WSL 40260",
    right: "it answers other names; negative answers are lost",
    snapshot: "plain",
    args: ["no-such-host.test"],
    net: () => natChain(),
    prepare: async (place) => {
      await place.net.ip("guest", "addr", "add", `${TUNNEL}/32`, "dev", "lo");
      await page(place);
      const known = { name: "github.com", negative: false };
      return named(place, { host: "guest", address: TUNNEL, ...known });
    },
    withSnapshot: {
      verdict: "fault",
      cause: "dns-negative-answer-lost",
      without: ["dns-server-unreachable"],
    },
  },
];

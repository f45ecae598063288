// Reports for the tests of src/report: the user's second case, as a run would find it, and a healthy one.

import type { Report } from "../../../src/schema/report.ts";
import type { PmtuEstimate, Segment } from "../../../src/schema/verdict.ts";

export function sampleSegment(kind: Segment["kind"], rest: Partial<Segment> = {}): Segment {
  return {
    kind,
    name: kind,
    address: null,
    mtu: null,
    ttl: null,
    rttMs: null,
    branches: [],
    inferred: false,
    outbound: "ok",
    inbound: "ok",
    reason: null,
    evidence: [],
    ...rest,
  };
}

export function samplePmtu(rest: Partial<PmtuEstimate> = {}): PmtuEstimate {
  return {
    bytes: 1500,
    exact: false,
    atLeast: 1500,
    below: null,
    basis: "tcp",
    silent: false,
    reason: null,
    ...rest,
  };
}

/** Case 2: everything small passes, responses above 1400 bytes vanish at the VPN adapter. */
export const blackholeReport: Report = {
  schema: "wsl-trace.report/1",
  version: "0.1.0",
  startedAt: "2026-11-22T10:00:00.000Z",
  verdict: "fault",
  reason:
    "The TLS handshake never ends with segments above 1360 bytes and ends at once with smaller ones.",
  target: { input: "github.com", host: "github.com", port: 443, address: "192.0.2.80" },
  vantage: {
    kind: "wsl2",
    networkingMode: "nat",
    kernel: "6.18.20.1-microsoft-standard-WSL2",
    ladder: [
      { rung: "sockets", available: true, reason: null, enable: null },
      {
        rung: "kernel-events",
        available: false,
        reason: "CAP_BPF is missing",
        enable: "sudo wsl-trace path github.com",
      },
    ],
  },
  chain: [
    sampleSegment("resolver", { name: "/etc/resolv.conf", address: "10.255.255.254" }),
    sampleSegment("linux-stack", { name: "Debian" }),
    sampleSegment("linux-nic", { name: "eth0", address: "172.20.0.2", mtu: 1500 }),
    sampleSegment("vswitch", {
      name: "vEthernet (WSL (Hyper-V firewall))",
      address: "172.20.0.1",
      mtu: 1500,
      ttl: 1,
    }),
    sampleSegment("windows-stack", { name: "Windows", inferred: true }),
    sampleSegment("nat", { name: "WinNAT", inferred: true }),
    sampleSegment("vpn-adapter", {
      name: "MSFTVPN",
      address: "100.64.16.6",
      mtu: 1400,
      inferred: true,
      inbound: "blackhole",
      evidence: ["e41"],
    }),
    sampleSegment("physical-nic", {
      name: "Wi-Fi",
      mtu: 1500,
      inferred: true,
      outbound: "unknown",
      inbound: "unknown",
      reason: "the tunnel hides it from every probe sent inside",
    }),
    sampleSegment("vpn-gateway", {
      name: "100.64.16.1",
      address: "100.64.16.1",
      ttl: 2,
      outbound: "silent",
      inbound: "silent",
      reason: "it forwards, and answers no TTL probe",
    }),
    sampleSegment("destination", { name: "github.com", address: "192.0.2.80", ttl: 4 }),
  ],
  stages: [
    { stage: "resolve", status: "ok", ms: 12.14, detail: "192.0.2.80 from 10.255.255.254" },
    { stage: "route", status: "ok", ms: null, detail: "eth0 via 172.20.0.1" },
    { stage: "reach", status: "ok", ms: 20.9, detail: "4 hops" },
    { stage: "connect", status: "ok", ms: 21.3, detail: "MSS 1460 offered" },
    {
      stage: "tls",
      status: "failed",
      ms: 2000,
      detail:
        "the ClientHello is acknowledged, then 0 bytes arrive in order and 1 segment out of order",
    },
    { stage: "http", status: "skipped", ms: null, detail: "" },
  ],
  pmtu: {
    outbound: samplePmtu({ bytes: 1400, exact: true, atLeast: 1400, below: 1401, basis: "icmp" }),
    inbound: samplePmtu({ bytes: 1400, exact: true, atLeast: 1400, below: 1401, silent: true }),
  },
  findings: [
    {
      cause: "vpn-mtu-inbound-blackhole",
      severity: "fault",
      confidence: 0.98,
      segment: "vpn-adapter",
      between: null,
      direction: "inbound",
      summary:
        "The guest offers MSS 1460, so servers answer with 1500-byte packets; the adapter MSFTVPN carries 1400 and nobody tells the server.",
      evidence: ["e12", "e41"],
      ruledOut: [
        {
          cause: "tls-middlebox-reset",
          because: "the same name passes at MSS 1360 and no RST was seen",
          evidence: ["e30"],
        },
      ],
      fixes: [
        {
          where: "linux",
          title: "Offer what the tunnel can carry",
          commands: ["sudo ip link set dev eth0 mtu 1400"],
          persistent: false,
        },
        {
          where: "windows-admin",
          title: "Update WSL, which then copies the host's smallest MTU to eth0",
          commands: ["wsl --update", "wsl --shutdown"],
          persistent: true,
        },
      ],
    },
  ],
  notChecked: [{ cause: "path-loss", reason: "fewer than 20 probes of one size were sent" }],
  trace: [],
  events: [],
  durationMs: 2412.7,
  packetsSent: 96,
};

/** Nothing wrong, nothing observed beyond plain Linux. */
export const healthyReport: Report = {
  ...blackholeReport,
  verdict: "healthy",
  reason: "Full-size packets pass in both directions and the page came.",
  target: { input: "2001:db8::80", host: "2001:db8::80", port: 443, address: "2001:db8::80" },
  vantage: { kind: "linux", networkingMode: null, kernel: "6.18.5", ladder: [] },
  chain: [
    sampleSegment("linux-nic", { name: "eth0", address: "2001:db8::2", mtu: 1500 }),
    sampleSegment("lan-gateway", {
      name: "2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff",
      address: "2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff",
      ttl: 1,
    }),
    sampleSegment("destination", { name: "2001:db8::80", address: "2001:db8::80", ttl: 2 }),
  ],
  stages: [{ stage: "connect", status: "ok", ms: 3.2, detail: "" }],
  pmtu: { outbound: samplePmtu({ basis: "icmp" }), inbound: samplePmtu() },
  findings: [],
  notChecked: [],
  durationMs: 87,
};

// Snapshots for the frame tests, from the first moment of a run to the verdicts it can end with.

import { EMPTY_PATH } from "../../src/model/path.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import type { Diagnosis, PmtuEstimate, Segment } from "../../src/schema/verdict.ts";
import { blackholeReport, samplePmtu, sampleSegment } from "../src/report/sample-report.ts";

const unknownPmtu: PmtuEstimate = samplePmtu({
  bytes: null,
  atLeast: null,
  basis: "unknown",
  reason: "not measured yet",
});

const emptyDiagnosis: Diagnosis = {
  verdict: "inconclusive",
  reason: "",
  chain: [],
  stages: [],
  pmtu: { outbound: unknownPmtu, inbound: unknownPmtu },
  findings: [],
  notChecked: [],
};

/** Before anything was read. */
export const empty: Snapshot = {
  target: { input: "github.com", host: "github.com", port: 443, scheme: "https", path: "/" },
  address: null,
  vantage: null,
  diagnosis: emptyDiagnosis,
  activity: "reading this machine",
  awaitedUntilMs: null,
  finished: false,
  elapsedMs: 4.2,
  kernel: null,
  packetsSent: 0,
  waiting: null,
  path: EMPTY_PATH,
  events: [],
};

const known: Snapshot = {
  ...empty,
  address: "192.0.2.80",
  vantage: {
    kind: "wsl2",
    networkingMode: "nat",
    kernel: "6.18.20.1-microsoft-standard-WSL2",
  },
};

const { chain, stages, pmtu, findings, reason } = blackholeReport;

function unseen(segment: Segment): Segment {
  const why = "no probe has passed it yet";
  return { ...segment, outbound: "unknown", inbound: "unknown", reason: why };
}

/** Connected, the sweep under way, nothing decided. */
export const running: Snapshot = {
  ...known,
  diagnosis: {
    ...emptyDiagnosis,
    chain: chain.map((segment, index) => (index < 4 ? segment : unseen(segment))),
    stages: stages.slice(0, 4),
  },
  activity: "sweeping MSS 536 to 1460",
  elapsedMs: 431,
  kernel: null,
  packetsSent: 31,
};

/** The user's second case. */
export const blackhole: Snapshot = {
  ...known,
  diagnosis: { verdict: "fault", reason, chain, stages, pmtu, findings, notChecked: [] },
  activity: null,
  finished: true,
  elapsedMs: 2412.7,
  kernel: null,
  packetsSent: 96,
};

/** Nothing wrong on a long path. */
export const healthy: Snapshot = {
  ...known,
  vantage: { kind: "linux", networkingMode: null, kernel: "6.18.5" },
  diagnosis: {
    ...emptyDiagnosis,
    verdict: "healthy",
    reason: "Full-size packets pass in both directions and the page came.",
    chain: [
      sampleSegment("resolver", { name: "/etc/resolv.conf", address: "192.0.2.53" }),
      sampleSegment("linux-nic", { name: "eth0", address: "10.0.0.2", mtu: 1500 }),
      sampleSegment("lan-gateway", { name: "10.0.0.1", address: "10.0.0.1", ttl: 1 }),
      ...[2, 3, 4, 5, 6, 7].map((ttl) =>
        sampleSegment("internet-hop", { name: `198.51.100.${ttl}`, ttl }),
      ),
      sampleSegment("destination", { name: "github.com", address: "192.0.2.80", ttl: 8 }),
    ],
    stages: [
      { stage: "resolve", status: "ok", ms: 3.14, detail: "192.0.2.80" },
      { stage: "connect", status: "ok", ms: 12.4, detail: "" },
      { stage: "tls", status: "ok", ms: 25.1, detail: "TLS 1.3" },
      { stage: "http", status: "ok", ms: 14, detail: "200" },
    ],
    pmtu: { outbound: samplePmtu({ basis: "icmp" }), inbound: samplePmtu() },
  },
  activity: null,
  finished: true,
  elapsedMs: 87,
  kernel: null,
  packetsSent: 64,
};

/** Nothing could be measured. */
export const inconclusive: Snapshot = {
  ...known,
  address: null,
  diagnosis: {
    ...emptyDiagnosis,
    reason: "No name server answered before the run was stopped.",
    chain: [
      sampleSegment("resolver", {
        name: "/etc/resolv.conf",
        outbound: "unknown",
        inbound: "unknown",
        reason: "stopped before it was queried",
      }),
      sampleSegment("linux-nic", { name: "eth0", address: "172.20.0.2", mtu: 1500 }),
    ],
    stages: [{ stage: "resolve", status: "unknown", ms: null, detail: "" }],
  },
  activity: null,
  finished: true,
  elapsedMs: 1200,
  kernel: null,
  packetsSent: 2,
};

/** Without a host snapshot: the hole is only located between two segments, Windows is not known. */
export const bracketed: Snapshot = {
  ...blackhole,
  diagnosis: {
    ...blackhole.diagnosis,
    chain: chain.flatMap((segment) => {
      switch (segment.kind) {
        case "vpn-adapter":
        case "windows-stack":
        case "physical-nic":
          return [];
        case "nat":
          return { ...unseen(segment), reason: "no Windows snapshot was given" };
        default:
          return segment;
      }
    }),
    pmtu: {
      outbound: unknownPmtu,
      inbound: samplePmtu({ bytes: null, atLeast: 1340, below: 1401, silent: true }),
    },
    findings: findings.map((finding) => ({
      ...finding,
      cause: "pmtu-inbound-blackhole",
      segment: null,
      between: ["nat", "vpn-gateway"],
    })),
  },
};

const ATTACK = "\u001b]0;owned\u0007\u001b[2J\u202etxt.exe\n│ ✓ HEALTHY";

/** Every name that comes from outside tries to drive the terminal. */
export const hostile: Snapshot = {
  ...blackhole,
  target: { ...known.target, host: ATTACK },
  vantage: { kind: "wsl2", networkingMode: ATTACK, kernel: ATTACK },
  diagnosis: {
    ...blackhole.diagnosis,
    reason: ATTACK,
    chain: chain.map((segment) => ({ ...segment, name: ATTACK, address: ATTACK, reason: ATTACK })),
    stages: stages.map((stage) => ({ ...stage, detail: ATTACK })),
    pmtu: { outbound: { ...unknownPmtu, reason: ATTACK }, inbound: pmtu.inbound },
    findings: findings.map((finding) => ({
      ...finding,
      cause: ATTACK,
      summary: ATTACK,
      evidence: [ATTACK],
      ruledOut: [{ cause: ATTACK, because: ATTACK, evidence: [ATTACK] }],
      fixes: [{ where: "linux", title: ATTACK, commands: [ATTACK], persistent: false }],
    })),
  },
};

/** As root: where this machine's kernel saw the packets. */
export const watched: Snapshot = {
  ...healthy,
  kernel: {
    hops: [
      { ttl: null, sent: 2, netfilter: 2, device: 2, returned: 2, answered: 2, dropped: 0 },
      { ttl: 1, sent: 62, netfilter: 60, device: 60, returned: 59, answered: 58, dropped: 3 },
    ].map((hop) => ({ ...hop, evidence: [] })),
    namespaces: [],
    notObservable: [],
  },
};

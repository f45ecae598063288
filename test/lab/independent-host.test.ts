// Faults on the Windows host and behind it, distinguished by probes from both sides: with its PowerShell at hand, with rows of a
// saved snapshot, and with neither.

import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Report } from "../../src/schema/report.ts";
import { whyNotRun } from "../builders/engine.ts";
import {
  createHome,
  HOME,
  type HomeOptions,
  homeSnapshot,
  type Reach,
} from "./independent/home.ts";
import type { Net } from "./independent/net.ts";
import { makeServerFiles, type ServerFiles, startServer } from "./independent/server.ts";
import { createFolder, runTool, tracePath } from "./independent/tool.ts";
import { startWindows } from "./independent/windows-host.ts";

const folder = createFolder();
const target = `https://${HOME.site4}/`;
let files: ServerFiles;
let net: Net | undefined;

beforeAll(async () => {
  files = await makeServerFiles(folder, "site", 0, [HOME.site4]);
});
afterEach(async () => {
  await net?.remove();
  net = undefined;
});
afterAll(() => folder.remove());

interface Case extends HomeOptions {
  readonly reach?: readonly Reach[];
  readonly live?: boolean;
  readonly record?: string;
}

const SITE = { address: HOME.site4, port: 443 };
const reached: readonly Reach[] = [{ ...SITE, ok: true }];
const failed: readonly Reach[] = [{ ...SITE, ok: false }];

interface Traced {
  readonly report: Report;
  readonly code: number | null;
  readonly json: string;
}

async function trace(options: Case, break_: (home: Net) => Promise<unknown>): Promise<Traced> {
  net = await createHome(options);
  await startServer(net, files, 1000);
  await break_(net);
  const snapshot = folder.file("host.json", homeSnapshot(options, options.reach));
  const record = options.record === undefined ? [] : ["--record", options.record];
  const args = [target, "--ca", files.ca, "--host-snapshot", snapshot, ...record];
  const env = options.live ? { PATH: await startWindows(net, "box", folder) } : {};
  return tracePath(net, args, { env });
}

async function replayed(record: string): Promise<string> {
  if (net === undefined) throw new Error("the network is gone");
  return (await runTool(net, "guest", ["replay", record, "--json", "--no-redact"])).stdout;
}

const causes = ({ findings }: Report) =>
  findings.filter(({ severity }) => severity !== "note").map(({ cause }) => cause);

const OWN = [
  "host-forwarding-blocked",
  "nat-source-not-translated",
  "vpn-tunnel-dead",
  "lan-gateway-unreachable",
];

/** The outbound half of each segment, by its kind. */
const statuses = ({ chain }: Report): Readonly<Record<string, string>> =>
  Object.fromEntries(chain.map(({ kind, outbound }) => [kind, outbound]));

function skipWithoutEngine(skip: (when: boolean, why: string) => void): void {
  const why = whyNotRun({});
  skip(why !== null, why ?? "");
}

/** Nothing of the guest's gets through the host, which itself is in order. */
const blocks = {
  "forwarding switched off": (home: Net) =>
    home.run("box", "sysctl", "-qw", "net.ipv4.ip_forward=0"),
  "a rule that drops what is forwarded": (home: Net) => home.nft("box", FORWARD_DROP),
};
const FORWARD_DROP = `table ip block {
  chain passing { type filter hook forward priority 0; policy accept; iifname "sw0" drop; }
}
`;
const TUNNEL_DROP = `table ip dead {
  chain arriving { type filter hook prerouting priority -300; policy accept; iifname "peer0" drop; }
}
`;
const ENDPOINT_DROP = `table ip mute {
  chain arriving { type filter hook input priority 0; policy accept; iifname "out0" drop; }
}
`;
/** The client's filter lets Windows' own packets into the tunnel, and nothing that is forwarded. */
const killSwitch = (home: Net) =>
  home.nft("box", FORWARD_DROP.replace('iifname "sw0"', 'iifname "sw0" oifname "tun5"'));
const serverDown = (home: Net) => home.ip("site", "link", "set", "eth0", "down");
const nothing = async () => undefined;
const deadTunnel = (home: Net) => home.nft("far", TUNNEL_DROP);
/** The router is gone, and the cable is not. */
const noRouter = (home: Net) =>
  home
    .ip("router", "link", "set", "lan0", "arp", "off", "multicast", "off")
    .then(() => home.ip("router", "addr", "flush", "dev", "lan0"));

describe.each([{ vpn: false }, { vpn: true }])("with a VPN: $vpn", ({ vpn }) => {
  it.each(Object.keys(blocks))("%s is a block on the host, by its saved word", async (name) => {
    const { report, code } = await trace({ vpn, reach: reached }, Object(blocks)[name]);
    expect(causes(report)).toEqual(["host-forwarding-blocked"]);
    expect(report.findings[0]).toMatchObject({ segment: "windows-stack" });
    expect(report.findings[0]?.confidence).toBeGreaterThanOrEqual(0.5);
    expect(code).toBe(1);
  });

  it("the same by the host's live word is surer", async ({ skip }) => {
    skipWithoutEngine(skip);
    const { report } = await trace({ vpn, live: true }, (home) => home.nft("box", FORWARD_DROP));
    expect(causes(report)).toEqual(["host-forwarding-blocked"]);
    expect(report.findings[0]).toMatchObject({ segment: "windows-stack", confidence: 0.95 });
    expect(statuses(report)["windows-stack"]).toBe("broken");
    expect(statuses(report)["physical-nic"]).toBe("ok");
  });

  it("without evidence of the host the location is the whole outbound path, and hardly sure", async () => {
    const { report } = await trace({ vpn }, blocks["forwarding switched off"]);
    for (const finding of report.findings) {
      expect(finding.segment).toBeNull();
      expect(finding.confidence).toBe(0.5);
    }
    expect(report.verdict).not.toBe("healthy");
  });

  it("a source that is not translated is a candidate beside the block", async () => {
    const { report } = await trace({ vpn, translates: false, reach: reached }, nothing);
    expect(causes(report)).toEqual(["host-forwarding-blocked"]);
    expect(report.findings).toContainEqual(
      expect.objectContaining({ cause: "nat-source-not-translated", severity: "note" }),
    );
  });

  it("a first router that is gone is the LAN's fault, by the host's live word", async ({
    skip,
  }) => {
    skipWithoutEngine(skip);
    const { report } = await trace({ vpn, live: true }, async (home) => {
      await noRouter(home);
      // The tunnel's own packets go over that router; here it is a link of its own.
      if (vpn) await deadTunnel(home);
    });
    expect(causes(report)).toEqual(["lan-gateway-unreachable"]);
    expect(report.findings[0]).toMatchObject({ segment: "lan-gateway" });
    expect(statuses(report)["lan-gateway"]).toBe("broken");
  });

  it("a target that is down for both sides is none of the host's faults", async ({ skip }) => {
    skipWithoutEngine(skip);
    const { report } = await trace({ vpn, live: true }, serverDown);
    expect(causes(report).filter((cause) => OWN.includes(cause))).toEqual([]);
    expect(report.verdict).not.toBe("healthy");
  });

  it("where nothing is wrong the host's word changes nothing, and is waited for by nobody", async ({
    skip,
  }) => {
    skipWithoutEngine(skip);
    const { report, code } = await trace({ vpn, live: true }, nothing);
    expect(report).toMatchObject({ verdict: "healthy", findings: [] });
    expect(code).toBe(0);
  });
});

it("a first router that is gone is reported by Windows' ICMP error to the guest, without its PowerShell", async () => {
  const { report } = await trace({ vpn: false, reach: failed }, noRouter);
  expect(causes(report)).toContain("lan-gateway-unreachable");
});

describe("a tunnel through which nothing comes back", () => {
  it("is dead by the host's live word", async ({ skip }) => {
    skipWithoutEngine(skip);
    const record = path.join(folder.path, "dead.ndjson");
    const { report, json } = await trace({ vpn: true, live: true, record }, deadTunnel);
    expect(causes(report)).toEqual(["vpn-tunnel-dead"]);
    // What the host tried is in the recording: a replay knows it too, byte for byte.
    expect(await replayed(record)).toBe(json);
    expect(report.findings[0]).toMatchObject({ segment: "vpn-adapter", confidence: 0.95 });
    expect(statuses(report)).toMatchObject({ "vpn-adapter": "broken", "physical-nic": "ok" });
  });

  it("is dead by its saved state, and by the guest's own probe of the outer endpoint", async () => {
    const saved = await trace({ vpn: true, reach: failed }, deadTunnel);
    expect(causes(saved.report)).toEqual(["vpn-tunnel-dead"]);
    expect(saved.report.findings[0]).toMatchObject({ segment: "vpn-adapter", confidence: 0.8 });
  });

  it("is reported by the guest alone with less confidence", async () => {
    const { report } = await trace({ vpn: true }, deadTunnel);
    expect(causes(report)).toEqual(["vpn-tunnel-dead"]);
    expect(report.findings[0]).toMatchObject({ confidence: 0.5 });
  });

  it("is not called dead while the host gets through it: a kill switch for what is forwarded", async ({
    skip,
  }) => {
    skipWithoutEngine(skip);
    const { report } = await trace({ vpn: true, live: true }, killSwitch);
    expect(causes(report)).toEqual(["host-forwarding-blocked"]);
  });

  it("is not called dead when its outer endpoint is silent too", async ({ skip }) => {
    skipWithoutEngine(skip);
    const { report } = await trace({ vpn: true, live: true }, async (home) => {
      await deadTunnel(home);
      await home.nft("far", ENDPOINT_DROP);
    });
    expect(causes(report)).toEqual(["attempt-failed"]);
    expect(report.findings[0]).toMatchObject({ segment: null, between: null });
    expect(report.verdict).toBe("fault");
    expect(statuses(report)).toMatchObject({ "lan-gateway": "ok", "vpn-gateway": "unknown" });
  });
});

// Size limits in networks that the product did not build, seen by an ordinary user.

import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Net } from "./independent/net.ts";
import { createOffice, OFFICE, type OfficeOptions, officeSnapshot } from "./independent/office.ts";
import { makeServerFiles, type ServerFiles, startServer } from "./independent/server.ts";
import { createFolder, tracePath } from "./independent/tool.ts";

const folder = createFolder();
let files: ServerFiles;
let net: Net | undefined;

async function office(options: OfficeOptions): Promise<Net> {
  net = await createOffice(options);
  await startServer(net, files, 40_000);
  return net;
}

function snapshotFile(mtu: number): string {
  return folder.file(`host-${mtu}.json`, JSON.stringify(officeSnapshot(mtu)));
}

const target4 = `https://${OFFICE.site4}/`;
const target6 = `https://[${OFFICE.site6}]/`;

beforeAll(async () => {
  files = await makeServerFiles(folder, "big", 90);
});
afterEach(async () => {
  await net?.remove();
  net = undefined;
});
afterAll(() => folder.remove());

describe.each([1280, 1337, 1400, 1431])("a silent tunnel of %i bytes", (mtu) => {
  it.each([
    ["IPv4", target4],
    ["IPv6", target6],
  ])("is the VPN adapter's inbound black hole over %s", async (_family, target) => {
    const on = await office({ tunnelMtu: mtu, farSilent: true });
    const args = [target, "--ca", files.ca, "--host-snapshot", snapshotFile(mtu)];
    const { report, code } = await tracePath(on, args);
    expect(code).toBe(1);
    expect(report.verdict).toBe("fault");
    expect(report.findings).toHaveLength(1);
    expect(report.findings[0]).toMatchObject({
      cause: "vpn-mtu-inbound-blackhole",
      severity: "fault",
      segment: "vpn-adapter",
      direction: "inbound",
    });
    expect(report.pmtu.inbound).toMatchObject({ bytes: mtu, exact: true, silent: true });
    expect(report.pmtu.outbound).toMatchObject({ bytes: mtu, exact: true, silent: false });
    expect(report.findings[0]?.fixes[0]?.commands).toEqual([
      `sudo ip link set dev eth0 mtu ${mtu}`,
    ]);
  });
});

describe("a silent tunnel of 1337 bytes without a snapshot", () => {
  it.each([
    ["IPv4", target4],
    ["IPv6", target6],
  ])("has no owner over %s: the wider cause, bracketed", async (_family, target) => {
    const on = await office({ tunnelMtu: 1337, farSilent: true });
    const { report } = await tracePath(on, [target, "--ca", files.ca, "--host-snapshot", "none"]);
    expect(report.findings.map(({ cause }) => cause)).toEqual(["pmtu-inbound-blackhole"]);
    expect(report.findings[0]?.segment).toBeNull();
    expect(report.findings[0]?.between).not.toBeNull();
    expect(report.pmtu.inbound).toMatchObject({ bytes: 1337, exact: true });
  });

  it("is not pinned on a VPN adapter whose MTU is smaller than what passes", async () => {
    const on = await office({ tunnelMtu: 1337, farSilent: true });
    const args = [target4, "--ca", files.ca, "--host-snapshot", snapshotFile(1320)];
    const { report } = await tracePath(on, args);
    expect(report.findings.map(({ cause }) => cause)).toEqual(["pmtu-inbound-blackhole"]);
  });

  it("is the VPN's whose adapter says more: Windows itself names what the tunnel carries", async () => {
    const on = await office({ tunnelMtu: 1337, farSilent: true });
    const args = [target4, "--ca", files.ca, "--host-snapshot", snapshotFile(1420)];
    const { report } = await tracePath(on, args);
    expect(report.findings.map(({ cause }) => cause)).toEqual(["vpn-mtu-inbound-blackhole"]);
    expect(report.findings[0]).toMatchObject({ segment: "vpn-adapter", confidence: 0.8 });
  });
});

describe.each([1489, 1492, 1499])("a silent tunnel of %i bytes, just below the link", (mtu) => {
  it.each([
    ["IPv4", target4],
    ["IPv6", target6],
  ])(
    "is exact over %s: what the kernel offers is not what it says with timestamps",
    async (_, target) => {
      const on = await office({ tunnelMtu: mtu, farSilent: true, middleboxSilent: true });
      const { report } = await tracePath(on, [target, "--ca", files.ca, "--host-snapshot", "none"]);
      expect(report.findings[0]?.cause).toBe("pmtu-inbound-blackhole");
      expect(report.pmtu.inbound).toMatchObject({ bytes: mtu, exact: true });
      expect(report.pmtu.outbound).toMatchObject({ bytes: mtu, exact: true });
    },
  );
});

describe("a tunnel that is silent in both directions", () => {
  it.each([
    ["IPv4", target4],
    ["IPv6", target6],
  ])("is two findings over %s, inbound first", async (_family, target) => {
    const on = await office({ tunnelMtu: 1391, farSilent: true, middleboxSilent: true });
    const args = [target, "--ca", files.ca, "--host-snapshot", snapshotFile(1391)];
    const { report } = await tracePath(on, args);
    expect(report.findings.map(({ cause }) => cause)).toEqual([
      "vpn-mtu-inbound-blackhole",
      "vpn-mtu-outbound-blackhole",
    ]);
    expect(report.pmtu.inbound).toMatchObject({ bytes: 1391, exact: true, silent: true });
    expect(report.pmtu.outbound).toMatchObject({ bytes: 1391, exact: true, silent: true });
  });

  it("leaves no cached PMTU, so that a second run reports the same", async () => {
    const on = await office({ tunnelMtu: 1391, farSilent: true });
    const args = [target4, "--ca", files.ca, "--host-snapshot", snapshotFile(1391)];
    const first = await tracePath(on, args);
    const second = await tracePath(on, args);
    expect(second.report.findings.map(({ cause }) => cause)).toEqual(
      first.report.findings.map(({ cause }) => cause),
    );
    expect(await on.ip("guest", "route", "get", OFFICE.site4)).not.toMatch(/expires/);
  });
});

// What looks like a silent size limit and is none, and limits that hide: over both families, with ICMP limits as
// the kernel has them.

import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Net } from "./independent/net.ts";
import { createOffice, OFFICE, type OfficeOptions, officeSnapshot } from "./independent/office.ts";
import { makeServerFiles, type ServerFiles, startServer } from "./independent/server.ts";
import { createFolder, tracePath } from "./independent/tool.ts";

const folder = createFolder();
let files: ServerFiles;
let small: ServerFiles;
let net: Net | undefined;

async function office(options: OfficeOptions): Promise<Net> {
  net = await createOffice(options);
  await startServer(net, files, 40_000);
  return net;
}

function snapshotFile(mtu: number): string {
  return folder.file(`host-${mtu}.json`, JSON.stringify(officeSnapshot(mtu)));
}

/** Sends more than one segment, so that the middlebox sends fragmentation needed and the kernel caches the PMTU. */
const UPLOAD = `
  const socket = require("node:net").connect(443, process.argv[1], () => {
    socket.end(Buffer.alloc(5000), () => socket.destroy());
  });
  socket.on("error", () => {});
`;

const FAMILIES = [
  {
    family: 4,
    site: OFFICE.site4,
    target: `https://${OFFICE.site4}/`,
    route: "-4",
    saddr: "ip saddr",
  },
  {
    family: 6,
    site: OFFICE.site6,
    target: `https://[${OFFICE.site6}]/`,
    route: "-6",
    saddr: "ip6 saddr",
  },
] as const;

beforeAll(async () => {
  files = await makeServerFiles(folder, "big", 90);
  small = await makeServerFiles(folder, "small", 0);
});
afterEach(async () => {
  await net?.remove();
  net = undefined;
});
afterAll(() => folder.remove());

describe.each(FAMILIES)(
  "over IPv$family, what looks like a black hole and is none",
  ({ target }) => {
    const healthy = async (on: Net, args: readonly string[]) => {
      const { report, code } = await tracePath(on, args);
      expect([report.verdict, code, report.findings]).toEqual(["healthy", 0, []]);
      return report;
    };

    it("is a small tunnel that reports its MTU in both directions", async () => {
      const on = await office({ tunnelMtu: 1400 });
      const args = [target, "--ca", files.ca, "--host-snapshot", snapshotFile(1400)];
      const report = await healthy(on, args);
      expect(report.pmtu.inbound.silent).toBe(false);
      const tunnel = report.chain.find(({ kind }) => kind === "vpn-adapter");
      expect(tunnel).toMatchObject({ outbound: "limited", inbound: "limited" });
    });

    it("is a server behind an MTU of 1380", async () => {
      const on = await office({ tunnelMtu: 1500, serverMtu: 1380 });
      const report = await healthy(on, [target, "--ca", files.ca, "--host-snapshot", "none"]);
      expect(report.pmtu.inbound).toMatchObject({ bytes: 1380, below: null, silent: false });
    });

    it("is a clamped MSS in front of a silent tunnel", async () => {
      const on = await office({ tunnelMtu: 1400, farSilent: true });
      await on.nft(
        "box",
        `table inet clamp {
        chain through {
          type filter hook forward priority 0; policy accept;
          tcp flags syn tcp option maxseg size set 1300
        }
      }
      `,
      );
      await healthy(on, [target, "--ca", files.ca, "--host-snapshot", snapshotFile(1400)]);
    });

    it("may be one behind a server whose answers fit in one small segment: longer ones show it", async () => {
      net = await createOffice({ tunnelMtu: 1400, farSilent: true });
      await startServer(net, small, 10);
      const args = [target, "--ca", small.ca, "--host-snapshot", snapshotFile(1400)];
      const { report, code } = await tracePath(net, args);
      const causes = report.findings.map(({ cause, severity }) => `${cause} ${severity}`);
      expect([report.verdict, code]).toEqual(["degraded", 1]);
      expect(causes).toEqual(["vpn-mtu-inbound-blackhole warning"]);
      expect(report.pmtu.inbound).toMatchObject({ bytes: 1400, exact: true, silent: true });
    });

    it("is a path of 1500 bytes all along", async () => {
      const on = await office({ tunnelMtu: 1500 });
      const report = await healthy(on, [target, "--ca", files.ca, "--host-snapshot", "none"]);
      expect(report.pmtu.inbound).toMatchObject({ atLeast: 1500, below: null });
      expect(report.pmtu.outbound).toMatchObject({ atLeast: 1500, below: null });
    });
  },
);

describe.each(FAMILIES)(
  "over IPv$family, a black hole that is harder to see",
  ({ target, route, site, saddr }) => {
    it("is ranged, not guessed, when SYN cookies round the MSS", async () => {
      const on = await office({ tunnelMtu: 1400, farSilent: true });
      await on.run("site", "sysctl", "-qw", "net.ipv4.tcp_syncookies=2");
      const args = [target, "--ca", files.ca, "--host-snapshot", snapshotFile(1400)];
      const { report } = await tracePath(on, args);
      expect(report.findings[0]?.cause).toBe("vpn-mtu-inbound-blackhole");
      const { exact, atLeast, below } = report.pmtu.inbound;
      expect(exact).toBe(false);
      expect(atLeast).toBeLessThanOrEqual(1400);
      expect(below).toBeGreaterThan(1400);
    });

    it("is degraded when the server recovers after seconds", async () => {
      const on = await office({ tunnelMtu: 1400, farSilent: true });
      await on.run("site", "sysctl", "-qw", "net.ipv4.tcp_mtu_probing=1");
      const args = [target, "--ca", files.ca, "--host-snapshot", snapshotFile(1400)];
      const { report, code } = await tracePath(on, args);
      expect(report.verdict).toBe("degraded");
      expect(code).toBe(1);
      expect(report.findings[0]).toMatchObject({
        cause: "vpn-mtu-inbound-blackhole",
        severity: "warning",
      });
    });

    it("is no size limit at all when every payload of the server is eaten", async () => {
      const on = await office({ tunnelMtu: 1500 });
      await on.nft(
        "far",
        `table inet eat {
        chain through {
          type filter hook forward priority 0; policy accept;
          ${saddr} ${site} tcp sport 443 meta length > 120 drop
        }
      }
      `,
      );
      const { report } = await tracePath(on, [target, "--ca", files.ca, "--host-snapshot", "none"]);
      expect(report.verdict).toBe("fault");
      expect(report.findings).toMatchObject([{ cause: "server-silent", segment: null }]);
    });

    it("is hidden by a cached PMTU, which is reported and never called healthy", async () => {
      const on = await office({ tunnelMtu: 1400, farSilent: true });
      await on.run("guest", process.execPath, "-e", UPLOAD, site);
      expect(await on.ip("guest", route, "route", "get", site)).toMatch(/mtu 1400/);
      const args = [target, "--ca", files.ca, "--host-snapshot", snapshotFile(1400)];
      const { report, code } = await tracePath(on, args);
      expect([report.verdict, code]).toEqual(["inconclusive", 3]);
      expect(report.findings.map(({ cause, severity }) => [cause, severity])).toEqual([
        ["pmtu-cached", "note"],
      ]);
    });
  },
);

// Fragments as a question of their own, and echo replies that prove nothing because anything is answered.
//
//   guest ---- r1 ---- r2 ---- site

import { describe, expect, it } from "vitest";
import { SITE } from "./independent/chain.ts";
import { chainTests } from "./independent/chain-tests.ts";
import type { Net } from "./independent/net.ts";
import { traceWith } from "./independent/tool.ts";

const tests = chainTests(90);

/** @param pings whether the user may send echo requests */
async function chain(pings = true): Promise<Net> {
  const { net } = await tests.chain([1500, 1500, 1500], 40_000);
  const group = pings ? "0 2147483647" : "1 0";
  await net.run("guest", "sysctl", "-qw", `net.ipv4.ping_group_range=${group}`);
  return net;
}

/** r1 drops fragments that come in by this interface. */
const dropFragments = (on: Net, device: string) =>
  on.nft(
    "r1",
    `table inet cut {
      chain through {
        type filter hook forward priority 0; policy accept;
        iifname "${device}" ip frag-off & 0x3fff != 0 drop
        iifname "${device}" exthdr frag exists drop
      }
    }
    `,
  );

const CASES = [
  { family: 4, host: SITE[4], nobody: "192.0.2.254/32" },
  { family: 6, host: `[${SITE[6]}]`, nobody: "100::dead/128" },
] as const;

describe.each(CASES)("over IPv$family", ({ family, host, nobody }) => {
  const traceAs = async (on: Net, privilege: "none" | "root", ...flags: readonly string[]) => {
    const args = [`https://${host}/`, "--ca", tests.files.ca, "--host-snapshot", "none", ...flags];
    const { report } = await traceWith(on, "mtu", args, { privilege });
    expect(report.verdict).toBe("healthy");
    const { outbound, inbound } = report.sizes?.fragments ?? {};
    return { report, fragments: [outbound?.status, inbound?.status], inbound };
  };
  const trace = (on: Net, ...flags: readonly string[]) => traceAs(on, "none", ...flags);
  const asked = (report: Awaited<ReturnType<typeof traceAs>>["report"]) =>
    report.events.filter((event) => "about" in event && event.about === "silent-address").length;

  it("are delivered in both directions, and no PMTU is cached", async () => {
    const on = await chain();
    const { fragments, report } = await trace(on);
    expect(fragments).toEqual(["delivered", "delivered"]);
    expect(report.sizes?.fragments.inbound.evidence).not.toEqual([]);
    expect(asked(report)).toBe(1);
    expect(await on.ip("guest", `-${family}`, "route", "get", SITE[family])).not.toContain("mtu");
  });

  it("that are dropped on the outbound path are lost there, and nothing is reported of the inbound path", async () => {
    const on = await chain();
    await dropFragments(on, "i0");
    expect((await trace(on)).fragments).toEqual(["lost", "unknown"]);
  });

  it("that are dropped on the inbound path are not blamed on the outbound path", async () => {
    const on = await chain();
    await dropFragments(on, "o1");
    expect((await trace(on)).fragments).toEqual(["delivered", "unknown"]);
  });

  it("need echo requests for the inbound path", async () => {
    const { fragments, inbound } = await trace(await chain(false));
    expect(fragments).toEqual(["delivered", "unknown"]);
    expect(inbound?.reason).toContain("ping");
  });

  it("go as raw packets where root has no ping sockets", async () => {
    const { fragments } = await traceAs(await chain(false), "root");
    expect(fragments).toEqual(["delivered", "delivered"]);
    const on = await chain(false);
    await dropFragments(on, "o1");
    expect((await traceAs(on, "root")).fragments).toEqual(["delivered", "unknown"]);
  });

  it("and echo replies prove nothing where an address that nobody has answers too", async () => {
    const on = await chain();
    await on.ip("r1", "addr", "add", nobody, "dev", "lo");
    const { report, fragments } = await trace(on);
    const echo = report.sizes?.protocols.find(({ protocol }) => protocol === "icmp");
    // Over IPv6 the kernel would cache PMTUs from ICMP, so that none are sent.
    if (family === 4) expect(echo?.outbound).toMatchObject({ bytes: null, basis: "unknown" });
    if (family === 4) expect(echo?.outbound.reason).toContain("nobody has");
    expect(fragments).toEqual(["delivered", "unknown"]);
  });

  it("and no such answer is requested where it was ruled out", async () => {
    const { report } = await trace(await chain(), "--silent-address", "none");
    expect(asked(report)).toBe(0);
  });
});

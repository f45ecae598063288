// Every packet of a run by root is marked: names over UDP and TCP, QUIC, portal checks, a proxy and the direct request beside it.

import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Report } from "../../src/schema/report.ts";
import { makeAuthority } from "./independent/certificate.ts";
import { createChain, SITE } from "./independent/chain.ts";
import type { Net } from "./independent/net.ts";
import { createFolder, tracePath } from "./independent/tool.ts";

const program = (name: string) => path.join(import.meta.dirname, "independent", name);
const NAME = "shop.example.test";
const ROUTER = { 4: "10.91.0.2", 6: "2001:db8:91::2" } as const;
const folder = createFolder();
afterAll(() => folder.remove());

const files = { shop: ["", ""], other: ["", ""], ca: "" };
beforeAll(async () => {
  const world = await makeAuthority("World");
  const shop = await world({ name: NAME });
  const other = await world({ name: "other.example.test", selfSigned: true });
  const pair = (name: string, made: { readonly key: string; readonly certificate: string }) => [
    folder.file(`${name}.key`, made.key),
    folder.file(`${name}.pem`, made.certificate),
  ];
  files.shop = pair("shop", shop);
  files.other = pair("other", other);
  files.ca = folder.file("ca.pem", shop.ca);
});

let net: Net | undefined;
afterEach(async () => {
  await net?.remove();
  net = undefined;
});

/** What the guest sends without the mark, each by its kind; the kernel's own (neighbours, resets) have none. */
const COUNTERS = `table inet marks {
  counter marked { }
  counter others { }
  chain leaving {
    type filter hook output priority 0; policy accept;
    oifname "lo" return
    meta l4proto ipv6-icmp icmpv6 type != echo-request return
    tcp flags & rst == rst return
    meta mark & 0xffff0000 == 0x57540000 counter name "marked" return
    counter name "others" log prefix "unmarked "
  }
}
`;

async function counted(on: Net, name: string): Promise<number> {
  const text = await on.run("guest", "nft", "list", "counter", "inet", "marks", name);
  return Number(/packets (\d+)/.exec(text)?.[1]);
}

async function shop(certificate: readonly string[]): Promise<Net> {
  ({ net } = await createChain([1500, 1500, 1500]));
  const node = process.execPath;
  const argv = [...certificate, "443", "9000", 'h3=":443"'];
  await net.serve("site", node, program("tls-server.mjs"), ...argv);
  await net.serve("r1", node, program("http-proxy.mjs"), "::", "3128");
  for (const address of [SITE[4], SITE[6]]) {
    await net.serve("site", node, program("quic-server.mjs"), address);
  }
  for (const address of [ROUTER[4], ROUTER[6]]) {
    const names = [address, NAME, SITE[4], SITE[6]];
    await net.serve("r1", node, program("dns-server.mjs"), ...names);
  }
  await net.nft("guest", COUNTERS);
  return net;
}

/** As root; the C library's own look-up, in a program of its own, is left without servers. */
async function traced(on: Net, family: 4 | 6, env = {}): Promise<Report> {
  const resolvConf = folder.file("resolv.conf", `nameserver ${ROUTER[family]}\n`);
  const nsswitch = folder.file("nsswitch.conf", "hosts: files\n");
  const args = [`https://${NAME}/`, `-${family}`, "--ca", files.ca, "--host-snapshot", "none"];
  const options = { resolvConf, nsswitch, env, privilege: "root" } as const;
  return (await tracePath(on, args, options)).report;
}

const kinds = ({ events }: Report) => new Set(events.map(({ kind }) => kind));
const transports = ({ events }: Report) =>
  new Set(events.flatMap((event) => (event.kind === "dns-reply" ? [event.transport] : [])));

describe.each([4, 6] as const)("over IPv%i", (family) => {
  it("names over UDP and TCP, the routers' names and QUIC", async () => {
    const on = await shop(files.shop);
    const report = await traced(on, family);
    expect(transports(report)).toEqual(new Set(["udp", "tcp"]));
    expect([...kinds(report)]).toEqual(expect.arrayContaining(["hop-name", "quic-probe"]));
    expect(await counted(on, "others")).toBe(0);
    expect(await counted(on, "marked")).toBeGreaterThan(0);
  });

  it("what looks for a captive portal", async () => {
    const on = await shop(files.other);
    const report = await traced(on, family);
    expect([...kinds(report)]).toEqual(expect.arrayContaining(["portal-check", "wildcard-check"]));
    expect(await counted(on, "others")).toBe(0);
  });

  it("a proxy, and the direct request beside it", async () => {
    const on = await shop(files.shop);
    const at = family === 4 ? ROUTER[4] : `[${ROUTER[6]}]`;
    const report = await traced(on, family, { https_proxy: `http://${at}:3128` });
    expect([...kinds(report)]).toEqual(expect.arrayContaining(["proxy-config", "direct-attempt"]));
    expect(await counted(on, "others")).toBe(0);
  });
});

// Captive portals that answer https themselves, and what only looks like one: guest - r1 - site, with the portal on r1.

import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { makeAuthority } from "./independent/certificate.ts";
import { createChain, SITE } from "./independent/chain.ts";
import type { Net } from "./independent/net.ts";
import { createFolder, tracePath } from "./independent/tool.ts";

const HERE = path.join(import.meta.dirname, "independent");
const program = (name: string) => path.join(HERE, name);
const NAME = "shop.example.test";
const ROUTER = "10.91.0.2";
const folder = createFolder();
afterAll(() => folder.remove());

const files = { portal: ["", ""], shop: ["", ""], ca: "" };
beforeAll(async () => {
  const [lobby, world] = [await makeAuthority("Lobby"), await makeAuthority("World")];
  const portal = await lobby({ name: "login.hotel.test", selfSigned: true });
  const shop = await world({ name: NAME });
  const write = (name: string, text: string) => folder.file(name, text);
  files.portal = [write("portal.key", portal.key), write("portal.pem", portal.certificate)];
  files.shop = [write("shop.key", shop.key), write("shop.pem", shop.certificate)];
  files.ca = write("ca.pem", shop.ca);
});

let net: Net | undefined;
afterEach(async () => {
  await net?.remove();
  net = undefined;
});

interface Wanted {
  /** Whose server listens on the router: it answers https and port 80. */
  readonly redirects: boolean;
  readonly dns: readonly string[];
}

async function hotel({ redirects, dns }: Wanted): Promise<Net> {
  ({ net } = await createChain([1500, 1500]));
  const node = process.execPath;
  await net.serve("site", node, program("tls-server.mjs"), ...files.shop, "443", "9000");
  await net.serve("r1", node, program("tls-server.mjs"), ...files.portal, "443", "900");
  await net.serve("r1", node, program("captive-portal-server.mjs"), "0.0.0.0", "200", "");
  await net.serve("r1", node, program("dns-server.mjs"), ROUTER, NAME, ...dns);
  const rule = 'iifname "i0" tcp dport { 80, 443 } redirect';
  const chain = `chain c { type nat hook prerouting priority -100; ${rule}; };`;
  if (redirects) await net.nft("r1", `table ip portal { ${chain} }\n`);
  return net;
}

async function told(on: Net, privilege: "none" | "root") {
  const resolvConf = folder.file("resolv.conf", `nameserver ${ROUTER}\n`);
  const args = [`https://${NAME}/`, "-4", "--ca", files.ca, "--host-snapshot", "none"];
  const { report } = await tracePath(on, args, { resolvConf, privilege });
  const findings = report.findings.filter(({ severity }) => severity !== "note");
  return [report.verdict, ...findings.map(({ cause }) => cause)];
}

describe.each(["none", "root"] as const)("with privilege %s", (privilege) => {
  it("a portal that takes every address, with a certificate of its own", async () => {
    const on = await hotel({ redirects: true, dns: [SITE[4]] });
    expect(await told(on, privilege)).toEqual(["fault", "captive-portal"]);
  });

  it("a portal that every name leads to", async () => {
    const on = await hotel({
      redirects: false,
      dns: [ROUTER, "", JSON.stringify({ every: true })],
    });
    expect(await told(on, privilege)).toEqual(["fault", "captive-portal"]);
  });

  it("a server of the house with a certificate of its own is none", async () => {
    const on = await hotel({ redirects: false, dns: [ROUTER] });
    expect(await told(on, privilege)).not.toContain("captive-portal");
  });

  it("a name server that has an address for every other name is none", async () => {
    const on = await hotel({
      redirects: false,
      dns: [SITE[4], "", JSON.stringify({ every: true })],
    });
    expect(await told(on, privilege)).toEqual(["healthy"]);
  });
});

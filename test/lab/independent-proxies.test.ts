// Proxies, login pages, clocks and dead IPv6 in networks that the product did not build.

import { describe, expect, it } from "vitest";
import { makeAuthority } from "./independent/certificate.ts";
import { causes, onThePath } from "./independent/dns.ts";
import type { Net } from "./independent/net.ts";
import { OFFICE, officeSnapshot } from "./independent/office.ts";
import { officeTests } from "./independent/office-tests.ts";
import { tracePath } from "./independent/tool.ts";

const at = (file: string) => new URL(`./independent/${file}`, import.meta.url).pathname;
const site = officeTests(3);
const { folder } = site;
const URL4 = `https://${OFFICE.site4}/`;

const office = (serve = true) => site.office(serve ? { bytes: 900 } : {});

const trace = async (on: Net, target: string, env = {}, host = "none", hosts = "") =>
  (await tracePath(on, [target, "--ca", site.files.ca, "--host-snapshot", host], { env, hosts }))
    .report;

const withProxy = (proxy: unknown) => {
  const made = JSON.parse(JSON.stringify(officeSnapshot(1500)));
  made.sources.proxy = proxy;
  return folder.file("host.json", JSON.stringify(made));
};

describe("a proxy", () => {
  it("that wants TLS is spoken to in TLS", async () => {
    const on = await office();
    await on.serve("far", process.execPath, at("http-proxy.mjs"), OFFICE.far4, "3128");
    const argv = [site.files.key, site.files.certificate, OFFICE.far4, "3443", "3128"];
    await on.serve("far", process.execPath, at("tls-front.mjs"), ...argv);
    const works = await trace(on, URL4, { https_proxy: `https://${OFFICE.far4}:3443` });
    expect([works.verdict, works.findings]).toEqual(["healthy", []]);
    const page = at("captive-portal-server.mjs");
    await on.serve("site", process.execPath, page, OFFICE.site4, "200", "http://a.test/");
    const plainTarget = `http://${OFFICE.site4}/`;
    const over = await trace(on, plainTarget, { http_proxy: `https://${OFFICE.far4}:3443` });
    // One answer is small; many at once fill whole segments.
    expect([over.verdict, causes(over)]).toEqual(["healthy", []]);
    // Somebody is there, and speaks no TLS.
    const plain = await trace(on, URL4, { https_proxy: `https://${OFFICE.far4}:3128` });
    expect(causes(plain)).toEqual(["proxy-refuses fault"]);
  });

  it("that speaks SOCKS 5 is greeted, and its refusal is no death", async () => {
    const on = await office();
    const argv = [OFFICE.far4, "1080", OFFICE.site4];
    await on.serve("far", process.execPath, at("socks-server.mjs"), ...argv);
    const env = { all_proxy: `socks5h://${OFFICE.far4}:1080` };
    expect((await trace(on, URL4, env)).findings).toEqual([]);
    const refused = await trace(on, `https://${OFFICE.site4}:444/`, env);
    expect(causes(refused)).toEqual(["proxy-refuses fault"]);
    const dead = await trace(on, URL4, { all_proxy: `socks5://${OFFICE.far4}:1081` });
    expect(causes(dead)).toEqual(["proxy-set-but-dead fault"]);
  });

  it("is healthy where it is the only outbound path, and refuses where it wants a login", async () => {
    const on = await office();
    await on.serve("far", process.execPath, at("http-proxy.mjs"), OFFICE.far4, "3128");
    await on.serve("far", process.execPath, at("http-proxy.mjs"), OFFICE.far4, "3129", "407");
    await onThePath(on, 'iifname "peer0" tcp dport { 80, 443 } drop');
    const works = await trace(on, URL4, { https_proxy: `http://me:s3cret@${OFFICE.far4}:3128` });
    expect([works.verdict, works.findings]).toEqual(["healthy", []]);
    expect(JSON.stringify(works)).not.toContain("s3cret");
    const refused = await trace(on, URL4, { https_proxy: `http://${OFFICE.far4}:3129` });
    expect(causes(refused)).toEqual(["proxy-refuses fault"]);
    // To use none would only change what fails.
    expect(refused.findings[0]?.fixes).toEqual([]);
  });

  it("on the distro's own loopback needs no sizes", async () => {
    const on = await office();
    await on.serve("guest", process.execPath, at("http-proxy.mjs"), "127.0.0.1", "3128");
    const works = await trace(on, URL4, { https_proxy: "http://localhost:3128" });
    expect([works.verdict, works.findings]).toEqual(["healthy", []]);
    const dead = await trace(on, URL4, { https_proxy: "http://127.0.0.1:3129" });
    expect(causes(dead)).toEqual(["proxy-set-but-dead fault"]);
    expect(dead.findings[0]?.fixes).not.toEqual([]);
  });

  it("behind a silent size limit is not blamed for it", async () => {
    const on = await site.office({ bytes: 40_000, network: { tunnelMtu: 1380, farSilent: true } });
    await on.serve("site", process.execPath, at("http-proxy.mjs"), OFFICE.site4, "3128");
    const report = await trace(on, URL4, { https_proxy: `http://${OFFICE.site4}:3128` });
    expect(causes(report)).toEqual(["pmtu-inbound-blackhole fault"]);
    expect(report.pmtu.inbound.bytes).toBe(1380);
  });

  it("of Windows is found to be the only outbound path", async () => {
    const on = await office();
    await on.serve("far", process.execPath, at("http-proxy.mjs"), OFFICE.far4, "3128");
    await onThePath(on, 'iifname "peer0" tcp dport 443 drop');
    const host = withProxy({ ProxyEnable: 1, ProxyServer: `${OFFICE.far4}:3128` });
    expect(causes(await trace(on, URL4, {}, host))).toEqual(["proxy-required-but-unset fault"]);
    const none = withProxy({ ProxyEnable: 0, ProxyServer: `${OFFICE.far4}:3128` });
    expect(causes(await trace(on, URL4, {}, none))).toEqual(["port-filtered fault"]);
  });

  it("on Windows' loopback is out of reach", async () => {
    const on = await office();
    const host = withProxy({ ProxyEnable: 1, ProxyServer: "127.0.0.1:8888" });
    const report = await trace(on, URL4, { https_proxy: "http://127.0.0.1:8888" }, host);
    expect(causes(report)).toEqual(["proxy-localhost-not-mirrored fault"]);
  });
});

describe("a login page", () => {
  /** Port 80 of every address leads to the far router's page. */
  const intercept = (on: Net) =>
    on.nft(
      "far",
      "table ip p { chain b { type nat hook prerouting priority -100; tcp dport 80 redirect; }; }\n",
    );

  it("that answers for every address is distinguished from interception", async () => {
    const on = await office();
    await on.serve(
      "far",
      process.execPath,
      at("captive-portal-server.mjs"),
      "0.0.0.0",
      "302",
      "http://login.hotel.test/",
    );
    await intercept(on);
    const args = [`https://${OFFICE.site4}/`, "--host-snapshot", "none"];
    expect(causes((await tracePath(on, args)).report)).toEqual(["captive-portal fault"]);
  });

  it("of the server itself is a redirect", async () => {
    const on = await office();
    await on.serve(
      "site",
      process.execPath,
      at("captive-portal-server.mjs"),
      OFFICE.site4,
      "302",
      "http://www.example.test/",
    );
    expect(causes(await trace(on, `http://${OFFICE.site4}/`))).toEqual([]);
  });
});

describe("the clock", () => {
  const DAY_MS = 86_400_000;
  const inDays = (days: number) => new Date(Date.now() + days * DAY_MS);

  it("that is behind makes a certificate not valid yet", async () => {
    const on = await office(false);
    const sign = await makeAuthority("Test Authority");
    const made = await sign({
      name: "web.example.test",
      addresses: [OFFICE.site4],
      notBefore: inDays(10),
      notAfter: inDays(90),
    });
    const file = (name: string, text: string) => folder.file(name, text);
    const argv = [file("l.key", made.key), file("l.pem", made.certificate), "443", "900", ""];
    await on.serve(
      "site",
      process.execPath,
      at("tls-server.mjs"),
      ...argv,
      inDays(20).toUTCString(),
    );
    const ca = file("l-ca.pem", made.ca);
    const args = [URL4, "--ca", ca, "--host-snapshot", "none"];
    expect(causes((await tracePath(on, args)).report)).toEqual(["clock-skew fault"]);
  });
});

describe("IPv6", () => {
  it("that is preferred and dead costs time", async () => {
    const on = await office();
    await onThePath(on, "meta nfproto ipv6 drop");
    const hosts = folder.file(
      "hosts",
      `${OFFICE.site6} web.example.test\n${OFFICE.site4} web.example.test\n`,
    );
    const report = await trace(on, "https://web.example.test/", {}, "none", hosts);
    expect(causes(report)).toEqual(["ipv6-preferred-but-dead warning"]);
  });
});

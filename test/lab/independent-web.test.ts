// Beside the direct connection over TCP: QUIC to the same port, and the proxy that the environment names.

import { describe, expect, it } from "vitest";
import type { Report } from "../../src/schema/report.ts";
import { causes, onThePath } from "./independent/dns.ts";
import type { Net } from "./independent/net.ts";
import { OFFICE } from "./independent/office.ts";
import { officeTests } from "./independent/office-tests.ts";
import { tracePath } from "./independent/tool.ts";

const at = (file: string) => new URL(`./independent/${file}`, import.meta.url).pathname;
const site = officeTests(3);

const office = (altSvc = "") => site.office({ bytes: 9000, altSvc });

async function trace(
  on: Net,
  url: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Report> {
  const args = [url, "--ca", site.files.ca, "--host-snapshot", "none"];
  return (await tracePath(on, args, { env })).report;
}

const H3 = 'h3=":443"; ma=86400';
const quic = (report: Report) => report.events.filter(({ kind }) => kind === "quic-probe");

describe.each([
  { family: "IPv4", url: `https://${OFFICE.site4}/`, address: OFFICE.site4 },
  { family: "IPv6", url: `https://[${OFFICE.site6}]/`, address: OFFICE.site6 },
])("QUIC over $family", ({ url, address }) => {
  it("that is answered is no finding", async () => {
    const on = await office(H3);
    await on.serve("site", process.execPath, at("quic-server.mjs"), address);
    const report = await trace(on, url);
    expect([report.verdict, report.findings]).toEqual(["healthy", []]);
    expect(quic(report)).toMatchObject([
      { outcome: { kind: "version-negotiation", versions: ["0x1", "0x6b3343cf"] } },
    ]);
  });

  it("that is dropped on the path is a note, and the verdict stays healthy", async () => {
    const on = await office(H3);
    await on.serve("site", process.execPath, at("quic-server.mjs"), address);
    await onThePath(on, "udp dport 443 drop");
    const report = await trace(on, url);
    expect([report.verdict, causes(report)]).toEqual(["healthy", ["quic-blocked note"]]);
  });

  it("that nobody offers is not requested, and its silence is no evidence", async () => {
    const on = await office();
    await onThePath(on, "udp dport 443 drop");
    const report = await trace(on, url);
    expect([report.verdict, report.findings]).toEqual(["healthy", []]);
    expect(quic(report)).toEqual([]);
    expect(report.notChecked.map(({ cause }) => cause)).toContain("quic-blocked");
  });
});

describe("a proxy of the environment", () => {
  const url = `https://${OFFICE.site4}/`;
  const proxy = (port: number) => ({ https_proxy: `http://user:secret@${OFFICE.far4}:${port}/` });
  const connect = ({ stages }: Report) => stages.find(({ stage }) => stage === "connect")?.detail;

  it("is taken, the direct connection tried beside it, and its password is reported nowhere", async () => {
    const on = await office();
    await on.serve("far", process.execPath, at("http-proxy.mjs"), OFFICE.far4, "3128");
    const report = await trace(on, url, proxy(3128));
    expect([report.verdict, report.findings]).toEqual(["healthy", []]);
    expect(connect(report)).toContain(`https_proxy names, http://${OFFICE.far4}:3128`);
    expect(connect(report)).toContain("without it the request works");
    expect(JSON.stringify(report)).not.toContain("secret");
  });

  it("that refuses is reported with its status", async () => {
    const on = await office();
    await on.serve("far", process.execPath, at("http-proxy.mjs"), OFFICE.far4, "3128", "407");
    const report = await trace(on, url, proxy(3128));
    expect(connect(report)).toContain("which answers: HTTP/1.1 407 Refused");
  });

  it("that is dead is reported, while the direct connection works", async () => {
    const on = await office();
    const report = await trace(on, url, proxy(3129));
    expect([report.verdict, causes(report)]).toEqual(["fault", ["proxy-set-but-dead fault"]]);
    expect(connect(report)).toContain("the answer was a reset (ECONNREFUSED)");
  });

  it("that no_proxy exempts the target from is named and left alone", async () => {
    const on = await office();
    const env = { ...proxy(3128), no_proxy: "localhost,198.51.100.0/24" };
    const report = await trace(on, url, env);
    expect(connect(report)).toContain("does not apply (no_proxy holds 198.51.100.0/24)");
    expect(report.events.some(({ kind }) => kind === "proxy-attempt")).toBe(false);
  });

  it("for plain HTTP gets the whole URL", async () => {
    const on = await office();
    await on.serve("far", process.execPath, at("http-proxy.mjs"), OFFICE.far4, "3128");
    await on.serve("site", process.execPath, at("http-proxy.mjs"), OFFICE.site4, "80");
    const env = { http_proxy: `${OFFICE.far4}:3128` };
    const report = await trace(on, `http://${OFFICE.site4}/`, env);
    expect(connect(report)).toContain("this is the proxy that http_proxy names");
    expect(report.stages.find(({ stage }) => stage === "http")?.detail).toContain("200 OK");
  });
});

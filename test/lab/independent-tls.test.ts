// Who ends TLS on the path: filters that read names, middleboxes that sign anew, servers with odd certificates.

import { describe, expect, it } from "vitest";
import type { Report } from "../../src/schema/report.ts";
import { makeAuthority, type Wanted } from "./independent/certificate.ts";
import { causes } from "./independent/dns.ts";
import type { Net } from "./independent/net.ts";
import { OFFICE, type OfficeOptions } from "./independent/office.ts";
import { officeTests } from "./independent/office-tests.ts";
import { makeServerFiles, startServer } from "./independent/server.ts";
import { tracePath } from "./independent/tool.ts";

const NAME = "web.example.test";
const BOX = new URL("./independent/sni-middlebox.mjs", import.meta.url).pathname;
const site = officeTests(3);
const { folder } = site;

const office = (network: OfficeOptions = { tunnelMtu: 1500 }) => site.office({ network });

/** Puts a middlebox into the far router that gets every connection to port 443. */
async function addMiddlebox(on: Net, mode: string, name = NAME, certificates = ""): Promise<void> {
  await on.serve("far", process.execPath, BOX, mode, name, OFFICE.site4, certificates);
  await on.nft(
    "far",
    `table inet box {
      chain before {
        type nat hook prerouting priority -100; policy accept;
        iifname "peer0" tcp dport 443 redirect to :8443
      }
    }
    `,
  );
}

const FAMILIES = [
  { family: "IPv4", address: OFFICE.site4 },
  { family: "IPv6", address: OFFICE.site6 },
] as const;

/** The hosts file names the server, so no resolver is needed. */
async function trace(on: Net, address: string, ca = site.files.ca): Promise<Report> {
  const hosts = folder.file("hosts", `${address} ${NAME}\n`);
  const args = [NAME, "--ca", ca, "--host-snapshot", "none"];
  return (await tracePath(on, args, { hosts })).report;
}

const stage = (report: Report, name: string) =>
  report.stages.find((one) => one.stage === name)?.detail;

describe.each(FAMILIES)("over $family, a middlebox on the path", ({ address }) => {
  it.each(["reset", "mute"])("that reads the name and answers with %s is found", async (mode) => {
    const on = await office();
    await startServer(on, site.files, 9000);
    await addMiddlebox(on, mode);
    const report = await trace(on, address);
    expect(causes(report)).toEqual(["tls-middlebox-reset fault"]);
    expect(report.findings[0]?.summary).toContain("example.com");
  });

  it("that cuts every name is not called one that reads them", async () => {
    const on = await office();
    await startServer(on, site.files, 9000);
    await addMiddlebox(on, "reset", "");
    const report = await trace(on, address);
    expect(report.findings).toMatchObject([{ cause: "connection-closed", segment: null }]);
  });

  it("that takes no ClientHello of two segments stops those who send one", async () => {
    const on = await office();
    await startServer(on, site.files, 9000);
    await addMiddlebox(on, "short");
    const report = await trace(on, address);
    expect([report.verdict, causes(report)]).toEqual([
      "degraded",
      ["tls-large-hello-lost warning"],
    ]);
  });
});

it("a black hole for the server's answers is not taken for a middlebox that reads names", async () => {
  const big = await makeServerFiles(folder, "big", 90);
  const on = await office({ tunnelMtu: 1400, farSilent: true });
  await startServer(on, big, 9000);
  const report = await trace(on, OFFICE.site4, big.ca);
  expect(causes(report)[0]).toBe("pmtu-inbound-blackhole fault");
  expect(causes(report).join()).not.toContain("tls-middlebox-reset");
});

describe("a certificate that does not verify", () => {
  const CASES: readonly {
    readonly problem: string;
    readonly wanted: Partial<Wanted>;
    readonly trusted: boolean;
  }[] = [
    { problem: "expired", wanted: { notAfter: new Date("2020-01-01") }, trusted: true },
    { problem: "not-yet-valid", wanted: { notBefore: new Date("2090-01-01") }, trusted: true },
    { problem: "wrong-name", wanted: { name: "other.example.test" }, trusted: true },
    { problem: "unknown-issuer", wanted: {}, trusted: false },
    { problem: "self-signed", wanted: { selfSigned: true }, trusted: false },
    { problem: "unknown-issuer", wanted: { names: ["example.com"] }, trusted: false },
  ];

  it.each(CASES)("is reported as $problem $wanted, and is no fault of the path", async (one) => {
    const issue = await makeAuthority("Odd Authority");
    const times = { notBefore: new Date("2019-01-01"), notAfter: new Date("2099-01-01") };
    const made = await issue({ name: NAME, ...times, ...one.wanted });
    const key = folder.file("odd.key", made.key);
    const certificate = folder.file("odd.pem", made.certificate);
    const on = await office();
    await startServer(on, { key, certificate }, 9000);
    const ca = one.trusted ? folder.file("odd-ca.pem", made.ca) : site.files.ca;
    const report = await trace(on, OFFICE.site4, ca);
    expect([report.verdict, causes(report)]).toEqual(["healthy", []]);
    const seen = report.events.find(({ kind }) => kind === "certificate");
    expect(seen).toMatchObject({ authorized: false, problem: one.problem });
    expect(stage(report, "tls")).toContain("does not verify");
  });
});

describe("a middlebox that signs anew", () => {
  it.each(FAMILIES)("for every name is found over $family", async ({ address }) => {
    const issue = await makeAuthority("Inspecting Box");
    const times = { notBefore: new Date("2019-01-01"), notAfter: new Date("2099-01-01") };
    const [own, other] = await Promise.all([
      issue({ name: NAME, ...times }),
      issue({ name: "example.com", ...times }),
    ]);
    const known = {
      [NAME]: { key: own.key, cert: own.certificate },
      "example.com": { key: other.key, cert: other.certificate },
    };
    const on = await office();
    await startServer(on, site.files, 9000);
    await addMiddlebox(on, "inspect", NAME, folder.file("known.json", JSON.stringify(known)));
    const report = await trace(on, address);
    expect(causes(report)).toEqual(["tls-inspection-untrusted-ca fault"]);
    const trusted = await trace(on, address, folder.file("box-ca.pem", own.ca));
    // The box ends each connection behind one small answer.
    expect([trusted.verdict, causes(trusted)]).toEqual(["inconclusive", []]);
  });
});

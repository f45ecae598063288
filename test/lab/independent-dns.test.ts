// `wsl-trace dns` in networks that the product did not build: sizes, TCP, search lists, stubs, and answers by code.

import { describe, expect, it } from "vitest";
import { askNames, causes, NAME, onThePath, serveNames } from "./independent/dns.ts";
import { OFFICE, officeSnapshot } from "./independent/office.ts";
import { officeTests } from "./independent/office-tests.ts";
import { runTool } from "./independent/tool.ts";

const { folder, office } = officeTests(null);

const conf = (...servers: string[]) => ({
  resolvConf: folder.file(
    "resolv.conf",
    servers.map((server) => `nameserver ${server}\n`).join(""),
  ),
});

/** Some 50 addresses of 32 bytes each, as names are not compressed here. */
const MANY = { more: 50 };
const NO_TCP = "tcp dport 53 drop";
const noLarge = (bytes: number) => `udp sport 53 udp length > ${bytes} drop`;

describe("a resolver that answers", () => {
  it("is healthy for an ordinary user without a snapshot, and replays byte for byte", async () => {
    const on = await office();
    await serveNames(on, { txt: 900 });
    const recording = `${folder.path}/run.ndjson`;
    const asked = [NAME, "--record", recording];
    const { report, code, json } = await askNames(on, asked, conf(OFFICE.resolver4));
    expect([report.verdict, report.findings, code]).toEqual(["healthy", [], 0]);
    expect(report.target.address).not.toBeNull();
    const [server] = report.resolvers?.servers ?? [];
    expect(server).toMatchObject({ server: OFFICE.resolver4, status: "answers" });
    const texts = server?.sizes.filter(({ type }) => type === "TXT");
    expect(texts?.map(({ ednsBytes, result }) => `${ednsBytes} ${result}`)).toEqual([
      "512 cut",
      "1232 whole",
      "4096 whole",
    ]);
    const replayed = await runTool(on, "guest", ["replay", recording, "--json", "--no-redact"]);
    expect(replayed.stdout).toBe(json);
    const text = await runTool(on, "guest", ["replay", recording]);
    expect(text.stdout).toContain(`${OFFICE.resolver4} (resolv.conf): answers`);
    expect(text.stdout).not.toContain("Path MTU");
  });

  it("is queried beside Windows' own servers and Windows' answer", async () => {
    const on = await office();
    await serveNames(on);
    await on.ip("site", "addr", "add", "198.51.100.9/24", "dev", "eth0");
    await serveNames(on, { address: "198.51.100.9" });
    const made = JSON.parse(JSON.stringify(officeSnapshot(1500)));
    made.sources["Get-DnsClientNrptPolicy"] = { Namespace: ".", NameServers: "198.51.100.9" };
    made.sources.resolve = [{ name: NAME, addresses: ["203.0.113.5"], servers: [], ms: 7 }];
    const file = folder.file("host.json", JSON.stringify(made));
    const args = [NAME, "--host-snapshot", file];
    const { report } = await askNames(on, args, conf(OFFICE.resolver4));
    expect(report.resolvers?.servers.map(({ server, origin }) => [server, origin])).toEqual([
      [OFFICE.resolver4, "resolv.conf"],
      ["198.51.100.9", "nrpt"],
    ]);
    expect(report.resolvers?.windows).toMatchObject({ addresses: ["203.0.113.5"], ms: 7 });
  });

  it("is queried for one family only, on request", async () => {
    const on = await office();
    await serveNames(on, { aaaa: "" });
    const four = await askNames(on, [NAME, "-4"], conf(OFFICE.resolver4));
    expect([four.report.verdict, four.code]).toEqual(["healthy", 0]);
    const six = await askNames(on, [NAME, "-6"], conf(OFFICE.resolver4));
    expect(causes(six.report)).toEqual(["dns-name-does-not-exist fault"]);
    expect(six.report.target.address).toBeNull();
  });

  it("by a code is reported with that code", async () => {
    const on = await office();
    const addresses = ["198.51.100.61", "198.51.100.62", "198.51.100.63", "198.51.100.64"];
    const codes = ["REFUSED", "SERVFAIL", "NXDOMAIN", "NOERROR"];
    for (const [n, address] of addresses.entries()) {
      await on.ip("site", "addr", "add", `${address}/24`, "dev", "eth0");
      await serveNames(on, { address, rcode: codes[n], a: "", aaaa: "" });
    }
    const asked: unknown[] = [];
    for (const address of addresses) {
      const { report, code } = await askNames(on, [NAME], conf(address));
      asked.push([report.verdict, ...causes(report), code]);
    }
    expect(asked).toEqual([
      ["fault", "dns-server-refuses fault", 1],
      ["fault", "dns-server-fails fault", 1],
      ["fault", "dns-name-does-not-exist fault", 1],
      ["fault", "dns-name-does-not-exist fault", 1],
    ]);
  });
});

describe.each([
  { family: "IPv4", server: OFFICE.resolver4 },
  { family: "IPv6", server: OFFICE.site6 },
])("over $family, TCP to port 53", ({ server }) => {
  it("that is dropped is a fault where the answer needs it", async () => {
    const on = await office();
    await serveNames(on, { address: server, ...MANY });
    await onThePath(on, NO_TCP);
    const { report, code } = await askNames(on, [NAME], conf(server));
    expect([causes(report), code]).toEqual([["dns-tcp-blocked fault"], 1]);
    expect(report.findings[0]).toMatchObject({ segment: "resolver" });
    expect(report.findings[0]?.summary).toContain(server);
  });

  it("that is dropped is no fault where every answer fits a datagram", async () => {
    const on = await office();
    await serveNames(on, { address: server });
    await onThePath(on, NO_TCP);
    const { report, code } = await askNames(on, [NAME], conf(server));
    expect([report.verdict, report.findings, code]).toEqual(["healthy", [], 0]);
  });

  it("that brings what UDP cuts short is healthy", async () => {
    const on = await office();
    await serveNames(on, { address: server, ...MANY });
    const { report } = await askNames(on, [NAME], conf(server));
    expect([report.verdict, report.findings]).toEqual(["healthy", []]);
  });
});

describe("TCP to the first of two servers", () => {
  it("that nobody serves is a warning when the second answers", async () => {
    const on = await office();
    await on.ip("site", "addr", "add", "198.51.100.9/24", "dev", "eth0");
    await serveNames(on, { ...MANY, tcp: false });
    await serveNames(on, { address: "198.51.100.9", ...MANY });
    const { report, code } = await askNames(on, [NAME], conf(OFFICE.resolver4, "198.51.100.9"));
    expect([report.verdict, causes(report), code]).toEqual([
      "degraded",
      ["dns-tcp-blocked warning"],
      1,
    ]);
  });

  it("stops the whole path as well", async () => {
    const on = await office();
    await serveNames(on, { ...MANY, tcp: false });
    const args = ["path", NAME, "--host-snapshot", "none", "--json", "--no-redact"];
    const result = await runTool(on, "guest", args, conf(OFFICE.resolver4));
    expect(JSON.parse(result.stdout).findings[0].cause).toBe("dns-tcp-blocked");
  });
});

describe.each([
  { family: "IPv4", server: OFFICE.resolver4 },
  { family: "IPv6", server: OFFICE.site6 },
])("over $family, a large answer", ({ server }) => {
  it("that is lost over UDP is a warning while the plain question works", async () => {
    const on = await office();
    await serveNames(on, { address: server, ...MANY });
    await onThePath(on, noLarge(600));
    const { report, code } = await askNames(on, [NAME], conf(server));
    expect([report.verdict, causes(report), code]).toEqual([
      "degraded",
      ["dns-large-answer-lost warning"],
      1,
    ]);
  });

  it("that is lost although any server may send as much may be lost for its type: a fault, in both commands", async () => {
    const on = await office();
    await serveNames(on, { address: server, more: 9, aaaa: "" });
    await onThePath(on, noLarge(300));
    const { report } = await askNames(on, [NAME], conf(server));
    expect(causes(report)).toEqual(["dns-server-unreachable fault"]);
    expect(report.findings[0]?.summary).toContain("answers other queries");
    const args = ["path", NAME, "--host-snapshot", "none", "--json", "--no-redact"];
    const whole = await runTool(on, "guest", args, conf(server));
    expect(JSON.parse(whole.stdout).findings[0]).toMatchObject({
      cause: "dns-server-unreachable",
      severity: "fault",
    });
  });

  it("of a server that ignores EDNS is not called lost", async () => {
    const on = await office();
    await serveNames(on, { address: server, ...MANY, edns: false });
    const { report } = await askNames(on, [NAME], conf(server));
    expect([report.verdict, causes(report)]).toEqual(["healthy", ["dns-edns-dropped note"]]);
    expect(report.notChecked.map(({ cause }) => cause)).toContain("dns-large-answer-lost");
  });
});

describe("names that resolv.conf completes", () => {
  const NAMES = "search corp.example.test lab.example.test\n";
  const searching = (more = "") => ({
    resolvConf: folder.file("search.conf", `nameserver ${OFFICE.resolver4}\n${NAMES}${more}`),
  });

  it("are tried with each domain of the search list", async () => {
    const on = await office();
    await serveNames(on, { name: "intranet.lab.example.test" });
    const { report, code } = await askNames(on, ["intranet"], searching());
    expect([report.verdict, report.findings, code]).toEqual(["healthy", [], 0]);
    expect(report.resolvers?.names).toEqual([
      "intranet.corp.example.test",
      "intranet.lab.example.test",
    ]);
  });

  it("are tried as they stand first with as many dots as ndots", async () => {
    const on = await office();
    await serveNames(on);
    const first = await askNames(on, [NAME], searching());
    expect(first.report.resolvers?.names).toEqual([NAME]);
    const later = await askNames(on, [NAME], searching("options ndots:3\n"));
    expect(later.report.resolvers?.names.at(-1)).toBe(NAME);
    expect(later.report.verdict).toBe("healthy");
  });

  it("that nobody has do not exist, whatever was tried", async () => {
    const on = await office();
    await serveNames(on);
    const { report } = await askNames(on, ["intranet"], searching());
    expect(causes(report)).toEqual(["dns-name-does-not-exist fault"]);
  });
});

describe("what stands between a program and the server", () => {
  it("is a stub, and the servers behind it are queried as well", async () => {
    const on = await office();
    await serveNames(on);
    await serveNames(on, { host: "guest", address: "127.0.0.53", rcode: "SERVFAIL" });
    const upstreamConf = folder.file("upstream.conf", `nameserver ${OFFICE.resolver4}\n`);
    const { report } = await askNames(on, [NAME], { ...conf("127.0.0.53"), upstreamConf });
    expect(
      report.resolvers?.servers.map(({ server, origin, status }) => [server, origin, status]),
    ).toEqual([
      ["127.0.0.53", "resolv.conf", "fails"],
      [OFFICE.resolver4, "upstream", "answers"],
    ]);
    expect(report.resolvers?.servers[0]?.role).toContain(OFFICE.resolver4);
    expect(causes(report)).toEqual(["dns-server-fails fault"]);
  });

  it("is a stub whose servers are not to be read, and that is reported", async () => {
    const on = await office();
    await serveNames(on, { host: "guest", address: "127.0.0.53" });
    const { report } = await askNames(on, [NAME], conf("127.0.0.53"));
    expect(report.verdict).toBe("healthy");
    expect(report.resolvers?.servers[0]?.role).toContain("ENOENT");
  });

  it("is WSL's tunnel", async () => {
    const on = await office();
    await on.ip("guest", "addr", "add", "10.255.255.254/32", "dev", "lo");
    await serveNames(on, { host: "guest", address: "10.255.255.254" });
    const { report } = await askNames(on, [NAME], conf("10.255.255.254"));
    expect(report.verdict).toBe("healthy");
    expect(report.resolvers?.servers[0]?.role).toContain("tunnel");
  });

  it("is the hosts file, and the servers are queried beside it", async () => {
    const on = await office();
    await serveNames(on);
    const hosts = folder.file("hosts", `203.0.113.9 ${NAME}\n`);
    const { report } = await askNames(on, [NAME], { ...conf(OFFICE.resolver4), hosts });
    expect(report.target.address).toBe("203.0.113.9");
    expect(report.resolvers?.servers.map(({ origin }) => origin)).toEqual([
      "hosts-file",
      "resolv.conf",
    ]);
  });
});

it("refuses an address, and its message names what to give", async () => {
  const on = await office();
  const { code, stderr } = await runTool(on, "guest", ["dns", "192.0.2.1"]);
  expect(code).toBe(2);
  expect(stderr).toContain("give a name");
});

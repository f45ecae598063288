// What a C library takes from answers, and how it asks: records of other names, broken datagrams, two questions from one port.

import { describe, expect, it } from "vitest";
import { NAME, onThePath, type ServerOptions, serveNames } from "./independent/dns.ts";
import type { Net } from "./independent/net.ts";
import { OFFICE } from "./independent/office.ts";
import { officeTests } from "./independent/office-tests.ts";
import { tracePath } from "./independent/tool.ts";

const site = officeTests(90);

/** Windows has Tailscale's suffix, and the distro's search list lacks it. */
const MAGIC_DNS = new URL("./independent/magicdns.host.json", import.meta.url).pathname;

/** Traces the name with one server in resolv.conf, behind further lines. */
async function traced(
  server: ServerOptions,
  user: "root" | "none",
  lines = "",
  spoil: (on: Net) => Promise<void> = async () => undefined,
  shell?: string,
) {
  const net = await site.office({ bytes: 9000 });
  await serveNames(net, server);
  await spoil(net);
  const conf = site.folder.file("resolv.conf", `${lines}nameserver ${OFFICE.resolver4}\n`);
  const args = [NAME, "-4", "--ca", site.files.ca, "--host-snapshot", "none"];
  const { report, code } = await tracePath(net, args, {
    resolvConf: conf,
    privilege: user,
    ...(shell === undefined ? {} : { shell }),
  });
  const found = report.findings.map(({ cause, severity }) => `${cause} ${severity}`);
  return { verdict: report.verdict, found, address: report.target.address, code };
}

const HEALTHY = { verdict: "healthy", found: [], address: OFFICE.site4, code: 0 };

describe.each(["root", "none"] as const)("with the privileges of %s, an answer", (user) => {
  it("is what belongs to the asked name, whatever stands before it", async () => {
    expect(await traced({ glue: ["192.0.2.99", "192.0.2.98"] }, user)).toEqual(HEALTHY);
  });

  it("is reached through CNAMEs", async () => {
    const server = { alias: "edge.cdn.test", glue: ["192.0.2.99"] };
    expect(await traced(server, user)).toEqual(HEALTHY);
  });

  it("may follow a datagram that is none", async () => {
    expect(await traced({ garbage: "no message of DNS" }, user)).toEqual(HEALTHY);
  });

  it("may follow one that is cut off in a record", async () => {
    // The C library may take it for the answer, and find nothing: whether it does is chance, and told.
    const { found } = await traced({ garbage: "id" }, user);
    expect([[], ["libc-resolves-otherwise fault"]]).toContainEqual(found);
  });

  it("that never comes to the second question from one port delays every look-up", async () => {
    const { verdict, found, address } = await traced({ onePort: true }, user);
    expect([verdict, found, address]).toEqual([
      "degraded",
      ["dns-v6-query-delay warning"],
      OFFICE.site4,
    ]);
  });
});

describe.each(["root", "none"] as const)("with the privileges of %s, options", (user) => {
  it("that ask over TCP alone need no UDP", async () => {
    const noUdp = (on: Net) => onThePath(on, "udp dport 53 drop");
    expect(await traced({}, user, "options use-vc\n", noUdp)).toEqual(HEALTHY);
    expect((await traced({}, user, "", noUdp)).found).not.toEqual([]);
  });

  it("that ask one by one from sockets of their own need no second answer to one port", async () => {
    const onePort = { onePort: true };
    const own = "options single-request-reopen timeout:1\n";
    expect(await traced(onePort, user, own)).toEqual(HEALTHY);
    const { found } = await traced(onePort, user, "options single-request timeout:1\n");
    expect(found).toEqual(["dns-v6-query-delay warning"]);
  });

  it("that ask for no IPv6 address wait for none", async () => {
    const silent = { mute: ["AAAA"] };
    expect(await traced(silent, user, "options no-aaaa\n")).toEqual(HEALTHY);
    expect((await traced(silent, user)).found).toEqual(["dns-v6-query-delay warning"]);
  });

  it("do not make anybody ask a fourth server", async () => {
    const dead = [54, 55, 56].map((last) => `nameserver 198.51.100.${last}\n`).join("");
    const { verdict, found } = await traced({}, user, `options timeout:1 attempts:1\n${dead}`);
    expect([verdict, found]).toEqual(["fault", ["dns-server-unreachable fault"]]);
  });

  it("that rotate make a dead second server cost every other look-up its time-out", async () => {
    const dead = "nameserver 198.51.100.54\n";
    const behind = `options rotate\nnameserver ${OFFICE.resolver4}\n${dead}`;
    const { verdict, found } = await traced({}, user, behind);
    expect([verdict, found]).toEqual(["degraded", ["dns-server-unreachable warning"]]);
    const still = await traced({}, user, `nameserver ${OFFICE.resolver4}\n${dead}`);
    expect(still).toEqual(HEALTHY);
  });
});

const dead = "nameserver 198.51.100.54\n";

describe.each(["root", "none"] as const)("with the privileges of %s, a server", (user) => {
  it("that answers after four seconds is waited for, as the C library waits", async () => {
    const { verdict, found, address } = await traced({ delayMs: 4000 }, user);
    expect([verdict, found, address]).toEqual([
      "degraded",
      ["dns-server-slow warning"],
      OFFICE.site4,
    ]);
  });

  it("that answers after three seconds is too slow where resolv.conf gives it two", async () => {
    const { verdict, found } = await traced({ delayMs: 3000 }, user, "options timeout:1\n");
    expect([verdict, found]).toEqual(["fault", ["dns-server-unreachable fault"]]);
  });

  it("behind one that answers may be dead, and whoever stands there as well", async () => {
    const three = `nameserver ${OFFICE.resolver4}\n${dead}${dead}`;
    expect(await traced({}, user, three)).toEqual(HEALTHY);
  });

  it("that fails leaves the name unresolved", async () => {
    const { verdict, found } = await traced({ rcode: "SERVFAIL" }, user);
    expect([verdict, found]).toEqual(["fault", ["dns-server-fails fault"]]);
  });

  it("that answers with the unspecified address blocks the name", async () => {
    const { verdict, found } = await traced({ a: "0.0.0.0", aaaa: "::" }, user);
    expect([verdict, found]).toEqual(["fault", ["dns-name-blocked fault"]]);
  });

  it("that sends 700 bytes where the query allows 512 is a note", async () => {
    const { verdict, found } = await traced({ more: 40, oversize: true }, user);
    expect([verdict, found]).toEqual(["healthy", ["dns-answer-oversize note"]]);
  });

  it("that keeps denials to itself is up", async () => {
    const server = { name: "github.com", negative: false };
    const { verdict, found } = await traced(server, user);
    expect([verdict, found]).toEqual(["fault", ["dns-negative-answer-lost fault"]]);
  });

  it("that keeps them for the search list's names alone costs time", async () => {
    const search = "search corp.test\noptions ndots:3\n";
    const { verdict, found, address } = await traced({ negative: false }, user, search);
    expect([verdict, found, address]).toEqual([
      "degraded",
      ["dns-negative-answer-lost warning"],
      OFFICE.site4,
    ]);
  });

  it("that knows the suffix of Windows need not be the first", async () => {
    const net = await site.office({ bytes: 9000 });
    await net.ip("site", "addr", "add", "100.100.100.100/32", "dev", "lo");
    await net.ip("far", "route", "add", "100.100.100.100/32", "via", OFFICE.site4);
    await serveNames(net, { name: "nothing.test" });
    const name = "node1.tail1234.example.net";
    await serveNames(net, { address: "100.100.100.100", name });
    const servers = [OFFICE.resolver4, "100.100.100.100", "fec0:0:0:ffff::1"];
    const lines = servers.map((server) => `nameserver ${server}\n`).join("");
    const resolvConf = site.folder.file("resolv.conf", `search lan\n${lines}`);
    const args = ["node1", "--host-snapshot", MAGIC_DNS];
    const { report } = await tracePath(net, args, { resolvConf, privilege: user });
    expect(report.findings.map(({ cause }) => cause)).toContain("dns-suffix-missing");
    expect(report.findings.map(({ cause }) => cause)).not.toContain("dns-server-unreachable");
  });
});

describe.each(["root", "none"] as const)("with the privileges of %s, the C library", (user) => {
  const asked = async (name: string, more: Parameters<typeof tracePath>[2]) => {
    const net = await site.office({ bytes: 9000 });
    await serveNames(net);
    const conf = site.folder.file("resolv.conf", `nameserver ${OFFICE.resolver4}\n`);
    const args = [name, "-4", "--ca", site.files.ca, "--host-snapshot", "none"];
    const { report } = await tracePath(net, args, { resolvConf: conf, privilege: user, ...more });
    const found = report.findings.map(({ cause, severity }) => `${cause} ${severity}`);
    return { found, address: report.target.address };
  };

  it("that asks no name server finds nothing, whatever the servers answer", async () => {
    const nsswitch = site.folder.file("nsswitch.conf", "hosts: files\n");
    const { found } = await asked(NAME, { nsswitch });
    expect(found).toEqual(["libc-resolves-otherwise fault"]);
  });

  it("that has a name from elsewhere is believed, as programs do", async () => {
    // hostname(7): aliases of names without a dot, which no name server knows.
    const env = { HOSTALIASES: site.folder.file("aliases", `wiki ${NAME}\n`) };
    const { found, address } = await asked("wiki", { env });
    expect(address).toBe(OFFICE.site4);
    expect(found).toContain("libc-resolves-otherwise note");
    expect(found).not.toContain("dns-name-does-not-exist fault");
  });
});

/** As an ELF file names its loader; nobody runs it. */
const MUSL = "\u007fELF /lib/ld-musl-x86_64.so.1";

describe.each(["root", "none"] as const)(
  "with the privileges of %s, where the C library is musl",
  (user) => {
    const musl = (server: ServerOptions, lines: string) =>
      traced(server, user, lines, undefined, site.folder.file("shell", MUSL));

    it("a dead server in front costs nothing: all are asked at once", async () => {
      const dead = "options timeout:1\nnameserver 198.51.100.54\n";
      expect(await musl({}, dead)).toEqual(HEALTHY);
      expect((await traced({}, user, dead)).found).toEqual(["dns-server-unreachable warning"]);
    });

    it("options that it does not know change nothing", async () => {
      const noTcp = (on: Net) => onThePath(on, "tcp dport 53 drop");
      const lines = "options use-vc\n";
      const shell = site.folder.file("shell", MUSL);
      expect(await traced({}, user, lines, noTcp, shell)).toEqual(HEALTHY);
      expect((await traced({}, user, lines, noTcp)).found).not.toEqual([]);
    });
  },
);

// What a C library takes from answers, and how it asks: records of other names, broken datagrams, two questions from one port.

import { describe, expect, it } from "vitest";
import { NAME, onThePath, type ServerOptions, serveNames } from "./independent/dns.ts";
import type { Net } from "./independent/net.ts";
import { OFFICE } from "./independent/office.ts";
import { officeTests } from "./independent/office-tests.ts";
import { tracePath } from "./independent/tool.ts";

const site = officeTests(90);

/** Traces the name with one server in resolv.conf, behind further lines. */
async function traced(
  server: ServerOptions,
  user: "root" | "none",
  lines = "",
  spoil: (on: Net) => Promise<void> = async () => undefined,
) {
  const net = await site.office({ bytes: 9000 });
  await serveNames(net, server);
  await spoil(net);
  const conf = site.folder.file("resolv.conf", `${lines}nameserver ${OFFICE.resolver4}\n`);
  const args = [NAME, "-4", "--ca", site.files.ca, "--host-snapshot", "none"];
  const { report, code } = await tracePath(net, args, {
    resolvConf: conf,
    privilege: user,
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
    expect(await traced({ garbage: "id" }, user)).toEqual(HEALTHY);
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

  it("that rotate make a dead second server cost every other look-up its time-out", async () => {
    const dead = "nameserver 198.51.100.54\n";
    const behind = `options rotate\nnameserver ${OFFICE.resolver4}\n${dead}`;
    const { verdict, found } = await traced({}, user, behind);
    expect([verdict, found]).toEqual(["degraded", ["dns-server-unreachable warning"]]);
    const still = await traced({}, user, `nameserver ${OFFICE.resolver4}\n${dead}`);
    expect(still).toEqual(HEALTHY);
  });
});

// Real programs in networks that the product did not build, followed by an ordinary user: a NAT that stalls, a proxy, and where all is well.

import { describe, expect, it } from "vitest";
import { onThePath, serveNames } from "./independent/dns.ts";
import { ALL, setUpPrograms } from "./independent/followed.ts";
import { OFFICE } from "./independent/office.ts";
import { causesOf, many, type ProgramName } from "./independent/programs.ts";

const { programs, office } = setUpPrograms();

describe("behind a NAT that forgets a flow", () => {
  it.each(ALL)("%s stalls in the middle of a transfer", async (name) => {
    const on = await office();
    await onThePath(on, "tcp sport { 22, 80, 443 } ct reply bytes > 150000 drop");
    const seen = await programs().follow(on, programs().commands[name](), {
      hosts: programs().hosts,
    });
    expect(causesOf(seen), seen.stderr).toEqual(["transfer-stalls"]);
  });
});

describe("behind a proxy that refuses", () => {
  const PORT = "3129";
  const env = { https_proxy: `http://${OFFICE.far4}:${PORT}` };
  const behind = async () => {
    const on = await office();
    const proxy = new URL("./independent/http-proxy.mjs", import.meta.url).pathname;
    await on.serve("far", process.execPath, proxy, OFFICE.far4, PORT, "407");
    return on;
  };

  it.each<ProgramName>(["curl", "git over HTTPS", "apt", "npm"])(
    "%s gets nothing, and the proxy is named",
    async (name) => {
      const options = { hosts: programs().hosts, env };
      const seen = await programs().follow(await behind(), programs().commands[name](), options);
      expect(causesOf(seen), seen.stderr).toEqual(["proxy-refuses"]);
    },
  );

  it.each<ProgramName>(["git over SSH", "200"])(
    "%s does not take it, and is healthy",
    async (name) => {
      const options = { hosts: programs().hosts, env };
      const seen = await programs().follow(await behind(), programs().commands[name](), options);
      expect(seen.report.verdict, seen.stderr).toBe("healthy");
    },
  );
});

describe("where all is well", () => {
  /** As far as servers are: a connection that is over within a millisecond is nobody's where the machine is busy. */
  const FAR = { delayMs: 25 };

  it.each(ALL)("%s is healthy, and nothing is sent beside it", async (name) => {
    const options = { hosts: programs().hosts };
    // A flow after which nothing more is asked may have been broken off, and is asked about.
    const small = `http://${OFFICE.site4}/small`;
    const program = name === "200" ? many(small, small) : programs().commands[name]();
    const seen = await programs().follow(await office(FAR), program, options);
    expect([seen.report.verdict, seen.code], seen.stderr).toEqual(["healthy", 0]);
    expect(seen.report.packetsSent).toBe(0);
  });

  it("names that a server answers are followed as well", async () => {
    const on = await office(FAR);
    await serveNames(on);
    const resolvConf = programs().folder.file("live.conf", `nameserver ${OFFICE.resolver4}\n`);
    const seen = await programs().follow(on, programs().commands.curl(), { resolvConf });
    expect([seen.report.verdict, seen.code], seen.stderr).toEqual(["healthy", 0]);
  });
});

it("one of 200 connections hangs, and it is the one that is diagnosed", async () => {
  const on = await office();
  await onThePath(on, "tcp dport 444 drop");
  const seen = await programs().follow(
    on,
    many(`http://${OFFICE.site4}/small`, `http://${OFFICE.site4}:444/small`),
  );
  expect(causesOf(seen)).toEqual(["port-filtered"]);
  expect(seen.code).toBe(0);
  expect(seen.report.program?.connections).toBe(200);
  expect(seen.report.target).toMatchObject({ address: OFFICE.site4, port: 444 });
});

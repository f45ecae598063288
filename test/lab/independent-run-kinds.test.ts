// Programs of every other kind, followed by an ordinary user: what fails at once, what goes on after a failure, and what needs no network.

import { describe, expect, it } from "vitest";
import { NAME, onThePath, serveNames } from "./independent/dns.ts";
import { setUpPrograms } from "./independent/followed.ts";
import { OFFICE } from "./independent/office.ts";
import { causesOf } from "./independent/programs.ts";

const { programs, office } = setUpPrograms();

const SMALL = `http://${OFFICE.site4}/small`;
/** Nobody serves it. */
const REFUSED = `http://${OFFICE.site4}:81/`;
const shell = (script: string) => ["sh", "-c", script];
const get = (url: string, more = "") => `curl -sS -o /dev/null ${more} ${url}`;

describe("a program that nobody accepts", () => {
  it.each([
    ["fails at once", shell(get(REFUSED))],
    [
      "tries again and again, and calls its end a success",
      shell(`for n in 1 2 3; do ${get(REFUSED)}; sleep 0.5; done; true`),
    ],
    [
      "reaches another place, and calls its end a success",
      shell(`${get(SMALL)}; ${get(REFUSED)}; true`),
    ],
  ])("and that %s is told which port is closed", async (_, program) => {
    const seen = await programs().follow(await office(), program);
    expect(causesOf(seen), seen.stderr).toEqual(["port-refused"]);
  });

  it("with less patience than three seconds, and that calls its end a success, is not healthy", async () => {
    const on = await office();
    await onThePath(on, "tcp dport 444 drop");
    const impatient = get(`http://${OFFICE.site4}:444/`, "-m 2");
    const seen = await programs().follow(on, shell(`${get(SMALL)}; ${impatient}; true`));
    expect(causesOf(seen), seen.stderr).toEqual(["port-filtered"]);
  });
});

describe("of two name servers the first is dead", () => {
  it.each([
    ["for five seconds", ""],
    ["for a second", "options timeout:1\n"],
  ])("and a program that waits for it %s is not healthy", async (_, options) => {
    const on = await office();
    await serveNames(on);
    const servers = `nameserver 198.51.100.99\nnameserver ${OFFICE.resolver4}\n${options}`;
    const resolvConf = programs().folder.file("two.conf", servers);
    const seen = await programs().follow(on, programs().commands.curl(), { resolvConf });
    expect(seen.code, seen.stderr).toBe(0);
    expect(causesOf(seen), seen.stderr).toEqual(["dns-server-unreachable"]);
  });
});

it("one that falls back to IPv4 is told what is wrong with IPv6", async () => {
  const on = await office();
  await onThePath(on, `ip6 daddr ${OFFICE.site6} tcp dport 80 drop`);
  const both = `${OFFICE.site6} ${NAME}\n${OFFICE.site4} ${NAME}\n`;
  const hosts = programs().folder.file("both", both);
  const seen = await programs().follow(on, shell(get(`http://${NAME}/small`)), { hosts });
  expect(seen.code, seen.stderr).toBe(0);
  expect(seen.report.verdict, seen.stderr).toMatch(/degraded|fault|inconclusive/);
});

const SERVER = `require("node:net").createServer((one) => one.on("error", () => {})).listen(8080);
setTimeout(() => process.exit(0), 6000);`;

it("one that only listens blames no client that says nothing", async () => {
  const on = await office();
  const client = `until exec 3<>/dev/tcp/${OFFICE.guest4}/8080; do sleep 0.2; done 2>/dev/null; sleep 30`;
  await on.serve("box", "bash", "-c", `echo ready; ${client}`);
  const seen = await programs().follow(on, [process.execPath, "-e", SERVER]);
  expect(causesOf(seen), seen.stderr).toEqual([]);
  expect(seen.report.packetsSent).toBe(0);
  expect(seen.report.program?.connections, seen.stderr).toBe(1);
  expect(seen.report.program?.doing).toBeNull();
});

describe("one that never connects", () => {
  it.each([
    ["and ends well", shell("true")],
    ["and fails", shell("exit 3")],
    ["and waits for its input first", shell(`sleep 4 | cat; : ${SMALL}`)],
  ])("%s is neither healthy nor blamed", async (_, program) => {
    const seen = await programs().follow(await office(), program);
    expect(seen.report.verdict, seen.stderr).toBe("inconclusive");
    expect(seen.report.packetsSent).toBe(0);
  });
});

// Answers that do not come from the name server, and what looks like them: doubled packets, rotation, other transports.

import { describe, expect, it } from "vitest";
import {
  addForger,
  askNames,
  causes,
  copyQuestions,
  divertQuestions,
  NAME,
  serveNames,
} from "./independent/dns.ts";
import { OFFICE } from "./independent/office.ts";
import { officeTests } from "./independent/office-tests.ts";
import { runTool } from "./independent/tool.ts";

const { folder, office } = officeTests(null);

const conf = () => ({
  resolvConf: folder.file("resolv.conf", `nameserver ${OFFICE.resolver4}\n`),
});

/** The server's own answer comes behind the forger's, as it does from far away. */
const SLOW = { delayMs: 60 };
const FORGED = "203.0.113.66";

describe("a forger who answers before the server", () => {
  it.each([
    { what: "another address", forger: { a: FORGED } },
    { what: "that the name does not exist", forger: { rcode: "NXDOMAIN" } },
  ])("with $what is found in both commands", async ({ forger }) => {
    const on = await office();
    await serveNames(on, SLOW);
    await addForger(on, forger);
    await copyQuestions(on);
    const { report, code } = await askNames(on, [NAME], conf());
    expect([causes(report), code]).toEqual([["dns-answer-forged fault"], 1]);
    expect(report.findings[0]?.summary).toContain(OFFICE.site4);
    const args = ["path", NAME, "--host-snapshot", "none", "--json", "--no-redact"];
    const whole = await runTool(on, "guest", args, conf());
    expect(JSON.parse(whole.stdout).findings[0].cause).toBe("dns-answer-forged");
  });
});

describe("a server that answers each question twice", () => {
  it("because the network doubles packets is no forger", async () => {
    const on = await office();
    await serveNames(on);
    await copyQuestions(on, `${OFFICE.site4} device "lan0"`);
    const { report } = await askNames(on, [NAME], conf());
    expect([report.verdict, report.findings]).toEqual(["healthy", []]);
  });

  it("with addresses that it rotates is no forger either", async () => {
    const on = await office();
    const rotate = Array.from({ length: 7 }, (_, n) => `203.0.113.${n + 1}`);
    await serveNames(on, { rotate });
    await copyQuestions(on, `${OFFICE.site4} device "lan0"`);
    const { report } = await askNames(on, [NAME], conf());
    expect(causes(report)).toEqual([]);
    expect(report.notChecked.map(({ cause }) => cause)).toContain("dns-answer-forged");
    expect(report.events.filter(({ kind }) => kind === "dns-race").length).toBeGreaterThan(1);
  });
});

describe("UDP and TCP that are answered by different hosts", () => {
  it.each([
    { what: "denies the name", forger: { rcode: "NXDOMAIN" } },
    { what: "names this machine", forger: { a: "127.0.0.1" } },
  ])("are proof where one $what", async ({ forger }) => {
    const on = await office();
    await serveNames(on);
    await addForger(on, { address: "0.0.0.0", ...forger });
    await divertQuestions(on);
    const { report } = await askNames(on, [NAME], conf());
    expect(causes(report)).toEqual(["dns-answer-forged fault"]);
  });

  it("are worth a note where the addresses differ, as a load balancer's do", async () => {
    const on = await office();
    await serveNames(on);
    await addForger(on, { address: "0.0.0.0", a: "203.0.113.77" });
    await divertQuestions(on);
    const { report, code } = await askNames(on, [NAME], conf());
    expect([report.verdict, causes(report), code]).toEqual([
      "healthy",
      ["dns-answer-forged note"],
      0,
    ]);
  });
});

it("a server that rotates its addresses does not differ from itself", async () => {
  const on = await office();
  await serveNames(on, { rotate: ["203.0.113.1", "203.0.113.2", "203.0.113.3"] });
  const { report } = await askNames(on, [NAME], conf());
  expect([report.verdict, report.findings]).toEqual(["healthy", []]);
});

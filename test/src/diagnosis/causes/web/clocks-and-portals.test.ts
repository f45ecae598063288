// Wrong clocks, login pages, and IPv6 that is preferred and dead: what proves them, and what only looks like it.

import { describe, expect, test } from "vitest";
import { diagnosisOf as diagnose } from "../../../../../src/report/diagnosis.ts";
import type { EventBody } from "../../../../../src/schema/event.ts";
import type { CaptivePortalCheck } from "../../../../../src/schema/events/web.ts";
import { hostSnapshot, pathOf, TARGET, TARGET6, vantage } from "../../../../builders/events.ts";
import { run } from "../../../../builders/runs.ts";
import { failed, NO_REPLY, passing, unconnected } from "../../../../builders/tcp.ts";
import { plainHost, snapshotOf } from "../../../host/example.ts";

const judged = (events: readonly EventBody[]) =>
  diagnose(pathOf(...events)).findings.map(({ cause, severity }) => `${cause} ${severity}`);

const httpAnswer = (
  date: string | null,
  status = 200,
  location: string | null = null,
): EventBody => ({
  kind: "http-answer",
  attempt: "t1",
  status,
  location,
  date,
});

/** The builders' certificate is of 2026; the run begins on 2026-11-22 at 10:00. */
const dated = (problem: "expired" | "not-yet-valid" | null, years = [2026, 2027]) =>
  passing("t1").map((event) =>
    event.kind === "certificate"
      ? {
          ...event,
          authorized: problem === null,
          error: problem,
          problem,
          validFrom: `Jan  1 00:00:00 ${years[0]} GMT`,
          validTo: `Jan  1 00:00:00 ${years[1]} GMT`,
        }
      : event,
  );

describe("clock-skew", () => {
  const withClocks = (tcp: readonly EventBody[], windows: string | null = null) => {
    const events = run({ tcp });
    if (windows === null) return judged(events);
    const snapshot = snapshotOf({ ...plainHost, clock: { utc: windows } });
    return judged(
      events.map((event) =>
        event.kind === "host-snapshot"
          ? { ...hostSnapshot(snapshot), origin: "interop" as const }
          : event,
      ),
    );
  };

  test("is the fault where the certificate is valid by the server's clock", () => {
    const tcp = [
      ...dated("not-yet-valid", [2027, 2028]),
      httpAnswer("Wed, 03 Mar 2027 10:00:00 GMT"),
    ];
    expect(withClocks(tcp)).toEqual(["clock-skew fault"]);
    expect(withClocks(tcp, "2027-03-03T10:00:01Z")).toEqual(["clock-skew fault"]);
  });

  test.each([
    {
      what: "the certificate has expired by both clocks",
      tcp: [...dated("expired", [2024, 2025]), httpAnswer("Sun, 22 Nov 2026 10:00:00 GMT")],
    },
    {
      what: "it has expired by a clock that is off as well",
      tcp: [...dated("expired", [2024, 2025]), httpAnswer("Wed, 03 Mar 2027 10:00:00 GMT")],
    },
    { what: "no other clock was seen", tcp: [...dated("expired", [2024, 2025]), httpAnswer(null)] },
    {
      what: "the clocks are a minute apart",
      tcp: [...dated(null), httpAnswer("Sun, 22 Nov 2026 10:01:00 GMT")],
    },
  ])("is not blamed where $what", ({ tcp }) => {
    expect(withClocks(tcp)).toEqual([]);
  });

  test("is not blamed where Windows' clock agrees with the distro's: the server's is wrong", () => {
    const tcp = [
      ...dated("not-yet-valid", [2027, 2028]),
      httpAnswer("Wed, 03 Mar 2027 10:00:00 GMT"),
    ];
    expect(withClocks(tcp, "2026-11-22T10:00:02Z")).toEqual([]);
  });

  test("is a note where nothing fails for it", () => {
    const tcp = [...dated(null), httpAnswer("Sun, 22 Nov 2026 11:00:00 GMT")];
    expect(withClocks(tcp)).toEqual(["clock-skew note"]);
  });
});

describe("captive-portal", () => {
  const check = (
    what: CaptivePortalCheck["what"],
    location: string | null,
    status: number | null = 302,
  ): EventBody => ({
    kind: "portal-check",
    address: what === "target" ? TARGET : "192.0.2.123",
    what,
    status,
    location,
    error: status === null ? "ETIMEDOUT" : null,
  });
  const LOGIN = "http://login.hotel.test/?from=x";
  /** Plain HTTP: nobody is known by a certificate. */
  const plain = passing("t1").filter(({ kind }) => kind !== "certificate");
  const judgedWith = (...more: readonly EventBody[]) => judged(run({ tcp: [...plain, ...more] }));

  test.each([
    {
      what: "both are sent to one login page",
      more: [check("target", LOGIN), check("nowhere", "http://login.hotel.test/")],
    },
    { what: "somebody says 511", more: [check("target", null, 511), check("nowhere", null, null)] },
    {
      what: "the plain answer itself leads there",
      more: [httpAnswer(null, 302, LOGIN), check("nowhere", LOGIN)],
    },
  ])("is a fault where $what", ({ more }) => {
    expect(judgedWith(...more)).toEqual(["captive-portal fault"]);
  });

  test.each([
    {
      what: "the target alone redirects",
      more: [check("target", "http://www.other.test/"), check("nowhere", null, null)],
    },
    {
      what: "two different pages answer",
      more: [check("target", "http://a.test/"), check("nowhere", "http://b.test/")],
    },
    {
      what: "both redirect to the target's own name (a transparent proxy)",
      more: [
        check("target", "https://www.example.test/"),
        check("nowhere", "https://www.example.test/"),
      ],
    },
    {
      what: "the redirect names no host",
      more: [check("target", "/login"), check("nowhere", "/login")],
    },
  ])("is not blamed where $what", ({ more }) => {
    expect(judgedWith(...more)).toEqual([]);
  });
});

test("captive-portal is not blamed where the target answers with a certificate that verifies", () => {
  const both = (["target", "nowhere"] as const).map((what): EventBody => {
    const address = what === "target" ? TARGET : "192.0.2.123";
    const location = "http://login.hotel.test/";
    return { kind: "portal-check", address, what, status: 302, location, error: null };
  });
  expect(judged(run({ tcp: [...passing("t1"), ...both] }))).toEqual([]);
});

describe("captive-portal in front of a port that is shut", () => {
  const check = (
    what: CaptivePortalCheck["what"],
    status: number | null,
    location: string | null,
  ) =>
    ({
      kind: "portal-check",
      address: what === "target" ? TARGET : "192.0.2.123",
      what,
      status,
      location,
      error: status === null ? "ECONNREFUSED" : null,
    }) satisfies EventBody;
  const LOGIN = "http://login.hotel.test/";
  const shut = (...more: readonly EventBody[]) =>
    judged(run({ tcp: [...unconnected(failed("ECONNREFUSED")), ...more] }));

  test.each([
    { what: "redirects", more: [check("target", 302, LOGIN), check("nowhere", 302, LOGIN)] },
    { what: "serves a page", more: [check("target", 200, null), check("nowhere", 200, null)] },
  ])("is what stops the user where it $what", ({ more }) => {
    expect(shut(...more)).toEqual(["captive-portal fault"]);
  });

  test.each([
    { what: "the site alone serves a page", status: null },
    { what: "a proxy says that there is nobody", status: 503 },
  ])("is not blamed where $what", ({ status }) => {
    const more = [check("target", 200, null), check("nowhere", status, null)];
    expect(shut(...more)).toEqual(["port-refused fault"]);
  });

  test("is not told by two pages where the port is open", () => {
    const more = [check("target", 200, null), check("nowhere", 200, null)];
    expect(judged(run({ tcp: [...passing("t1"), ...more] }))).toEqual([]);
  });
});

describe("ipv6-preferred-but-dead", () => {
  const addresses: EventBody = {
    kind: "target-addresses",
    addresses: [
      { address: TARGET6, family: 6 },
      { address: TARGET, family: 4 },
    ],
    basis: "literal",
    server: null,
  };
  const six = (
    name: string,
    result: Parameters<typeof unconnected>[0],
    purpose: "default" | "other-family" = "default",
  ) => unconnected(result, name, { family: 6, purpose });
  const judgedWith = (...tcp: readonly EventBody[]) => judged(run({ names: [addresses], tcp }));

  test("is a warning where two connections get no answer, or one is told so", () => {
    const twice = [...six("t0", NO_REPLY), ...six("t2", NO_REPLY, "other-family")];
    expect(judgedWith(...twice, ...passing("t1"))).toEqual(["ipv6-preferred-but-dead warning"]);
    const reported = six("t0", failed("ENETUNREACH"));
    expect(judgedWith(...reported, ...passing("t1"))).toEqual(["ipv6-preferred-but-dead warning"]);
  });

  test.each([
    {
      what: "one SYN was lost",
      tried: [...six("t0", NO_REPLY), ...passing("t2", { family: 6, purpose: "other-family" })],
    },
    { what: "it was tried once", tried: six("t0", NO_REPLY) },
    { what: "IPv6 is refused, and so passes", tried: [...six("t0", failed("ECONNREFUSED"))] },
  ])("is not blamed where $what", ({ tried }) => {
    expect(judgedWith(...tried, ...passing("t1"))).toEqual([]);
  });
});

describe("ipv6-disabled-by-registry", () => {
  const Path = "HKLM:\\SYSTEM\\CurrentControlSet\\Services\\Tcpip6\\Parameters";
  const host = (Value: unknown, mode: string) =>
    snapshotOf({
      ...plainHost,
      registry: [{ Path, Name: "DisabledComponents", Value }],
      wslconfig: `[wsl2]\nnetworkingMode=${mode}\n`,
    });

  test.each([255, "0xFF", "4294967295"])(
    "is a note where %s keeps mirrored mode from starting",
    (value) => {
      expect(judged(run({ host: host(value, "mirrored") }))).toEqual([
        "ipv6-disabled-by-registry note",
      ]);
    },
  );

  test.each([
    { what: "IPv4 is only preferred", value: 32, mode: "mirrored", vantage: vantage("wsl2") },
    { what: "NAT is asked for", value: 255, mode: "nat", vantage: vantage("wsl2") },
    {
      what: "mirrored mode is in force",
      value: 255,
      mode: "mirrored",
      vantage: vantage("wsl2", "mirrored"),
    },
  ])("is not said where $what", ({ value, mode, vantage: seen }) => {
    expect(judged(run({ host: host(value, mode), vantage: seen }))).toEqual([]);
  });
});

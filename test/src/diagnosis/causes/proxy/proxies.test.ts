// Proxies: dead, out of date, on Windows' loopback, missing; and what only looks like it.

import { describe, expect, test } from "vitest";
import { diagnosisOf as diagnose } from "../../../../../src/report/diagnosis.ts";
import type { EventBody } from "../../../../../src/schema/event.ts";
import type { ProxyAttempt } from "../../../../../src/schema/events/web.ts";
import { type Body, lookup, NAME, ON_HOST, pathOf, vantage } from "../../../../builders/events.ts";
import { type RunOptions, run } from "../../../../builders/runs.ts";
import { connected, NO_REPLY, passing, stage, unconnected } from "../../../../builders/tcp.ts";
import { plainHost, type Rows, snapshotOf } from "../../../host/example.ts";

const config = (
  host: string,
  port: number,
  more: Partial<Body<"proxy-config">> = {},
): EventBody => ({
  kind: "proxy-config",
  variable: "https_proxy",
  scheme: "http",
  host,
  port,
  applies: true,
  because: null,
  ...more,
});
type Step = ProxyAttempt["steps"][number];
const attempt = (step: Step["step"], ok: boolean, detail: string): EventBody => ({
  kind: "proxy-attempt",
  address: "203.0.113.8",
  steps: [{ step, ok, detail, ms: 3 }],
});
const DEAD = attempt("connect", false, "ECONNREFUSED");
const WORKS = attempt("http", true, "HTTP/1.1 200 OK");
const windows = (proxy: Rows, more: Rows = {}) => snapshotOf({ ...plainHost, proxy, ...more });
const NO_PROXY = { ProxyEnable: 0 };
const judged = (tcp: readonly EventBody[], options: RunOptions = {}) =>
  diagnose(pathOf(...run({ tcp, ...options }))).findings.map(
    ({ cause, severity }) => `${cause} ${severity}`,
  );
const direct = passing("t1");

describe("proxy-set-but-dead", () => {
  const judgedWith = (...proxy: readonly EventBody[]) => judged([...direct, ...proxy]);

  test.each([
    DEAD,
    attempt("resolve", false, "proxy.test has no address"),
    attempt("proxy", false, "no answer in 3000 ms"),
    attempt("proxy", false, "closed without an answer"),
  ])("is a fault although the direct way works: %j", (dead) => {
    expect(judgedWith(config("proxy.test", 3128), dead)).toEqual(["proxy-set-but-dead fault"]);
  });

  test.each([
    { what: "works", proxy: config("proxy.test", 3128), tried: WORKS },
    {
      what: "asks for a password",
      proxy: config("proxy.test", 3128),
      tried: attempt("proxy", false, "HTTP/1.1 407 Auth"),
    },
    {
      what: "refuses by its rules",
      proxy: config("proxy.test", 1080),
      tried: attempt("proxy", false, "SOCKS 5: not allowed by its rules"),
    },
    {
      what: "lets TLS to the target fail",
      proxy: config("proxy.test", 3128),
      tried: attempt("tls", false, "ECONNRESET"),
    },
    {
      what: "does not apply",
      proxy: config("proxy.test", 3128, { applies: false, because: "no_proxy holds *" }),
      tried: DEAD,
    },
    {
      what: "is Windows' own",
      proxy: config("proxy.test", 3128, { origin: "windows" }),
      tried: DEAD,
    },
  ])("is not blamed where the proxy $what", ({ proxy, tried }) => {
    expect(judgedWith(proxy, tried)).toEqual([]);
  });

  test("is not blamed where it was not tried", () => {
    expect(judgedWith(config("proxy.test", 1080, { scheme: "socks4" }))).toEqual([]);
  });
});

describe("proxy-localhost-not-mirrored", () => {
  const host = windows({ ProxyEnable: 1, ProxyServer: "127.0.0.1:8888" });

  test("is the one fault where the environment copies it, and a note where it names none", () => {
    const copied = [...direct, config("127.0.0.1", 8888), DEAD];
    expect(judged(copied, { host })).toEqual(["proxy-localhost-not-mirrored fault"]);
    expect(judged(direct, { host })).toEqual(["proxy-localhost-not-mirrored note"]);
  });

  test("is not blamed where a proxy of the distro's own answers there", () => {
    expect(judged([...direct, config("127.0.0.1", 8888), WORKS], { host })).toEqual([]);
  });

  test("is not blamed where loopback is shared", () => {
    const shared = {
      guest: ON_HOST,
      lookups: [lookup(ON_HOST)],
      vantage: vantage("wsl2", "mirrored"),
    };
    expect(judged(direct, { host, ...shared })).toEqual([]);
  });
});

describe("autoproxy-stale", () => {
  const dead = [...direct, config("203.0.113.8", 3128), DEAD];

  test.each([
    { what: "none", host: windows(NO_PROXY) },
    { what: "another", host: windows({ ProxyEnable: 1, ProxyServer: "https=203.0.113.9:3128" }) },
  ])("is the one fault where Windows takes $what", ({ host }) => {
    expect(judged(dead, { host })).toEqual(["autoproxy-stale fault"]);
  });

  test.each([
    {
      what: "Windows takes the same",
      host: windows({ ProxyEnable: 1, ProxyServer: "203.0.113.8:3128" }),
    },
    { what: "WSL copies none", host: windows(NO_PROXY, { wslconfig: "[wsl2]\nautoProxy=false" }) },
    {
      what: "the snapshot is old",
      host: { ...windows(NO_PROXY), collectedAt: "2026-11-21T10:00:00Z" },
    },
    {
      what: "a script decides",
      host: windows({ ...NO_PROXY, AutoConfigURL: "http://wpad/x.pac" }),
    },
    { what: "the setting could not be read", host: windows({ error: "access denied" }) },
  ])("gives way to the wider cause where $what", ({ host }) => {
    expect(judged(dead, { host })).toEqual(["proxy-set-but-dead fault"]);
  });
});

describe("proxy-required-but-unset", () => {
  const closed = unconnected(NO_REPLY);
  const own = config("203.0.113.8", 3128, { variable: "Windows", origin: "windows" });
  const host = windows({ ProxyEnable: 1, ProxyServer: "203.0.113.8:3128" });
  const CAUSE = "proxy-required-but-unset fault";

  test("is the one fault where Windows' proxy lets the request through", () => {
    expect(judged([...closed, own, WORKS], { host, udp: [] })).toEqual([CAUSE]);
  });

  test.each([
    { what: "that proxy does not answer", tcp: [...closed, own, DEAD], on: host },
    { what: "it was not tried", tcp: closed, on: host },
    { what: "the direct way connects", tcp: [...direct, own, WORKS], on: host },
    {
      what: "the target is exempt in Windows",
      tcp: [...closed, own, WORKS],
      on: windows({
        ProxyEnable: 1,
        ProxyServer: "203.0.113.8:3128",
        ProxyOverride: `<local>;*.${NAME.split(".").slice(1).join(".")}`,
      }),
    },
  ])("is not blamed where $what", ({ tcp, on }) => {
    expect(judged(tcp, { host: on, udp: [] })).not.toContain(CAUSE);
  });
});

describe("proxy-refuses", () => {
  const proxy = (port = 3128) => config("203.0.113.8", port, { through: true });
  const said = (ok: boolean, detail: string): EventBody => ({
    kind: "proxy-answer",
    attempt: "t1",
    ok,
    detail,
  });
  const directly = (ok: boolean): EventBody => ({
    kind: "direct-attempt",
    address: "192.0.2.80",
    steps: [
      { step: ok ? "http" : "connect", ok, detail: ok ? "HTTP/1.1 200 OK" : "ETIMEDOUT", ms: 3 },
    ],
  });
  const failing = (code: string, detail: string, ...more: readonly EventBody[]) => [
    proxy(),
    ...connected("t1"),
    ...more,
    stage("t1", "tls", 30, { kind: "failed", code, detail }, null),
  ];
  const reportOf = (tcp: readonly EventBody[]) => diagnose(pathOf(...run({ tcp })));

  test.each([
    {
      what: "wants a login",
      events: failing("PROXY_REFUSED", "407", said(false, "HTTP/1.1 407 No")),
    },
    { what: "speaks no HTTP", events: failing("PROXY_NOT_SPOKEN", "no", said(false, "answered")) },
    {
      what: "ends a connection behind 200",
      events: failing("CLOSED", "no", said(true, "HTTP/1.1 200 OK")),
    },
  ])("is the one fault where the proxy $what", ({ events }) => {
    expect(judged(events)).toEqual(["proxy-refuses fault"]);
  });

  test("advises to use none only where the direct path works", () => {
    const refusal = failing("PROXY_REFUSED", "407", said(false, "HTTP/1.1 407 No"));
    expect(reportOf([...refusal, directly(true)]).findings[0]?.fixes.length).toBe(2);
    const closed = reportOf([...refusal, directly(false)]);
    expect(closed).toMatchObject({ verdict: "fault", findings: [{ fixes: [] }] });
  });

  test("and proxy-set-but-dead are not blamed where the attempt through it was answered", () => {
    const works = [proxy(), ...passing("t1"), said(true, "HTTP/1.1 200 OK"), directly(false)];
    expect(reportOf(works)).toMatchObject({ verdict: "healthy", findings: [] });
  });

  test("gives way where the proxy never answers", () => {
    expect(judged(failing("CLOSED", "no"))).toEqual(["proxy-set-but-dead fault"]);
    expect(judged([proxy(), ...unconnected(NO_REPLY)])).toEqual(["proxy-set-but-dead fault"]);
  });
});

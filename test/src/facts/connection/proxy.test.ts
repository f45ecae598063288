// Which proxy the environment names, and what no_proxy exempts.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PROXY_VARIABLES, proxyFor } from "../../../../src/facts/connection/proxy.ts";

const https = { scheme: "https" as const, host: "www.example.test" };

describe("a proxy", () => {
  test.each([
    { value: "http://proxy.example.test:3128", host: "proxy.example.test", port: 3128 },
    { value: "proxy.example.test:8080/", host: "proxy.example.test", port: 8080 },
    { value: "http://proxy.example.test:80", host: "proxy.example.test", port: 80 },
    { value: "https://proxy.example.test", host: "proxy.example.test", port: 443 },
    { value: "http://proxy.example.test", host: "proxy.example.test", port: 1080 },
    { value: "http://[2001:db8::1]:3128/", host: "2001:db8::1", port: 3128 },
    { value: "http://user:p%40ss@192.0.2.1:3128", host: "192.0.2.1", port: 3128 },
  ])("is read from $value", ({ value, host, port }) => {
    const chosen = proxyFor(https, { https_proxy: value });
    const scheme = value.startsWith("https:") ? "https" : "http";
    expect(chosen).toMatchObject({ variable: "https_proxy", scheme, host, port });
    expect(chosen).toMatchObject({ applies: true, because: null });
  });

  test("is that of the target's scheme, and of all schemes otherwise", () => {
    const http = { scheme: "http" as const, host: "www.example.test" };
    const environment = { http_proxy: "a.test:1", HTTPS_PROXY: "b.test:2", ALL_PROXY: "c.test:3" };
    expect(proxyFor(http, environment)?.host).toBe("a.test");
    expect(proxyFor(https, environment)?.host).toBe("b.test");
    expect(proxyFor(http, { ...environment, http_proxy: "" })?.host).toBe("c.test");
    expect(proxyFor(https, {})).toBeNull();
  });

  test("keeps its credentials apart from what is reported", () => {
    const chosen = proxyFor(https, { https_proxy: "http://user:p%40ss@192.0.2.1:3128" });
    expect(chosen?.credentials).toBe("user:p@ss");
    expect(JSON.stringify({ ...chosen, credentials: null })).not.toContain("ss@");
  });

  test.each([
    ["http://", "it is no address of a proxy"],
    ["::", "it is no address of a proxy"],
    ["http://user:secret@a b", "it is no address of a proxy"],
    ["http://192.0.2.1:99999", "it is no address of a proxy"],
    ["ftp://192.0.2.1:3128", 'no program knows proxies of "ftp"'],
  ])("is told where no program can take it, without what it holds: %s", (value, problem) => {
    const chosen = proxyFor(https, { https_proxy: value });
    expect(chosen).toMatchObject({ problem, host: "", port: 0, applies: true, credentials: null });
    expect(JSON.stringify(chosen)).not.toContain("secret");
  });

  test("that no program can take does not matter where no_proxy exempts the target", () => {
    const environment = { https_proxy: "::", no_proxy: "*" };
    expect(proxyFor(https, environment)).toMatchObject({ applies: false });
  });
});

describe("no_proxy", () => {
  test.each([
    { host: "www.example.test", list: "example.test", exempt: true },
    { host: "www.example.test", list: "localhost, .EXAMPLE.test", exempt: true },
    { host: "example.test", list: ".example.test", exempt: true },
    { host: "notexample.test", list: "example.test", exempt: false },
    { host: "www.example.test", list: "*", exempt: true },
    { host: "www.example.test", list: "other.test,*", exempt: false },
    { host: "www.example.test", list: "", exempt: false },
    { host: "192.0.2.9", list: "192.0.2.0/24", exempt: true },
    { host: "192.0.3.9", list: "192.0.2.0/24,2001:db8::/32", exempt: false },
    { host: "2001:db8::9", list: "[2001:db8:0::9]", exempt: true },
    { host: "192.0.2.9", list: "2.9", exempt: false },
  ])("exempts $host by '$list': $exempt", ({ host, list, exempt }) => {
    const environment = { https_proxy: "proxy.test:1", no_proxy: list };
    expect(proxyFor({ ...https, host }, environment)?.applies).toBe(!exempt);
  });

  test("and whatever else stands in the environment never throws", () => {
    const value = fc.oneof(fc.string(), fc.webUrl(), fc.ipV6());
    const environments = fc.record(
      Object.fromEntries(PROXY_VARIABLES.map((name) => [name, value])),
    );
    fc.assert(
      fc.property(environments, fc.oneof(fc.domain(), fc.ipV4()), (environment, host) => {
        const chosen = proxyFor({ ...https, host }, environment);
        if (chosen !== null) expect(chosen.port).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

// What a user may type as a target, and what is refused in one sentence.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TraceError } from "../../src/errors.ts";
import { target as targetSchema } from "../../src/schema/events/run.ts";
import { parseTarget } from "../../src/target.ts";

describe("a target", () => {
  test.each([
    { input: "github.com", host: "github.com", port: 443, scheme: "https" },
    { input: "GitHub.COM", host: "github.com", port: 443, scheme: "https" },
    { input: "  www.example.test ", host: "www.example.test", port: 443, scheme: "https" },
    { input: "www.example.test:8443", host: "www.example.test", port: 8443, scheme: "https" },
    { input: "www.example.test:80", host: "www.example.test", port: 80, scheme: "http" },
    { input: "localhost", host: "localhost", port: 443, scheme: "https" },
    { input: "_dmarc.example.test", host: "_dmarc.example.test", port: 443, scheme: "https" },
    { input: "192.0.2.80", host: "192.0.2.80", port: 443, scheme: "https" },
    { input: "192.0.2.80:22", host: "192.0.2.80", port: 22, scheme: "https" },
    { input: "2001:db8::80", host: "2001:db8::80", port: 443, scheme: "https" },
    { input: "2001:0DB8:0:0::80", host: "2001:db8::80", port: 443, scheme: "https" },
    { input: "[2001:db8::80]", host: "2001:db8::80", port: 443, scheme: "https" },
    { input: "[2001:db8::80]:8443", host: "2001:db8::80", port: 8443, scheme: "https" },
    { input: "fe80::1%eth0", host: "fe80::1%eth0", port: 443, scheme: "https" },
    { input: "[fe80::1%eth0]:80", host: "fe80::1%eth0", port: 80, scheme: "http" },
    { input: "https://github.com", host: "github.com", port: 443, scheme: "https" },
    { input: "http://github.com", host: "github.com", port: 80, scheme: "http" },
    { input: "HTTPS://github.com:8443/a", host: "github.com", port: 8443, scheme: "https" },
    { input: "http://github.com:443/", host: "github.com", port: 443, scheme: "http" },
    { input: "https://[2001:db8::80]/", host: "2001:db8::80", port: 443, scheme: "https" },
    { input: "bücher.example", host: "xn--bcher-kva.example", port: 443, scheme: "https" },
    { input: "https://bücher.example/", host: "xn--bcher-kva.example", port: 443, scheme: "https" },
  ])("$input is $host port $port over $scheme", ({ input, host, port, scheme }) => {
    expect(parseTarget(input, undefined)).toMatchObject({ input, host, port, scheme });
  });

  test("keeps the path and query of a URL", () => {
    expect(parseTarget("https://github.com/a/b?c=d#e", undefined).path).toBe("/a/b?c=d");
    expect(parseTarget("https://github.com", undefined).path).toBe("/");
    expect(parseTarget("github.com", undefined).path).toBe("/");
  });

  test("that ends in a dot is the same host", () => {
    expect(parseTarget("github.com.", undefined).host).toMatch(/^github\.com\.?$/);
  });

  test("takes --port before its own, and the scheme that follows from it", () => {
    expect(parseTarget("github.com", "80")).toMatchObject({ port: 80, scheme: "http" });
    expect(parseTarget("github.com:8443", "9443")).toMatchObject({ port: 9443 });
    expect(parseTarget("https://github.com/", "80")).toMatchObject({ port: 80, scheme: "https" });
  });
});

/** The message of the TraceError; anything else goes through. */
function refusal(input: string, port?: string): string | null {
  try {
    parseTarget(input, port);
    return null;
  } catch (error) {
    if (error instanceof TraceError) return error.message;
    throw error;
  }
}

describe("bad input", () => {
  test.each([
    "",
    " ",
    ".",
    "..",
    "a..b",
    "-a.test",
    "a b",
    "$(reboot)",
    "`reboot`",
    "a;reboot",
    "a|b",
    "a&b",
    "--help",
    "-rf",
    "../../etc/passwd",
    "a\0b",
    "1.2.3",
    "1.2.3.4.5",
    "192.0.2.256",
    "1",
    "2001:db8::g",
    "2001:db8:::1",
    "[2001:db8::80",
    "[]",
    "[github.com",
    "fe80::1%",
    "fe80::1%eth0;reboot",
    "fe80::1%a-very-long-interface-name",
    "http://",
    "https://",
    "https://a b/",
    "https://[2001:db8::80/",
    "ftp://github.com/",
    "file:///etc/passwd",
    "javascript://alert",
    `${"a".repeat(64)}.test`,
    `${"a.".repeat(127)}test`,
  ])("%j is refused in one sentence that names it", (input) => {
    const message = refusal(input);
    expect(message).not.toBeNull();
    expect(message).toMatch(/give /);
    expect(message).toContain(`"${input}"`);
  });

  test.each(["0", "70000", "65536", "-1", "1.5", "", " ", "443 ", "0x50", "80a", "1e3", "९"])(
    "port %j is refused by its name, given beside the target or with it",
    (port) => {
      expect(refusal("github.com", port)).toContain(`"${port}"`);
      expect(refusal("github.com", port)).toContain("number from 1 to 65535");
      if (port.trim() === port && port !== "") {
        expect(refusal(`github.com:${port}`)).toContain("port");
        expect(refusal(`[2001:db8::80]:${port}`)).toContain("port");
      }
    },
  );

  test.each(["https://github.com:0/", "https://github.com:70000/", "https://[2001:db8::1]:0/"])(
    "%j is refused for its port",
    (input) => {
      expect(refusal(input)).toContain("number from 1 to 65535");
    },
  );

  test("ends with the code of a usage error", () => {
    expect(() => parseTarget("", undefined)).toThrow(expect.objectContaining({ exitCode: 2 }));
  });
});

test("any text is either a target that a recording can hold or a TraceError", () => {
  const parts = fc.constantFrom(
    "http://",
    "https://",
    "[",
    "]",
    ":",
    "%",
    "::",
    ".",
    "/",
    "@",
    "é",
  );
  const text = fc.array(fc.oneof(parts, fc.string({ maxLength: 6 }), fc.domain(), fc.ipV6()), {
    maxLength: 5,
  });
  fc.assert(
    fc.property(text, (pieces) => {
      const input = pieces.join("");
      if (refusal(input) !== null) return;
      const target = parseTarget(input, undefined);
      expect(targetSchema.safeParse(target).success).toBe(true);
      expect(target.host).toMatch(/^[a-z0-9_.:-]+(%[\w.-]{1,15})?$/);
    }),
    { numRuns: 500 },
  );
});

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
    { input: "192.0.2.80:22", host: "192.0.2.80", port: 22, scheme: "ssh" },
    { input: "192.0.2.80:9443", host: "192.0.2.80", port: 9443, scheme: "unknown" },
    { input: "192.0.2.80:9100", host: "192.0.2.80", port: 9100, scheme: "tcp" },
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
    { input: "ssh://git@github.com/a/b.git", host: "github.com", port: 22, scheme: "ssh" },
    { input: "ssh://github.com:2222", host: "github.com", port: 2222, scheme: "ssh" },
    { input: "git+ssh://git@github.com/a", host: "github.com", port: 22, scheme: "ssh" },
    { input: "git@github.com:a/b.git", host: "github.com", port: 22, scheme: "ssh" },
    { input: "git@GitHub.com:2222", host: "github.com", port: 22, scheme: "ssh" },
    { input: "me@[2001:db8::80]:~/a", host: "2001:db8::80", port: 22, scheme: "ssh" },
    { input: "ssh://[fe80::1%eth0]:2222/", host: "fe80::1%eth0", port: 2222, scheme: "ssh" },
    { input: "git://github.com/a/b", host: "github.com", port: 9418, scheme: "git" },
    { input: "smtp://bücher.example", host: "xn--bcher-kva.example", port: 25, scheme: "smtp" },
    { input: "SMTP://192.0.2.25:587", host: "192.0.2.25", port: 587, scheme: "smtp" },
    { input: "postgresql://me@db.test/x?y", host: "db.test", port: 5432, scheme: "postgres" },
    { input: "mysql://db.test:3307", host: "db.test", port: 3307, scheme: "mysql" },
    { input: "ftp://192.0.2.21/pub", host: "192.0.2.21", port: 21, scheme: "ftp" },
    { input: "tcp://192.0.2.80:9", host: "192.0.2.80", port: 9, scheme: "tcp" },
    { input: "udp://[2001:db8::80]:53", host: "2001:db8::80", port: 53, scheme: "udp" },
    { input: "icmp://192.0.2.80", host: "192.0.2.80", port: 443, scheme: "icmp" },
  ])("$input is $host port $port over $scheme", ({ input, host, port, scheme }) => {
    expect(parseTarget(input, undefined)).toMatchObject({ input, host, port, scheme });
  });

  test.each([
    [21, "ftp"],
    [22, "ssh"],
    [25, "smtp"],
    [80, "http"],
    [110, "pop3"],
    [143, "imap"],
    [443, "https"],
    [465, "smtps"],
    [587, "smtp"],
    [993, "imaps"],
    [995, "pop3s"],
    [3306, "mysql"],
    [5432, "postgres"],
    [8080, "http"],
    [8443, "https"],
    [9418, "git"],
  ])("with port %i and no scheme speaks %s", (port, scheme) => {
    expect(parseTarget(`host.test:${port}`, undefined)).toMatchObject({ port, scheme });
    expect(parseTarget("host.test", `${port}`)).toMatchObject({ port, scheme });
  });

  test.each([
    ["smtps", 465],
    ["imap", 143],
    ["imaps", 993],
    ["pop3", 110],
    ["pop3s", 995],
    ["mysql", 3306],
    ["postgres", 5432],
  ])("over %s:// has port %i unless it names another", (scheme, port) => {
    expect(parseTarget(`${scheme}://host.test`, undefined)).toMatchObject({ port, scheme });
    expect(parseTarget(`${scheme}://host.test:99/`, undefined)).toMatchObject({ port: 99, scheme });
  });

  test("knows whose choice its port is", () => {
    const origin = (input: string, port?: string) => parseTarget(input, port).portOrigin;
    expect(origin("host.test")).toBe("default");
    expect(origin("icmp://host.test")).toBe("default");
    expect(origin("host.test:443")).toBe("user");
    expect(origin("host.test", "443")).toBe("user");
    expect(origin("https://host.test")).toBe("scheme");
    expect(origin("https://host.test:8443")).toBe("user");
    expect(origin("git@host.test:a")).toBe("scheme");
  });

  test("keeps the path and query of a URL", () => {
    expect(parseTarget("https://github.com/a/b?c=d#e", undefined).path).toBe("/a/b?c=d");
    expect(parseTarget("https://github.com", undefined).path).toBe("/");
    expect(parseTarget("github.com", undefined).path).toBe("/");
    expect(parseTarget("git://github.com/a/b.git", undefined).path).toBe("/a/b.git");
    expect(parseTarget("git://github.com", undefined).path).toBe("/");
    expect(parseTarget("git@github.com:a/b.git", undefined).path).toBe("a/b.git");
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
    "gopher://github.com/",
    "unknown://github.com/",
    "tcp://github.com",
    "udp://github.com/",
    "icmp://github.com:443",
    "ssh://",
    "ssh://a b/",
    "ssh://[2001:db8::80/",
    "@github.com:a",
    "git@:a",
    "git@a b:c",
    "git@-oProxyCommand=reboot:a",
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

  test("a password is refused without being shown, and so is a user of the web", () => {
    const secrets = [
      "postgres://me:s3cret@db.test/",
      "https://me@db.test/",
      "http://a:s3cret@db.test",
    ];
    for (const input of secrets) {
      expect(refusal(input)).toContain("leave it out");
      expect(refusal(input)).not.toContain("s3cret");
    }
  });

  test("a scheme that no trace speaks is answered with those that one does", () => {
    expect(refusal("gopher://github.com/")).toMatch(/gopher.*https, http, ssh, .*icmp/);
  });

  test("a UDP or TCP target without a port says how to give one", () => {
    expect(refusal("udp://192.0.2.1")).toContain("udp://192.0.2.1:53");
  });

  test("ends with the code of a usage error", () => {
    expect(() => parseTarget("", undefined)).toThrow(expect.objectContaining({ exitCode: 2 }));
  });
});

test("any text is either a target that a recording can hold or a TraceError", () => {
  const parts = fc.constantFrom(
    "http://",
    "https://",
    "ssh://",
    "tcp://",
    "git@",
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

// Names that need no server: addresses as typed and the hosts file.

import { describe, expect, test } from "vitest";
import { createResolveProbe } from "../../../probes/dns/resolve.ts";
import type { Family } from "../../../src/schema/events/common.ts";
import type { RunOptions } from "../../../src/schema/events/run.ts";
import { testContext } from "../../builders/context.ts";
import { NAME, OPTIONS, resolverConfig, runStarted, TARGET } from "../../builders/events.ts";

async function resolved(
  host: string,
  hosts: string,
  options: Partial<RunOptions> = {},
  sources: Readonly<Partial<Record<Family, string>>> = { 4: "198.51.100.20", 6: "2001:db8::20" },
) {
  const started = { ...runStarted({ input: host, host }), options: { ...OPTIONS, ...options } };
  const context = testContext([started, resolverConfig([])]);
  const probe = createResolveProbe({
    system: {
      run: async () => ({ exitCode: 127, stdout: "", stderr: "" }),
      readText: async (path) =>
        path === "/etc/hosts" ? hosts : Promise.reject(new Error("ENOENT")),
      readLink: async () => "",
      listDirectory: async () => [],
    },
    sourceFor: (_address, family) => sources[family] ?? null,
    hostServers: () => [],
    sockets: {
      datagram: () => ({ kind: "failed", error: "ENETUNREACH" }),
      stream: () => Promise.reject(new Error("ENETUNREACH")),
    },
  })(context, Promise.resolve());
  await probe.decided;
  await probe.done;
  return context.path();
}

describe("an address", () => {
  test.each([TARGET, "2001:db8:80::80", "fe80::1%eth0"])(
    "%s needs no question",
    async (address) => {
      const path = await resolved(address, "");
      expect(path.dns).toEqual([]);
      expect(path.addresses).toMatchObject({
        basis: "literal",
        server: null,
        addresses: [{ address }],
      });
    },
  );
});

describe("the hosts file", () => {
  const both = `203.0.113.80 ${NAME}\n2001:db8:80::80 ${NAME}\n`;

  test("gives its addresses in the order in which a program would connect to them", async () => {
    const path = await resolved(NAME, both);
    expect(path.addresses).toMatchObject({
      basis: "hosts-file",
      server: null,
      addresses: [{ address: "2001:db8:80::80" }, { address: TARGET }],
    });
    expect(path.dns.map(({ type }) => type)).toEqual(["A", "AAAA"]);
    const noSix = await resolved(NAME, both, {}, { 4: "198.51.100.20" });
    expect(noSix.addresses?.addresses[0]).toMatchObject({ address: TARGET });
  });

  test.each([4, 6] as const)("gives the family that was requested: %d", async (family) => {
    const path = await resolved(NAME, both, { family });
    expect(path.addresses?.addresses.map((one) => one.family)).toEqual([family]);
  });

  test("without the name leaves it unresolved when there is no server", async () => {
    const path = await resolved(NAME, "127.0.0.1 localhost\n");
    expect(path.addresses).toBeNull();
    expect(path.dns).toEqual([]);
  });
});

test("a name with thousands of addresses is followed to a few of each family", async () => {
  const many = Array.from({ length: 3000 }, (_, n) => `198.51.${n >> 8}.${n & 255}`);
  const hosts = [...many, "2001:db8::80"].map((address) => `${address} big.example.test`);
  const { addresses } = await resolved("big.example.test", hosts.join("\n"));
  expect(addresses?.addresses.filter(({ family }) => family === 4)).toHaveLength(8);
  expect(addresses?.addresses.filter(({ family }) => family === 6)).toHaveLength(1);
});

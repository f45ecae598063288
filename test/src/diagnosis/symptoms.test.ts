// The index of symptoms: found by a user's words, and written down in the documents as it is.

import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { causeOf } from "../../../src/diagnosis/causes/list.ts";
import { SYMPTOMS, symptomsOf } from "../../../src/diagnosis/symptoms.ts";

const first = (text: string) => symptomsOf(text, 1)[0]?.causes[0];

describe("a symptom", () => {
  it.each([
    ["tls hangs", "vpn-mtu-inbound-blackhole"],
    ["TLS handshake is hanging", "vpn-mtu-inbound-blackhole"],
    ["dns", "nrpt-only-vpn-dns"],
    ["temporary failure in name resolution", "nrpt-only-vpn-dns"],
    ["dns is slow", "dns-server-unreachable"],
    ["npm install stalls in the middle", "pmtu-inbound-blackhole"],
    ["git push crawls", "vpn-mtu-outbound-blackhole"],
    ["no route to host", "no-default-route"],
    ["connection refused", "port-refused"],
    ["connection timed out", "port-filtered"],
    ["certificate expired", "tls-inspection-untrusted-ca"],
    ["localhost server not reached from windows", "guest-bound-to-loopback"],
    ["ping", "icmp-filtered"],
  ])("is found by %j", (text, cause) => {
    expect(first(text)).toBe(cause);
  });

  it.each(["", "blackhole", "nrpt", "printer on fire", "\u001b[2J", "toString"])(
    "is not found by %j",
    (text) => {
      expect(symptomsOf(text, 3)).toEqual([]);
    },
  );

  it("names causes that are there, each once", () => {
    for (const { causes } of SYMPTOMS) {
      expect(causes.filter((id) => causeOf(id) === undefined)).toEqual([]);
      expect(new Set(causes).size).toBe(causes.length);
    }
  });

  it("stands in docs/symptoms.md as it does here", async () => {
    const page = await readFile(new URL("../../../docs/symptoms.md", import.meta.url), "utf8");
    const rows = SYMPTOMS.map(({ sees, causes, tell }) => {
      const ids = causes.map((id) => `\`${id}\``).join(", ");
      return `| ${sees} | ${ids} | ${tell} |`;
    });
    expect(
      page
        .split("\n")
        .filter((line) => line.startsWith("| "))
        .slice(2),
    ).toEqual(rows);
  });
});

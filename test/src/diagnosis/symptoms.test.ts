// The index of symptoms: found by a user's words, and written down in the documents as it is.

import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { causeOf } from "../../../src/diagnosis/causes/list.ts";
import { symptomsOf } from "../../../src/diagnosis/symptom-search.ts";
import { SYMPTOMS } from "../../../src/diagnosis/symptoms.ts";

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
    ["apt update stuck at 0%", "pmtu-inbound-blackhole"],
    ["E: Failed to fetch http://archive.example.test/x.deb", "pmtu-inbound-blackhole"],
    ["git clone hangs", "pmtu-inbound-blackhole"],
    ["git clone hängt", "pmtu-inbound-blackhole"],
    ["docker pull timeout", "pmtu-inbound-blackhole"],
    ["npm ERR! network ECONNRESET", "pmtu-inbound-blackhole"],
    ["slow download in wsl", "pmtu-inbound-blackhole"],
    ["npm ERR ETIMEDOUT", "port-filtered"],
    ["curl: (28) Operation timed out", "port-filtered"],
    ["连接超时", "port-filtered"],
    ["curl: (35)", "vpn-mtu-inbound-blackhole"],
    ["net/http: TLS handshake timeout", "vpn-mtu-inbound-blackhole"],
    ["ssh freezes after login", "vpn-mtu-inbound-blackhole"],
    ["ping 192.0.2.1 works but curl does not", "vpn-mtu-inbound-blackhole"],
    ["curl: (6) Could not resolve host", "nrpt-only-vpn-dns"],
    ["getaddrinfo EAI_AGAIN registry.example.test", "nrpt-only-vpn-dns"],
    ["WSL Namensauflösung geht nicht", "nrpt-only-vpn-dns"],
    ["域名解析失败", "nrpt-only-vpn-dns"],
    ["name resolution is slow", "dns-server-unreachable"],
    ["curl: (7) Failed to connect", "port-refused"],
    ["connect ECONNREFUSED 127.0.0.1:5432", "port-refused"],
    ["Verbindung wurde abgelehnt", "port-refused"],
    ["curl: (60) SSL certificate problem", "tls-inspection-untrusted-ca"],
    ["Zertifikat ungültig", "tls-inspection-untrusted-ca"],
    ["证书错误", "tls-inspection-untrusted-ca"],
    ["x509: certificate signed by unknown authority", "tls-inspection-untrusted-ca"],
    ["works on windows not wsl", "nrpt-only-vpn-dns"],
    ["kein internet in wsl", "no-default-route"],
    ["WSL 无法上网", "no-default-route"],
    ["bind: address already in use", "guest-bound-to-loopback"],
    ["port not reachable from another computer", "guest-bound-to-loopback"],
    ["laptop wakes up and wsl has no network", "resume-from-sleep"],
    ["after sleep no network", "resume-from-sleep"],
    ["407 from proxy", "proxy-required-but-unset"],
    ["captive portal", "captive-portal"],
    ["http3 quic blocked", "quic-blocked"],
  ])("is found by %j", (text, cause) => {
    expect(first(text)).toBe(cause);
  });

  it.each(["", "blackhole", "nrpt", "printer on fire", "\u001b[2J", "toString"])(
    "is not found by %j",
    (text) => {
      expect(symptomsOf(text, 3)).toEqual([]);
    },
  );

  it("is written as it is looked for: in lower case, and nothing twice", () => {
    for (const { words, signs } of SYMPTOMS) {
      expect(`${words} ${signs}`).toBe(`${words} ${signs}`.toLowerCase());
      for (const all of [words.split(" "), signs.split("|")]) {
        expect(new Set(all).size).toBe(all.length);
        expect(all).not.toContain("");
      }
    }
  });

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

// What stands for names, users, paths and URLs, and what stays.

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { createAdapters } from "../../../../src/report/redact/adapters.ts";
import { createAddressPseudonyms } from "../../../../src/report/redact/addresses.ts";
import { createNames } from "../../../../src/report/redact/names.ts";
import { createPseudonyms } from "../../../../src/report/redact/pseudonyms.ts";
import { createValues } from "../../../../src/report/redact/values.ts";

function values(keptHost: string | null = "github.com") {
  const pseudonyms = createPseudonyms();
  const names = createNames(keptHost === null ? [] : [keptHost], pseudonyms);
  const addresses = createAddressPseudonyms(["81.2.69.142"], [], true);
  const { replace } = createValues(addresses, names, keptHost, pseudonyms);
  return { replace, names, pseudonyms };
}

it("names below one domain stay below one, and the target's own stay as they are", () => {
  const { replace, names } = values();
  for (const name of ["corp.contoso.com", "git.corp.contoso.com"]) names.domain(name);
  expect(replace("host", "git.corp.contoso.com")).toBe("host-1.domain-1.domain-2.com");
  expect(replace("host", ".Corp.contoso.com")).toBe(".domain-1.domain-2.com");
  expect(replace("host", "wiki")).toBe("host-2");
  expect(replace("host", "api.github.com")).toBe("host-3.github.com");
  expect(replace("host", "81.2.69.142")).toBe("198.51.100.1");
});

it.each([
  ["vEthernet (WSL)", "vEthernet (WSL)"],
  ["Cisco AnyConnect Virtual Miniport Adapter", "Cisco AnyConnect Virtual Miniport Adapter"],
  ["Contoso VPN", "name-1 VPN"],
  ["wg-contoso", "wg-name-1"],
  ["eth0", "eth0"],
  ["br-0a1b2c3d4e5f", "br-000000000001"],
  ["以太网 2", "以太网 2"],
  ["Hyper-V 虚拟以太网适配器", "Hyper-V name-1-虚拟"],
])("adapter %s becomes %s", (name, expected) => {
  expect(createAdapters(createPseudonyms()).replace(name)).toBe(expected);
});

it.each([
  [
    "url",
    "https://bob:SECRET@portal.contoso.net/login/alice?token=1#x",
    "https://host-1.host-2.net/path-1",
  ],
  ["url", "https://github.com/org/repo?token=1", "https://github.com/org/repo"],
  ["target", "bob@github.com:org/repo.git", "user-1@github.com:org/repo.git"],
  ["target", "github.com:8443", "github.com:8443"],
  ["mac", "00-15-5D-01-02-03", "00-15-5D-00-00-01"],
  ["mac", "4a:5b:6c:7d:8e:9f", "02:00:00:00:00:01"],
  ["time", "Dec 30 23:59:57 2025 GMT", "Dec 30 23:59:57 2025 GMT"],
  ["text", "connect ECONNREFUSED 81.2.69.142:443", "connect ECONNREFUSED 198.51.100.1:443"],
  ["text", "connect ECONNREFUSED ::1:8080", "connect ECONNREFUSED ::1:8080"],
  ["text", "connect ECONNREFUSED alice:8080", "connect ECONNREFUSED word-1:8080"],
  ["target", "8080", "8080"],
  ["version", "6.6.87.2-microsoft-standard-WSL2", "6.6.87.2-microsoft-standard-WSL2"],
  ["version", "2.6.1.0", "2.6.1.0"],
  ["version", "10.0.26100.4061", "10.0.26100.4061"],
  ["version", "6.1.0-alice", "6.1.0-word-1"],
  ["version", "81.2.69.142", "198.51.100.1"],
  ["text", "C:\\Users\\alice\\kernel and alice", "C:\\Users\\user-1\\kernel and user-1"],
  ["text", "220 mail.contoso.com ESMTP Acme", "220 host-1.host-2.com ESMTP word-1"],
  ["text", "/etc/resolv.conf: permission denied", "/etc/resolv.conf: permission denied"],
  ["text", "sysctl net.ipv4.tcp_sack, TLSv1.3", "sysctl net.ipv4.tcp_sack, TLSv1.3"],
] as const)("%s %s becomes %s", (kind, text, expected) => {
  expect(values().replace(kind, text)).toBe(expected);
});

it("what was replaced is counted by kind", () => {
  const { replace, pseudonyms } = values();
  for (const name of ["wiki", "wiki", "nas"]) replace("host", name);
  expect(pseudonyms.replaced()).toEqual([{ kind: "host name", values: 2, times: 3 }]);
});

it("what the collector calls its sources, their properties and keys of the registry stays", () => {
  const script = new URL("../../../../probes/windows/collect.ps1", import.meta.url);
  const quoted = [...readFileSync(script, "utf8").matchAll(/'([A-Z][\w\\ :-]+)'/g)];
  const words = [...new Set(quoted.flatMap(([, text = ""]) => text.split(/[\\ :]+/)))].filter(
    Boolean,
  );
  expect(words.length).toBeGreaterThan(100);
  expect(words.filter((word) => values().replace("text", word) !== word)).toEqual([]);
});

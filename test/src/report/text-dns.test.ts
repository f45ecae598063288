// The report of a run about names: its exact text, and that no server's text drives the terminal.

import fc from "fast-check";
import { expect, test } from "vitest";
import { makeReport } from "../../../src/report/make.ts";
import { textReport } from "../../../src/report/text.ts";
import type { EventBody } from "../../../src/schema/event.ts";
import type { DnsCheck } from "../../../src/schema/events/dns.ts";
import {
  answer,
  dnsReply,
  hostSnapshot,
  NAME,
  NO_DNS_REPLY,
  numbered,
  RESOLVER,
  resolverConfig,
  runEnded,
  runStarted,
  TARGET,
  targetAddresses,
  vantage,
} from "../../builders/events.ts";
import { expectGolden } from "../../ui/golden.ts";

const STUB = "127.0.0.53";
const TUNNEL = "10.255.255.254";

function size(ednsBytes: number, outcome: DnsCheck["outcome"]): EventBody {
  return {
    kind: "dns-check",
    purpose: "size",
    server: STUB,
    origin: "resolv.conf",
    round: 1,
    transport: "udp",
    name: NAME,
    type: "TXT",
    ednsBytes,
    outcome,
    rttMs: 1,
    sent: 1,
  };
}

const cut = { kind: "answer" as const, rcode: "NOERROR", addresses: [], truncated: true };

function report(...more: readonly EventBody[]) {
  const events = [
    { ...runStarted(), command: "dns" as const },
    vantage(),
    { ...resolverConfig([STUB, TUNNEL]), search: ["corp.example.test"] },
    {
      kind: "resolver-upstream" as const,
      stub: STUB,
      servers: [RESOLVER],
      problem: null,
      path: "/run/systemd/resolve/resolv.conf",
    },
    hostSnapshot({
      schema: "wsl-trace.host/1",
      sources: { resolve: [{ name: NAME, addresses: [TARGET], servers: [], ms: 12 }] },
    }),
    ...more,
    runEnded(),
  ];
  return makeReport(numbered(events));
}

test("shows every resolver, its sizes, the search list and Windows' answer", async () => {
  const made = report(
    dnsReply(STUB, answer(TARGET)),
    dnsReply(STUB, answer(), { type: "AAAA" }),
    dnsReply(STUB, answer(TARGET), { transport: "tcp" }),
    dnsReply(TUNNEL, NO_DNS_REPLY),
    dnsReply(RESOLVER, answer(TARGET), { origin: "upstream" }),
    targetAddresses(TARGET, "resolv.conf", STUB),
    size(512, { ...cut, sizeBytes: 34 }),
    size(1232, { ...cut, truncated: false, sizeBytes: 900 }),
    size(4096, NO_DNS_REPLY),
  );
  await expectGolden(textReport(made), new URL("text/names.txt", import.meta.url));
});

test("reports a name that does not exist, and needs no path", () => {
  const text = textReport(
    report(dnsReply(STUB, answer()), dnsReply(STUB, answer(), { type: "AAAA" })),
  );
  expect(text).toContain("dns-name-does-not-exist [fault, root cause]");
  expect(text).not.toContain("Path MTU");
  expect(text).not.toContain("Stages");
});

test("escapes whatever a server or Windows answers", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 30 }), (words) => {
      const why = `\u001b[2J${words}`;
      const made = report(
        dnsReply(STUB, { kind: "malformed", why }),
        dnsReply(why, { kind: "unreachable", error: why, from: null }),
      );
      const seen = textReport(made).replaceAll("\n", "");
      expect(seen).not.toMatch(/\p{Cc}/u);
    }),
    { numRuns: 50 },
  );
});

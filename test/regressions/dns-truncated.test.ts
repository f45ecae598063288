// What once went wrong, and must not again. A UDP answer with TC and no address, and the same question answered over TCP:
// a resolver goes on over TCP (RFC 7766), and the trace itself goes on with TCP's addresses, yet
// names.ts looks at datagrams only: verdict fault, dns-name-does-not-exist, confidence 0.9.
import { expect, test } from "vitest";
import { diagnosisOf as diagnose } from "../../src/report/diagnosis.ts";
import {
  answer,
  dnsReply,
  pathOf,
  RESOLVER,
  resolverConfig,
  TARGET,
  targetAddresses,
} from "../builders/events.ts";
import { run } from "../builders/runs.ts";

test("a truncated answer that TCP completes resolves the name", () => {
  const names = [
    resolverConfig(),
    dnsReply(RESOLVER, { kind: "answer", rcode: "NOERROR", addresses: [], truncated: true }),
    dnsReply(RESOLVER, answer(), { type: "AAAA" }),
    dnsReply(RESOLVER, answer(TARGET), { transport: "tcp" }),
    targetAddresses(),
  ];
  expect(diagnose(pathOf(...run({ names })))).toMatchObject({ verdict: "healthy", findings: [] });
});

// Same place: one family lost, the other NODATA -> "the name does not exist" with 0.9. A program gets
// EAI_AGAIN (try again) there, and nobody said that the name has no A record.
test("a lost A reply beside an empty AAAA answer is not a name that does not exist", () => {
  const names = [
    resolverConfig(),
    dnsReply(RESOLVER, { kind: "no-reply", waitedMs: 2000 }),
    dnsReply(RESOLVER, answer(), { type: "AAAA" }),
  ];
  const causes = diagnose(pathOf(...run({ names, tcp: [], udp: [], lookups: [] }))).findings.map(
    (f) => f.cause,
  );
  expect(causes).not.toContain("dns-name-does-not-exist");
});

// Attempts that connect and get no answer of their protocol: each has its cause, and what looks like it has another.

import { describe, expect, test } from "vitest";
import { diagnose } from "../../../../../src/diagnosis/diagnose.ts";
import type { ProbeOutcome } from "../../../../../src/schema/events/probe.ts";
import type { TcpResult } from "../../../../../src/schema/events/tcp.ts";
import { pathOf } from "../../../../builders/events.ts";
import { type RunOptions, run } from "../../../../builders/runs.ts";
import { connected, failed, stage } from "../../../../builders/tcp.ts";

const OK: TcpResult = { kind: "ok", detail: "done" };

/** The default attempt connects, and its next stages end so. */
function ending(...results: readonly TcpResult[]): RunOptions {
  const names = results.length === 1 ? (["tls"] as const) : (["tls", "http"] as const);
  const stages = results.map((result, n) => stage("t1", names[n] ?? "http", 40 + n, result, null));
  return { tcp: [...connected("t1"), ...stages] };
}

/** The same run as if this had been typed. */
function diagnosed(options: RunOptions, typed?: { input: string; port: number }) {
  const events = run(options).map((event) =>
    event.kind === "run-started" && typed !== undefined
      ? { ...event, target: { ...event.target, ...typed } }
      : event,
  );
  const { verdict, findings } = diagnose(pathOf(...events));
  return [verdict, ...findings.map(({ cause, severity }) => `${cause} ${severity}`)];
}

describe("an attempt that connects and fails is a fault", () => {
  test.each<[string, readonly TcpResult[], string]>([
    ["a reset behind the ClientHello", [failed("ECONNRESET")], "connection-closed"],
    ["the end of the connection behind it", [failed("CLOSED")], "connection-closed"],
    ["a reset behind the request", [OK, failed("ECONNRESET")], "connection-closed"],
    ["the end of the connection behind the request", [OK, failed("CLOSED")], "connection-closed"],
    ["another protocol", [{ kind: "other-protocol", detail: "no TLS" }], "tls-not-spoken"],
    ["an alert that refuses", [failed("ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE")], "server-refuses"],
    [
      "a version that is refused",
      [failed("ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION")],
      "server-refuses",
    ],
    ["a signature that does not fit", [failed("ERR_SSL_BAD_SIGNATURE")], "data-corrupted"],
    ["a record that does not fit", [OK, failed("ERR_SSL_BAD_RECORD_MAC")], "data-corrupted"],
    [
      "an alert about a record of ours",
      [failed("ERR_SSL_SSLV3_ALERT_BAD_RECORD_MAC")],
      "data-corrupted",
    ],
    ["an error that nobody expected", [failed("EOWNERDEAD")], "attempt-failed"],
    ["silence behind the request", [OK, { kind: "no-reply", waitedMs: 4000 }], "attempt-failed"],
  ])("%s", (_, results, cause) => {
    expect(diagnosed(ending(...results))).toEqual(["fault", `${cause} fault`]);
  });
});

describe("an answer is an answer", () => {
  test("where the server asks for a certificate that this client has not", () => {
    const alert = failed("ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED");
    // No fault, and nothing of full size came in.
    expect(diagnosed(ending(OK, alert))).toEqual(["inconclusive"]);
  });

  test("where a port that is none of the web's speaks TLS and ends what is no request to it", () => {
    const imaps = { input: "mail.example.test:993", port: 993 };
    expect(diagnosed(ending(OK, failed("CLOSED")), imaps)).toEqual(["inconclusive"]);
    const typed = { input: "https://mail.example.test:993", port: 993 };
    expect(diagnosed(ending(OK, failed("CLOSED")), typed)).toEqual([
      "fault",
      "connection-closed fault",
    ]);
  });
});

test("a wait that the user's own limit cut short is no fault", () => {
  const events = run(ending({ kind: "no-reply", waitedMs: 300 })).map((event) =>
    event.kind === "run-started"
      ? { ...event, options: { ...event.options, timeoutMs: 300 } }
      : event,
  );
  const { verdict, findings } = diagnose(pathOf(...events));
  expect([verdict, findings]).toEqual(["inconclusive", []]);
});

test.each<[string, TcpResult]>([
  ["silence", { kind: "no-reply", waitedMs: 4000 }],
  ["the end of the connection", failed("CLOSED")],
  ["a reset", failed("ECONNRESET")],
])("on a port whose protocol is not known %s shows nothing", (_, result) => {
  const events = run(ending(result)).map((event) =>
    event.kind === "run-started"
      ? { ...event, target: { ...event.target, port: 5000, scheme: "unknown" as const } }
      : event,
  );
  const { verdict, reason, findings } = diagnose(pathOf(...events));
  expect([verdict, findings]).toEqual(["inconclusive", []]);
  expect(reason).toContain("what it speaks is not known here");
});

test("a refusal in the protocol's own words is the server's", () => {
  const refused = { kind: "failed", code: "REFUSED", detail: "Exceeded MaxStartups" } as const;
  const ssh = { input: "host.example.test:22", port: 22 };
  expect(diagnosed(ending(refused), ssh)).toEqual(["fault", "server-refuses fault"]);
});

describe("a target without a conversation", () => {
  const of = (scheme: "tcp" | "udp" | "icmp", tcp: NonNullable<RunOptions["tcp"]>) => {
    const events = run({ tcp }).map((event) =>
      event.kind === "run-started" ? { ...event, target: { ...event.target, scheme } } : event,
    );
    const { verdict, reason } = diagnose(pathOf(...events));
    return [verdict, reason];
  };

  test("tcp:// that connects works, and has shown no sizes", () => {
    expect(of("tcp", connected("t1"))).toEqual([
      "inconclusive",
      expect.stringContaining("it works, and larger transfers may not"),
    ]);
  });

  const datagram = (outcome: ProbeOutcome, port: number | null) =>
    ({
      kind: "datagram-attempt",
      protocol: port === null ? "icmp" : "udp",
      address: "192.0.2.80",
      port,
      request: null,
      outcome,
      ms: 1,
      asked: 0,
      hops: [],
    }) as const;
  const REPLY = {
    kind: "reply",
    from: "192.0.2.80",
    with: "data",
    rttMs: 1,
    replyTtl: 64,
  } as const;
  const SILENCE = { kind: "no-reply", waitedMs: 1000 } as const;

  test("udp:// that is answered says nothing of larger packets", () => {
    const reason = expect.stringContaining("larger transfers may not");
    expect(of("udp", [datagram(REPLY, 4000)])).toEqual(["inconclusive", reason]);
  });

  test("udp:// that is silent may be open", () => {
    const reason = expect.stringContaining("UDP port 4000 is silent");
    expect(of("udp", [datagram(SILENCE, 4000)])).toEqual(["inconclusive", reason]);
  });

  test("icmp:// that is silent is filtered where the host answers anything else", () => {
    expect(of("icmp", [datagram(SILENCE, null)])[0]).toBe("fault");
  });
});

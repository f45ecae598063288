// How many connections the target's port gets, by what it speaks and what it had already.

import { expect, test } from "vitest";
import { connectionsAtOnce, connectionsLeft } from "../../../probes/protocols/connection-limits.ts";
import type { Scheme } from "../../../src/schema/run-choices.ts";
import { pathOf, runStarted, TARGET } from "../../builders/events.ts";
import { control, NO_REPLY, probeSent } from "../../builders/probes.ts";
import { sweptInbound } from "../../builders/sweeps.ts";
import { passing } from "../../builders/tcp.ts";

const PORT = 443;
const started = (scheme: Scheme) => runStarted({ scheme, port: PORT });

test.each([
  ["https", Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
  ["http", Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
  ["ssh", 4, 10],
  ["smtp", 4, 10],
  ["unknown", 4, 10],
  ["mysql", 4, 5],
  ["tcp", 1, 1],
] as const)("%s: at most %d at once and %d in all", (scheme, atOnce, inAll) => {
  const path = pathOf(started(scheme));
  expect(connectionsAtOnce(path)).toBe(atOnce);
  expect(connectionsLeft(path)).toBe(inAll);
});

test("attempts and answered SYNs to the port count, and nothing else", () => {
  const reply = { kind: "reply", from: TARGET, rttMs: 1, replyTtl: 60 } as const;
  const accepted = { ...reply, with: "syn-ack" } as const;
  const syn = { protocol: "tcp", purpose: "flow", flow: 1 } as const;
  const path = pathOf(
    started("ssh"),
    ...passing("t1"),
    ...passing("t2"),
    probeSent(accepted, syn),
    probeSent({ ...reply, with: "reset" }, syn),
    probeSent(NO_REPLY, syn),
    probeSent(accepted, { ...syn, port: 80 }),
    control(),
  );
  expect(connectionsLeft(path)).toBe(7);
});

test("what is used up stays used up", () => {
  const many = Array.from({ length: 12 }, (_, n) => passing(`t${n}`)).flat();
  expect(connectionsLeft(pathOf(started("ssh"), ...many))).toBe(0);
});

test.each([
  ["ssh", 10],
  ["mysql", 5],
] as const)("a sweep of sizes over %s stays within %i connections", async (scheme, inAll) => {
  const swept = await sweptInbound({ limit: 1400 }, [], started(scheme));
  expect(swept.connections).toBeLessThanOrEqual(inAll);
  expect(swept.interval.passed).toBeGreaterThanOrEqual(1280);
  expect(swept.interval.failed).toBeLessThanOrEqual(1480);
  expect(swept.interval.passed).toBeLessThanOrEqual(1400);
});

test("a limit that something names is found to the byte within them", async () => {
  const swept = await sweptInbound({ limit: 1431 }, [1431], started("mysql"));
  expect(swept.connections).toBeLessThanOrEqual(5);
  expect(swept.interval).toMatchObject({ passed: 1431, failed: 1432 });
});

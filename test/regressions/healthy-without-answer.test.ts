// What once went wrong, and must not again. openQuestion() takes the LAST stage that is
// there for the goal, so an attempt that connected (or did TLS) and has no http stage is "healthy".
// Reached by: a lost event in a recording; and by an http server (or middlebox) that accepts and closes
// without a byte ("other-protocol: closed without an answer"), which counts as an answer.

import { expect, test } from "vitest";
import { CLOSED } from "../../src/facts/connection/attempt.ts";
import { diagnosisOf as diagnose } from "../../src/report/diagnosis.ts";
import { pathOf, runStarted } from "../builders/events.ts";
import { run } from "../builders/runs.ts";
import { connected, passing, stage } from "../builders/tcp.ts";

test("a connection without a handshake is not healthy", () => {
  const tcp = [
    ...connected("t1"),
    { kind: "tcp-ended", attempt: "t1", complete: false, sinceStartMs: 20, info: null } as const,
  ];
  expect(diagnose(pathOf(...run({ tcp }))).verdict).not.toBe("healthy");
});

test("a handshake without an answer is not healthy", () => {
  const tcp = passing("t1").filter(
    (event) => !(event.kind === "tcp-stage" && event.stage === "http"),
  );
  expect(diagnose(pathOf(...run({ tcp }))).verdict).not.toBe("healthy");
});

test("a server that closes without a byte is not healthy", () => {
  const closed = { kind: "failed", code: CLOSED, detail: "closed without an answer" } as const;
  const tcp = [...connected("t1"), stage("t1", "http", 30, closed, null)];
  const bodies = run({ tcp }).map((event) =>
    event.kind === "run-started" ? runStarted({ scheme: "http", port: 80 }) : event,
  );
  expect(diagnose(pathOf(...bodies)).verdict).not.toBe("healthy");
});

// Sizes by source port: a limit of some flows, each with its own size, and what only looks like one.

import { expect, it } from "vitest";
import { balancedLimits, unsettledTry } from "../../../../src/facts/size/balanced.ts";
import { isLimitReported } from "../../../../src/facts/size/flow-tries.ts";
import { inboundFacts } from "../../../../src/facts/size/inbound.ts";
import type { EventBody } from "../../../../src/schema/event.ts";
import { pathOf } from "../../../builders/events.ts";
import { connected, tcpInfo } from "../../../builders/tcp.ts";

const FULL = 1500;
let made = 0;

/** One connection from a port, which gets all that it offers to take, or hangs behind a gap. */
function tried(port: number, offered: number, result: "passed" | "lost"): readonly EventBody[] {
  made += 1;
  const attempt = `f${made}`;
  const isLost = result === "lost";
  const advMss = offered - 52;
  const info = tcpInfo({ advMss, rcvMss: isLost ? 536 : advMss, rcvOooPack: isLost ? 1 : 0 });
  const seen = { ...info, bytesReceived: isLost ? 0 : 5000 };
  const waited = { attempt, stage: "tls" as const, sinceStartMs: 900, ms: 890 };
  const [started, ...rest] = connected(attempt, { purpose: "size-flow", offered });
  return [
    ...(started?.kind === "tcp-started" ? [{ ...started, sourcePort: port }] : []),
    ...rest,
    ...(isLost
      ? ([
          { kind: "tcp-stalled", attempt, stage: "tls", sinceStartMs: 80, info: seen },
          { kind: "tcp-stage", ...waited, result: { kind: "no-reply", waitedMs: 890 }, info: seen },
        ] as const)
      : []),
    { kind: "tcp-ended", attempt, complete: false, sinceStartMs: 900, info: seen },
  ];
}

/** What a port with that limit comes to at each size. */
function port(number: number, limit: number, ...sizes: readonly number[]): readonly EventBody[] {
  return sizes.flatMap((size) => tried(number, size, size > limit ? "lost" : "passed"));
}

it("a limit that four of eight ports meet each time is theirs alone, to the byte", () => {
  const limited = [1, 2, 3, 4].flatMap((n) => port(n, 1400, FULL, 576, FULL, 1400, 1401, 1401));
  const open = [5, 6, 7, 8].flatMap((n) => port(n, FULL, FULL, FULL));
  const found = balancedLimits(pathOf(...limited, ...open)).inbound;
  expect(found).toMatchObject({ tried: 8, limited: 4, isByPort: true, openBytes: FULL });
  expect(found?.limits).toEqual([{ ports: [1, 2, 3, 4], passed: 1400, failed: 1401, exact: true }]);
  expect(found?.estimate).toMatchObject({ bytes: 1400, exact: true, silent: true });
});

it("limits that differ are each told with their own ports, and the smallest is the path's", () => {
  const small = [1, 2, 3].flatMap((n) => port(n, 1300, 1400, 576, 1400, 1400, 1300, 1301, 1301));
  const large = [4, 5, 6].flatMap((n) => port(n, 1400, 1400, FULL, 1400, 1400, 1400, 1401, 1401));
  const found = balancedLimits(pathOf(...small, ...large)).inbound;
  expect(found?.openBytes).toBeNull();
  expect(found?.limits.map(({ ports, passed }) => [ports.length, passed])).toEqual([
    [3, 1300],
    [3, 1400],
  ]);
  expect(found?.estimate.bytes).toBe(1300);
});

it("sizes on both sides of a limit that are of two ports make no exact one", () => {
  const limited = [1, 2].flatMap((n) => port(n, 1400, FULL, 576, FULL, FULL, FULL));
  const one = [...port(1, 1400, 1400), ...port(2, 1400, 1401, 1401)];
  const open = [5, 6, 7, 8].flatMap((n) => port(n, FULL, FULL, FULL, FULL));
  const found = balancedLimits(pathOf(...limited, ...one, ...open)).inbound;
  expect(found?.estimate).toMatchObject({ bytes: null, exact: false, atLeast: 1400, below: 1401 });
});

it("ports that fare differently from try to try have a range, and none is named", () => {
  const sizes = (n: number) => [
    ...tried(n, FULL, n % 2 === 0 ? "lost" : "passed"),
    ...tried(n, FULL, n % 3 === 0 ? "lost" : "passed"),
    ...tried(n, FULL, n % 4 === 1 ? "lost" : "passed"),
    ...tried(n, 576, "passed"),
    ...tried(n, 1280, "passed"),
  ];
  const all = Array.from({ length: 12 }, (_, n) => sizes(n)).flat();
  const found = balancedLimits(pathOf(...all)).inbound;
  expect(found).toMatchObject({ isByPort: false, tried: 36 });
  expect(found?.estimate).toMatchObject({ exact: false, bytes: null, atLeast: 1280, below: FULL });
});

it("ports that lose every size are no limit, nor is a single one that hung once", () => {
  const dead = [1, 2].flatMap((n) => [...port(n, 0, FULL, 576, FULL, 576)]);
  const open = [3, 4, 5, 6].flatMap((n) => port(n, FULL, FULL, FULL, FULL));
  expect(balancedLimits(pathOf(...dead, ...open)).inbound).toBeNull();
  const once = [...port(1, 1400, FULL, 576), ...port(1, FULL, FULL)];
  expect(balancedLimits(pathOf(...once, ...open)).inbound).toBeNull();
  expect(inboundFacts(pathOf(...once, ...open)).balanced).toBeNull();
});

it("a kernel that sends less from a port than before was told of the limit: it is no silent one", () => {
  const attempt = (name: string, sndMss: number, bytesAcked: number): readonly EventBody[] => {
    const [started, ...rest] = connected(name, { purpose: "size-flow", offered: FULL });
    const info = { ...tcpInfo({ advMss: 1448 }), sndMss, bytesAcked, unacked: 2 };
    return [
      ...(started?.kind === "tcp-started"
        ? [{ ...started, sourcePort: 7, firstFlightBytes: 1600 }]
        : []),
      ...rest,
      { kind: "tcp-ended", attempt: name, complete: false, sinceStartMs: 900, info },
    ];
  };
  expect(isLimitReported(pathOf(...attempt("a", 1448, 0), ...attempt("b", 1348, 2000)))).toBe(true);
  expect(isLimitReported(pathOf(...attempt("c", 1448, 0), ...attempt("d", 1448, 0)))).toBe(false);
});

it("a port that hung once, and got nothing as large since, is neither limited nor free", () => {
  const open = [2, 3, 4].flatMap((n) => port(n, FULL, FULL, FULL));
  const hung = [...tried(1, FULL, "lost"), ...tried(1, 576, "passed"), ...tried(1, 800, "passed")];
  expect(balancedLimits(pathOf(...hung, ...open)).inbound).toBeNull();
  const left = unsettledTry(pathOf(...hung, ...open));
  expect(left).toMatchObject({ port: 1, sizeBytes: FULL, towards: "inbound" });
  // A server that answers none of them in time is slow.
  expect(unsettledTry(pathOf(...hung))).toBeNull();
  // What was lost by chance comes when it is asked for again.
  expect(unsettledTry(pathOf(...hung, ...tried(1, FULL, "passed"), ...open))).toBeNull();
});

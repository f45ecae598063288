// One query over a socket whose answers, errors and times the test holds.

import { describe, expect, test } from "vitest";
import { askUdp, type UdpQueryOptions } from "../../../probes/dns/udp-query.ts";
import type { DatagramSocket } from "../../../probes/native/datagram.ts";
import { virtualClock } from "../../builders/clock.ts";

const QUESTION = { server: "192.0.2.53", name: "www.example.test", type: "A" } as const;

/** An answer without records to the query that was sent: its flags alone differ (RFC 1035 s.4.1.1). */
function answerTo(query: Buffer, otherId = false): Buffer {
  const answer = Buffer.from(query);
  if (otherId) answer.writeUInt16BE(answer.readUInt16BE(0) ^ 1, 0);
  answer.writeUInt16BE(0x8180, 2);
  return answer;
}

type Came =
  | { readonly waitedMs: number; readonly otherId?: true; readonly keepBytes?: number }
  | { readonly error: string };

/** @param script what is in the socket from a time on, in the order of arrival; `atMs` is when it is read */
function query(
  script: readonly (Came & { readonly atMs: number })[],
  options: Partial<UdpQueryOptions> = {},
) {
  const clock = virtualClock();
  const sent: Buffer[] = [];
  const waiting = [...script];
  let closed = 0;
  const socket: DatagramSocket = {
    send: (data) => {
      sent.push(data);
      return null;
    },
    receive: () => {
      const [next] = waiting;
      if (next === undefined || next.atMs > clock.now()) return undefined;
      waiting.shift();
      if ("error" in next) return next;
      return {
        waitedMs: next.waitedMs,
        data: answerTo(sent[0] ?? Buffer.alloc(0), next.otherId).subarray(0, next.keepBytes),
      };
    },
    close: () => {
      closed += 1;
    },
  };
  const running = askUdp(QUESTION, {
    now: clock.now,
    sleep: clock.sleep,
    connect: () => ({ kind: "connected", socket }),
    signal: new AbortController().signal,
    ...options,
  });
  return { ...running, sent, closed: () => closed };
}

describe("a query over UDP", () => {
  test("takes the time at which the answer arrived, not that at which it was read", async () => {
    const { result } = query([{ atMs: 900, waitedMs: 880 }]);
    const { outcome, rttMs } = await result;
    expect(outcome).toMatchObject({ kind: "answer", rcode: "NOERROR" });
    expect(rttMs).toBeGreaterThanOrEqual(19);
    expect(rttMs).toBeLessThanOrEqual(41);
  });

  test("is repeated while nothing comes, and gives up at its limit", async () => {
    const { result, sent, closed } = query([]);
    expect(await result).toMatchObject({ outcome: { kind: "no-reply" }, rttMs: null, sent: 3 });
    expect(sent).toHaveLength(3);
    expect(closed()).toBe(1);
  });

  test("reads what came in time even when it gets to it late", async () => {
    const { result } = query([{ atMs: 1999, waitedMs: 0 }], { waitMs: 2000 });
    expect((await result).outcome.kind).toBe("answer");
  });

  test("is refused by an ICMP error", async () => {
    const { result, closed } = query([{ atMs: 3, error: "ECONNREFUSED" }]);
    expect((await result).outcome).toEqual({ kind: "refused", from: null });
    expect(closed()).toBe(1);
  });

  test("listens on behind its answer, and ends that early on request", async () => {
    const quiet = new AbortController();
    const { result, listened, closed } = query([{ atMs: 5, waitedMs: 0 }], {
      listenMs: 300,
      listenUntil: quiet.signal,
    });
    await result;
    expect(closed()).toBe(0);
    quiet.abort();
    expect(await listened).toHaveLength(1);
    expect(closed()).toBe(1);
  });

  test("that ends with the run reports no reply", async () => {
    const abort = new AbortController();
    const { result } = query([], { signal: abort.signal });
    abort.abort();
    expect((await result).outcome.kind).toBe("no-reply");
  });

  test("of another id is no answer", async () => {
    const { result } = query([{ atMs: 3, waitedMs: 0, otherId: true }]);
    expect((await result).outcome.kind).toBe("no-reply");
  });

  test("that cannot be read is waited behind for a good one, and is told where none comes", async () => {
    const cut = { atMs: 3, waitedMs: 0, keepBytes: 20 };
    const good = query([cut, { atMs: 60, waitedMs: 0 }]);
    expect((await good.result).outcome.kind).toBe("answer");
    const alone = query([cut]);
    expect((await alone.result).outcome.kind).toBe("malformed");
  });
});

// Full segments beside small ones: which losses are of large packets alone, and from which size on.

import { expect, it } from "vitest";
import { segmentLoss } from "../../../../src/facts/loss/segment-loss.ts";
import type { EventBody } from "../../../../src/schema/event.ts";
import { pathOf } from "../../../builders/events.ts";
import { connected, tcpInfo } from "../../../builders/tcp.ts";

const SMALL = 576;
const FULL = 1500;
const ALL = 6;

interface Shown {
  readonly retransmitted?: number;
  readonly outOfOrder?: number;
  readonly acked?: number;
  /** The packet that TCP sends, where it is not the one that was asked for. */
  readonly sentBytes?: number;
}

let made = 0;

function connections(sizeBytes: number, count: number, shown: Shown = {}): readonly EventBody[] {
  return Array.from({ length: count }, () => connection(sizeBytes, shown)).flat();
}

function connection(sizeBytes: number, shown: Shown): readonly EventBody[] {
  made += 1;
  const { retransmitted = 0, outOfOrder = 0, acked = 15_000, sentBytes = sizeBytes } = shown;
  const info = tcpInfo({
    sndMss: sentBytes - 52,
    bytesAcked: acked,
    totalRetrans: retransmitted,
    rcvOooPack: outOfOrder,
    bytesReceived: 5000,
  });
  const attempt = `s${made}`;
  const began = connected(attempt, { purpose: "segment-loss", offered: sizeBytes });
  return [
    ...began,
    {
      kind: "tcp-stage",
      attempt,
      stage: "tls",
      sinceStartMs: 60,
      ms: 40,
      result: { kind: "ok", detail: "TLSv1.3" },
      info,
    },
    { kind: "tcp-ended", attempt, complete: true, sinceStartMs: 80, info },
  ];
}

const SIGN = connection(FULL, { retransmitted: 1 });

it("takes repetitions of the full segments alone for loss of large packets, outbound", () => {
  const measured = segmentLoss(
    pathOf(
      ...SIGN,
      ...connections(FULL, ALL, { retransmitted: 3 }),
      ...connections(SMALL, ALL),
      ...connections(1038, 4, { retransmitted: 1 }),
      ...connections(807, 4),
    ),
  );
  expect(measured?.lossy).toEqual(["outbound"]);
  expect(measured?.from).toEqual({ passed: 807, lost: 1038 });
});

it("takes what comes out of order for loss inbound, where only full segments do", () => {
  const path = pathOf(
    ...SIGN,
    ...connections(FULL, ALL, { outOfOrder: 9 }),
    ...connections(SMALL, ALL),
  );
  expect(segmentLoss(path)?.lossy).toEqual(["inbound"]);
});

it("does not count a single segment that was overtaken", () => {
  const path = pathOf(
    ...SIGN,
    ...connections(FULL, ALL, { outOfOrder: 1 }),
    ...connections(SMALL, ALL),
  );
  expect(segmentLoss(path)?.lossy).toEqual([]);
});

it.each([
  ["both sizes repeat", { retransmitted: 2 }, { retransmitted: 2 }],
  ["both sizes arrive out of order", { outOfOrder: 9 }, { outOfOrder: 9 }],
  ["no full segment is ever acknowledged", { retransmitted: 5, acked: 1 }, {}],
  ["TCP took to smaller segments", { retransmitted: 5, sentBytes: 1400 }, {}],
])("finds no loss of large packets where %s", (_, full: Shown, small: Shown) => {
  const path = pathOf(...SIGN, ...connections(FULL, ALL, full), ...connections(SMALL, ALL, small));
  expect(segmentLoss(path)?.lossy ?? []).toEqual([]);
});

it("leaves it open where half of the full ones repeat, until enough were made", () => {
  const of = (pairs: number) =>
    segmentLoss(
      pathOf(
        ...SIGN,
        ...connections(FULL, pairs, { retransmitted: 1 }),
        ...connections(FULL, pairs / 3),
        ...connections(SMALL, (4 * pairs) / 3),
      ),
    );
  expect(of(3)).toMatchObject({ lossy: [], isOpen: true });
  expect(of(9)).toMatchObject({ lossy: ["outbound"], isOpen: false });
});

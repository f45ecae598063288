// Who is silent: a recording of a provider's box that accepts and hangs, with another outcome of the check at its end.

import { expect, test } from "vitest";
import { diagnose } from "../../../../../src/diagnosis/diagnose.ts";
import type { ProbeEvent } from "../../../../../src/schema/event.ts";
import type { SilenceCheck } from "../../../../../src/schema/events/tcp-check.ts";
import { pathOf } from "../../../../builders/events.ts";
import { readEvents } from "../../../../recordings/files.ts";

const recorded = readEvents("server-hangs.root.ndjson.gz");
const NOBODY = [1, 2, 3].map((ttl) => ({ ttl, accepted: false }));
const NOTHING = { acknowledged: true, answers: 3, aheadBytes: 0, receivedBytes: 0 };

function found(check: Partial<SilenceCheck>, networkingMode: string | null = "nat") {
  const events = recorded.map(
    (event): ProbeEvent =>
      event.kind === "silence-check"
        ? { ...event, ...check }
        : event.kind === "vantage"
          ? { ...event, networkingMode }
          : event,
  );
  const [first] = diagnose(pathOf(...events)).findings;
  return [first?.cause, first?.segment, first?.direction];
}

test.each<[string, Partial<SilenceCheck>, readonly (string | null)[]]>([
  ["the box, where its distance is enough", {}, ["internet-hop", null]],
  [
    "the target, where nobody nearer accepts",
    { nearer: NOBODY, raw: NOTHING },
    ["destination", null],
  ],
  ["nobody, for an ordinary user", { nearer: NOBODY, raw: null }, [null, null]],
  [
    "nobody, where its own segments did not come",
    { nearer: NOBODY, raw: { ...NOTHING, answers: 0 } },
    [null, null],
  ],
  ["nobody, where not every TTL was tried", { nearer: [], raw: NOTHING }, [null, null]],
  [
    "nobody, where more was sent than came",
    { nearer: NOBODY, raw: { ...NOTHING, aheadBytes: 900 } },
    [null, "inbound"],
  ],
  [
    "nobody, where a connection beside it got an answer",
    { nearer: NOBODY, raw: { ...NOTHING, receivedBytes: 900 } },
    [null, null],
  ],
])("%s", (_, check, place) => {
  expect(found(check)).toEqual(["server-silent", ...place]);
});

test("nobody behind a gateway that accepts everything itself", () => {
  expect(found({ nearer: [{ ttl: 1, accepted: true }] }, "consomme")[1]).toBe(null);
});

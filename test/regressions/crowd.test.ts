// 20 runs at once in one network: the server took connections late, so that its kernel dropped requests and first data, and
// the routers' answers were spent on the other runs. Each was taken for loss of the path, or for the server's silence.

import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { pathOf } from "../../src/model/reduce.ts";
import { diagnosisOf } from "../../src/report/diagnosis.ts";
import { parseRecording } from "../../src/schema/recording.ts";

const INBOUND = "pmtu-inbound-blackhole";

test.each([
  {
    what: "small connections that were answered too late, in a network that loses large packets",
    file: "crowd-taken-late",
    verdict: "fault",
    causes: [INBOUND],
  },
  {
    what: "requests that the server had no room for, where no connection could be held open",
    file: "crowd-hang",
    verdict: "fault",
    causes: [INBOUND],
  },
  {
    what: "requests that the server had no room for, while an open connection lost nothing",
    file: "crowd-well",
    verdict: "inconclusive",
    causes: [],
  },
  {
    what: "requests that were repeated, while every one that was sent on purpose was answered",
    file: "crowd-repeated-requests",
    verdict: "fault",
    causes: ["attempt-failed"],
  },
  {
    what: "a page that was waited for no longer than the handshake had taken",
    file: "crowd-answered-late",
    verdict: "inconclusive",
    causes: [],
  },
])("$what: no blame", ({ file, verdict, causes }) => {
  const { findings, ...made } = diagnosisOf(pathOf(eventsOf(file)));
  expect(made.verdict).toBe(verdict);
  expect(findings.filter(({ severity }) => severity !== "note").map(({ cause }) => cause)).toEqual(
    causes,
  );
});

test("a PMTU that another run has taught the kernel before the first connection hides a black hole", () => {
  const { verdict, findings } = diagnosisOf(pathOf(eventsOf("learnt-by-others")));
  expect(verdict).toBe("inconclusive");
  expect(findings.map(({ cause }) => cause)).toContain("pmtu-cached");
});

function eventsOf(name: string) {
  const file = new URL(`../fixtures/${name}.ndjson.gz`, import.meta.url);
  return parseRecording(gunzipSync(readFileSync(file)).toString(), name);
}

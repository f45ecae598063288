import { expect, test } from "vitest";
import { observeComputations } from "../../../src/facts/per-path.ts";
import { makeReport } from "../../../src/report/make.ts";
import type { ProbeEvent } from "../../../src/schema/event.ts";
import { readEvents } from "../../recordings/files.ts";

/** Of each kind that asks for other facts. */
const RECORDINGS = {
  "nothing is wrong": "wsl2-healthy.root.ndjson.gz",
  "a VPN swallows large packets": "wsl2-vpn.root.ndjson.gz",
  "Windows forwards nothing": "wsl2-forwarding-blocked.root.ndjson.gz",
  "one of several ways is dead": "balanced-way-dead.root.1.ndjson.gz",
  "packets of any size are lost": "two-size-and-loss.root.1.ndjson.gz",
  "answers to names are forged": "dns-forged.root.ndjson.gz",
  "a large answer is lost": "dns-large-answer-lost.root.ndjson.gz",
  "the way to a silent name server is followed": "gateway-gone-with-names.root.ndjson.gz",
  "a VPN takes the way to the name server": "vpn-steals-subnet.root.ndjson.gz",
};

/** Whichever Path it is of: a Path that is changed to get another answer counts, too. */
function computationsOf(events: readonly ProbeEvent[]): readonly string[] {
  const computed: string[] = [];
  const end = observeComputations((fact) => computed.push(fact));
  try {
    makeReport(events);
  } finally {
    end();
  }
  return computed;
}

function asSizesRun(event: ProbeEvent): ProbeEvent {
  return event.kind === "run-started" ? { ...event, command: "mtu" } : event;
}

function twice(facts: readonly string[]): readonly string[] {
  return facts.filter((fact, n) => facts.indexOf(fact) !== n);
}

test.each(Object.entries(RECORDINGS))("each fact is computed once where %s", (_, file) => {
  const computed = computationsOf(readEvents(file));
  expect(computed).toContain("reachFacts");
  expect(twice(computed)).toEqual([]);
});

test("each fact is computed once in a run about sizes, whose protocols are taken apart", () => {
  const events = readEvents(RECORDINGS["a VPN swallows large packets"]);
  const computed = computationsOf(events.map(asSizesRun));
  expect(computed).toContain("outboundFacts");
  expect(twice(computed)).toEqual([]);
});

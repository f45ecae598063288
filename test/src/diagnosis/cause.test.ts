// A rule is asked only where its needs are met, and is given what they hold.

import { expect, test } from "vitest";
import { cause } from "../../../src/diagnosis/cause.ts";
import type { Need } from "../../../src/diagnosis/needs/needs.ts";
import { type Outcome, rejected } from "../../../src/diagnosis/outcome.ts";
import { say } from "../../../src/diagnosis/words.ts";
import { factsOf } from "../../../src/facts/facts.ts";
import type { EventBody } from "../../../src/schema/event.ts";
import { lookup, pathOf, RESOLVER } from "../../builders/events.ts";
import { run } from "../../builders/runs.ts";

const MADE_UP = {
  id: "made-up",
  area: "reach",
  title: "Made up",
  segment: null,
  severity: "note",
  direction: null,
  dependsOn: [],
  differentialCauses: [],
} as const;

function outcomeOf(needs: readonly Need[], bodies: readonly EventBody[]): Outcome {
  const { judge } = cause({
    ...MADE_UP,
    needs,
    judge: () => rejected(say("asked")),
  });
  return judge(factsOf(pathOf(...bodies)));
}

test("the first need that is not met decides, by its own reason", () => {
  expect(outcomeOf(["snapshot", "attempt"], [])).toMatchObject({
    kind: "not-checked",
    reason: { key: "noSnapshot", values: { reason: null } },
  });
  expect(outcomeOf(["attempt", "snapshot"], [])).toMatchObject({
    kind: "not-checked",
    reason: { key: "noConnection" },
  });
});

test("a need may be given another reason", () => {
  const needs = [{ need: "attempt", reason: "nothingConnected" }] as const;
  expect(outcomeOf(needs, [])).toMatchObject({
    kind: "not-checked",
    reason: { key: "nothingConnected" },
  });
});

test("another reason takes the place of no rejection", () => {
  const needs = [{ need: "failure", reason: "nothingConnected" }] as const;
  expect(outcomeOf(needs, run())).toMatchObject({
    kind: "rejected",
    because: { key: "comesAbout" },
  });
});

test("where all are met the rule is asked", () => {
  expect(outcomeOf(["route"], [lookup()])).toMatchObject({ because: { key: "asked" } });
  expect(outcomeOf([], [])).toMatchObject({ because: { key: "asked" } });
});

test("the rule is given what was met, by name", () => {
  const { judge } = cause({
    ...MADE_UP,
    needs: ["route", { need: "servers", reason: "noServer" }],
    judge: (_facts, { route, servers }) =>
      rejected(
        say("given", { device: route.interface, servers: servers.map(({ server }) => server) }),
      ),
  });
  expect(judge(factsOf(pathOf(...run())))).toMatchObject({
    because: { values: { device: "eth0", servers: [RESOLVER] } },
  });
});

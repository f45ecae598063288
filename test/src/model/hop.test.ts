// The table of hops: what was sent with each TTL, and what came back.

import { expect, test } from "vitest";
import { hopTable, type Probe } from "../../../src/model/hop.ts";
import { TARGET } from "../../builders/events.ts";
import { exceeded, fromTarget, NO_REPLY, probeSent } from "../../builders/probes.ts";

const ROUTER = "198.51.100.1";

const PROBES: readonly Probe[] = [
  { id: "e1", ...probeSent(fromTarget(), { ttl: 3 }) },
  { id: "e2", ...probeSent(exceeded(ROUTER), { ttl: 1 }) },
  { id: "e3", ...probeSent(NO_REPLY, { ttl: 1 }) },
  { id: "e4", ...probeSent(exceeded(TARGET), { ttl: 2 }) },
];

test("a hop has all that was sent with its TTL, the nearest hop first", () => {
  const table = hopTable(PROBES);
  expect(table.map(({ ttl, sent }) => [ttl, sent.map(({ id }) => id)])).toEqual([
    [1, ["e2", "e3"]],
    [2, ["e4"]],
    [3, ["e1"]],
  ]);
});

test("a hop's replies are its routers', and what is silent stands apart", () => {
  const [near, , target] = hopTable(PROBES);
  expect(near?.replies).toMatchObject([{ id: "e2", from: ROUTER, rewritten: false }]);
  expect(near?.noReply.map(({ id }) => id)).toEqual(["e3"]);
  expect(target).toMatchObject({ replies: [], noReply: [] });
});

test("a router's reply that bears the target's address is a rewritten one", () => {
  expect(hopTable(PROBES)[1]?.replies).toMatchObject([{ from: TARGET, rewritten: true }]);
});

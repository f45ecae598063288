// Windows' choice of a route, against a table that was worked out by hand.

import { expect, test } from "vitest";
import { type HostRoute, routeOnHost } from "../../../src/host/routes.ts";
import { type Rows, snapshotOf } from "./example.ts";
import { ROUTE_CASES } from "./route-cases.ts";

const value = (column: string | undefined) =>
  column === undefined || column === "-" ? null : Number(column);
const store = (word: string | undefined) =>
  word === undefined ? {} : { Store: "PersistentStore" };

function routeRow(line: string): Rows {
  const [index, DestinationPrefix, NextHop, metric, own, kept] = line.split(" ");
  return {
    ifIndex: Number(index),
    DestinationPrefix,
    NextHop,
    RouteMetric: value(metric),
    InterfaceMetric: value(own),
    ...store(kept),
  };
}

function interfaceRow(line: string): Rows {
  const [index, family, metric, state, kept] = line.split(" ");
  return {
    ifIndex: Number(index),
    AddressFamily: family === "4" ? 2 : 23,
    InterfaceMetric: value(metric),
    ConnectionState: value(state),
    ...store(kept),
  };
}

function shown(found: HostRoute): string {
  if (!found.known) return found.kind;
  const { adapter, nextHop, effectiveMetric, ties } = found;
  const others = ties.map((tie) => tie.adapter.ifIndex).join(" ");
  const chosen = `${adapter.ifIndex} ${nextHop ?? "on-link"} ${effectiveMetric ?? "?"}`;
  return others === "" ? chosen : `${chosen} = ${others}`;
}

test("the table is long enough", () => {
  expect(ROUTE_CASES.length).toBeGreaterThanOrEqual(40);
  expect(new Set(ROUTE_CASES.map(({ name }) => name)).size).toBe(ROUTE_CASES.length);
});

test.each(ROUTE_CASES)("$name", ({ routes, interfaces, target, expected }) => {
  const snapshot = snapshotOf({
    "Get-NetRoute": routes.map(routeRow),
    ...(interfaces.length === 0 ? {} : { "Get-NetIPInterface": interfaces.map(interfaceRow) }),
  });
  expect(shown(routeOnHost(snapshot, target))).toBe(expected);
});

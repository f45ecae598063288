// What once went wrong, and must not again. A recording whose route prefix is no CIDR passes the schema (text) and then throws a plain Error
// from ipaddr.parseCIDR, without a sentence for the user. Needs a limit below 1280 (fixes.ts, routeCommand).
import { expect, test } from "vitest";
import { diagnosisOf as diagnose } from "../../src/report/diagnosis.ts";
import { pathOf } from "../builders/events.ts";
import { vpnBlackhole } from "../builders/runs.ts";

test("a route's prefix that is no CIDR ends no replay with a bare exception", () => {
  const bodies = vpnBlackhole(1200).map((event) =>
    event.kind === "routes"
      ? { ...event, routes: event.routes.map((route) => ({ ...route, prefix: "default" })) }
      : event,
  );
  expect(() => diagnose(pathOf(...bodies))).not.toThrow();
});

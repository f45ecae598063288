// A route that is another one at the end of a run than at its beginning.

import { describe, expect, it } from "vitest";
import { fold } from "../../../../src/model/reduce.ts";
import { diagnosisOf } from "../../../../src/report/diagnosis.ts";
import type { ProbeEvent } from "../../../../src/schema/event.ts";
import type { RouteOutcome } from "../../../../src/schema/events/guest.ts";
import { readEvents } from "../../../recordings/files.ts";

const HEALTHY = readEvents("wsl2-healthy.root.ndjson.gz");

function ending(change: (outcome: RouteOutcome & { readonly kind: "route" }) => RouteOutcome) {
  const events = HEALTHY.map((event): ProbeEvent => {
    if (event.kind !== "route-lookup" || event.when !== "after") return event;
    return event.outcome.kind === "route" ? { ...event, outcome: change(event.outcome) } : event;
  });
  return diagnosisOf(fold(events));
}

describe("a run that is healthy", () => {
  it("stays so where the route is the same, and where the kernel has cached a PMTU since", () => {
    expect(ending((outcome) => outcome).verdict).toBe("healthy");
    expect(ending((outcome) => ({ ...outcome, cachedPmtu: 1400 })).verdict).toBe("healthy");
  });

  it.each<[string, (outcome: RouteOutcome & { readonly kind: "route" }) => RouteOutcome, string]>([
    ["the link's MTU", (outcome) => ({ ...outcome, pathMtu: 1300 }), "(MTU 1300) at the end"],
    ["the interface", (outcome) => ({ ...outcome, interface: "tun0" }), "by tun0"],
    ["the gateway", (outcome) => ({ ...outcome, gateway: "192.0.2.1" }), "to 192.0.2.1"],
    [
      "there being one",
      () => ({ kind: "no-route", error: "ENETUNREACH" }),
      "none (ENETUNREACH) at the end",
    ],
  ])("is inconclusive, with both routes, where %s changed meanwhile", (_what, change, said) => {
    const { verdict, reason } = ending(change);
    expect(verdict).toBe("inconclusive");
    expect(reason).toContain("measured across a change: the route went by eth0");
    expect(reason).toContain(said);
  });

  it("is one with a fault where a route refuses everything by its end", () => {
    const refusing = { type: "blackhole", prefix: "0.0.0.0/0", table: null, metric: null } as const;
    const refusedBy = [{ kind: "route" as const, ...refusing }];
    const { verdict, reason } = ending(() => ({ kind: "no-route", error: "EINVAL", refusedBy }));
    expect(verdict).toBe("fault");
    expect(reason).toContain("none (EINVAL) at the end");
  });
});

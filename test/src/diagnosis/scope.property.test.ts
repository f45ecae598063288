// A run that asks for names alone, or only reads, names nothing that it cannot know.

import fc from "fast-check";
import { expect, test } from "vitest";
import { causeOf } from "../../../src/diagnosis/causes/list.ts";
import { fold } from "../../../src/model/reduce.ts";
import { diagnosisOf as diagnose } from "../../../src/report/diagnosis.ts";
import type { EventBody } from "../../../src/schema/event.ts";
import type { RunCommand } from "../../../src/schema/events/run.ts";
import {
  BEHIND_NAT,
  dnsReply,
  NO_DNS_REPLY,
  numbered,
  pathOf,
  RESOLVER,
  resolverConfig,
  vantage,
} from "../../builders/events.ts";
import { plainHost, vpnHost } from "../../builders/host.ts";
import { hops } from "../../builders/probes.ts";
import { propertyRuns } from "../../builders/property-runs.ts";
import { run, vpnBlackhole } from "../../builders/runs.ts";
import { NO_REPLY, unconnected } from "../../builders/tcp.ts";

const noName = {
  names: [resolverConfig(), dnsReply(RESOLVER, NO_DNS_REPLY)],
  lookups: [],
  tcp: [],
  udp: [],
};
const lost = { ...BEHIND_NAT, gateway: null };
/** Runs that end in faults of every kind when they are about the path. */
const RUNS: readonly (readonly EventBody[])[] = [
  vpnBlackhole(),
  run({ host: plainHost, ...noName }),
  run({ host: vpnHost(), ...noName, guest: lost }),
  run({ tcp: unconnected(NO_REPLY), udp: hops([null, null], false) }),
  run({ tcp: unconnected({ kind: "failed", code: "ECONNREFUSED", detail: "by hand" }) }),
  run({ vantage: vantage("wsl2", "mirrored"), tcp: unconnected(NO_REPLY), udp: [] }),
];

/** What is read in a table, and explains silent name servers. */
const READ = [
  "no-default-route",
  "mirrored-routes-lost",
  "conntrack-full",
  "vpn-metric-steals-wsl-subnet",
  "vpn-more-specific-route",
  "nat-subnet-overlap",
];

function asCommand(command: RunCommand): (body: EventBody) => EventBody {
  return (body) => (body.kind === "run-started" ? { ...body, command } : body);
}

const part = fc
  .tuple(fc.constantFrom(...RUNS), fc.constantFrom<RunCommand>("dns", "env"))
  .chain(([bodies, command]) =>
    fc.tuple(
      fc.constant(command),
      fc.shuffledSubarray([...numbered(bodies.slice(1))]),
      fc.constant(bodies.slice(0, 1).map(asCommand(command))),
    ),
  );

test("nothing outside the names is found by `dns`, and nothing but what is read by `env`", () => {
  fc.assert(
    fc.property(part, ([command, events, started]) => {
      const first = numbered(started).map((event) => ({ ...event, id: "e0" }));
      const { findings } = diagnose(fold([...first, ...events]));
      const odd = findings.filter(({ cause }) => {
        if (READ.includes(cause)) return false;
        return command === "env" || causeOf(cause)?.segment !== "resolver";
      });
      expect(odd.map(({ cause }) => cause)).toEqual([]);
    }),
    { numRuns: propertyRuns(300) },
  );
});

test("the same runs do name other causes when they are about the path", () => {
  const found = RUNS.flatMap((bodies) => diagnose(pathOf(...bodies)).findings);
  const causes = found.map(({ cause }) => cause);
  expect(causes).toContain("vpn-mtu-inbound-blackhole");
  expect(causes).toContain("port-refused");
});

// resume-from-sleep: whose clock says when the distro was started, and what is not known without it.

import { expect, it } from "vitest";
import { resumeFromSleep } from "../../../../../src/diagnosis/causes/wsl-network/resume-from-sleep.ts";
import { factsOf } from "../../../../../src/facts/facts.ts";
import type { EventBody } from "../../../../../src/schema/event.ts";
import {
  type Body,
  dnsReply,
  NAME,
  NO_DNS_REPLY,
  pathOf,
  RESOLVER,
  resolverConfig,
  runEnded,
  TARGET,
  targetAddresses,
  vantage,
} from "../../../../builders/events.ts";
import { control, hops, NO_REPLY } from "../../../../builders/probes.ts";
import { ROUTERS, run } from "../../../../builders/runs.ts";
import { NO_REPLY as SILENT, unconnected } from "../../../../builders/tcp.ts";
import { plainHost, snapshotOf } from "../../../host/example.ts";

/** The run begins at ten by the distro's clock. */
const SLEPT = [{ TimeCreated: "2026-11-22T09:00:00.0000000Z", Id: 107 }];
const RESOLVED = [{ name: NAME, addresses: [TARGET], servers: [], ms: 3, error: null }];
const REACHED = [{ address: TARGET, port: 443, ok: true, ms: 4, error: null }];
const HOUR = 3600;

interface Case {
  readonly upSeconds?: number;
  readonly resumes?: unknown;
  /** Windows' clock, where it was asked in this run. */
  readonly utc?: string;
  readonly silent?: readonly EventBody[];
}

function judged({ upSeconds, resumes, utc, silent }: Case) {
  const sources = { ...plainHost, reach: REACHED, resolve: RESOLVED, "Get-WinEvent": resumes };
  const snapshot = snapshotOf({ ...sources, clock: utc === undefined ? undefined : { utc } });
  const body: Body<"vantage"> = upSeconds === undefined ? vantage() : { ...vantage(), upSeconds };
  const events = run({
    vantage: body,
    host: snapshot,
    names: [resolverConfig(), targetAddresses(TARGET, "literal", null)],
    tcp: unconnected(SILENT),
    udp: [control(NO_REPLY), ...hops([ROUTERS[0], null, null], false)],
    ...(silent === undefined ? {} : { names: silent, lookups: [], tcp: [], udp: [] }),
    end: runEnded(),
  }).map(
    (event): EventBody =>
      event.kind === "host-snapshot" && utc !== undefined ? { ...event, origin: "interop" } : event,
  );
  const outcome = resumeFromSleep.judge(factsOf(pathOf(...events)));
  const said = "because" in outcome ? outcome.because : "reason" in outcome ? outcome.reason : null;
  return [outcome.kind, said?.key ?? outcome.kind];
}

it.each<[string, Case, string, string]>([
  ["started before it", { upSeconds: 2 * HOUR, resumes: SLEPT }, "fires", "fires"],
  ["started after it", { upSeconds: HOUR / 2, resumes: SLEPT }, "rejected", "notSince"],
  ["started at the same moment", { upSeconds: HOUR, resumes: SLEPT }, "rejected", "notSince"],
  ["never slept", { upSeconds: 2 * HOUR, resumes: [] }, "rejected", "notSince"],
  ["no event log", { upSeconds: HOUR, resumes: { error: "denied" } }, "not-checked", "unread"],
  ["not collected", { upSeconds: 2 * HOUR }, "not-checked", "unread"],
  ["no time of its start", { resumes: SLEPT }, "not-checked", "unread"],
  ["a time that is none", { upSeconds: 2 * HOUR, resumes: [{ Id: 1 }] }, "not-checked", "unread"],
])("%s", (_, one, kind, key) => {
  expect(judged(one)).toEqual([kind, key]);
});

it("believes Windows' clock where the distro's stands at another time", () => {
  // It was started half an hour ago, and its clock is two hours late.
  const one = { upSeconds: HOUR / 2, resumes: [{ TimeCreated: "2026-11-22T11:00:00Z" }] };
  expect(judged(one)).toEqual(["fires", "fires"]);
  expect(judged({ ...one, utc: "2026-11-22T12:00:00Z" })).toEqual(["rejected", "notSince"]);
});

it.each([
  ["manual", "not-checked"],
  ["dns-tunnel", "fires"],
] as const)("by names alone, with a silent server of the kind %s: %s", (variant, kind) => {
  const asked = [dnsReply(RESOLVER, NO_DNS_REPLY), dnsReply(RESOLVER, NO_DNS_REPLY)];
  const silent = [{ ...resolverConfig(), variant }, ...asked];
  expect(judged({ upSeconds: 2 * HOUR, resumes: SLEPT, silent })[0]).toBe(kind);
});

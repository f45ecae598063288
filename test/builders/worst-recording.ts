// The largest run of a target: every router up to the last TTL, on several flows, and a Windows host with as many adapters as anybody has.

import type { ProbeEvent } from "../../src/schema/event.ts";
import { recordingHeader, recordingLine } from "../../src/schema/recording-lines.ts";
import { readEvents } from "../recordings/files.ts";

/** The recording with the most connections: a search for the size limits of a path that is balanced. */
const BASE = "balanced-inbound-limit.root.2.ndjson.gz";
const HOPS = 64;
/** What `path` asks for, unless --flows says more. */
const FLOWS = 1;
const ADAPTERS = 20;
const SIZE_BYTES = 36;

/** @param target its number: each has a name of its own, the same routers and adapters */
export function worstRecording(target: number): string {
  const events = worstEvents(target);
  return [recordingHeader(), ...events.map(recordingLine)].join("");
}

/** Its events, in the order in which a run would have reported them. */
function worstEvents(target: number): readonly ProbeEvent[] {
  const recorded = readEvents(BASE);
  const kept = recorded.filter((event) => event.kind !== "probe" || event.purpose !== "hop");
  const [ended, ...before] = [...kept].reverse();
  if (ended === undefined) throw new Error(`${BASE} has events`);
  const last = Math.max(...recorded.map(({ id }) => Number(id.slice(1))));
  const added = [...hopProbes(recorded), ...hopNames()];
  const numbered = added.map((event, n) => ({ ...event, id: `e${last + 1 + n}` }));
  const end = { ...ended, id: `e${last + 1 + numbered.length}` };
  const run = [...before.reverse().map(withAdapters), ...numbered, end];
  return run.map((event) => named(event, `target-${target}.example`));
}

/** A router's address, which differs by flow, as where paths are balanced. */
function routerOf(ttl: number, flow: number): string {
  return `203.0.${100 + flow}.${ttl}`;
}

function hopProbes(recorded: readonly ProbeEvent[]): readonly ProbeEvent[] {
  const model = recorded.find((event) => event.kind === "probe" && event.purpose === "hop");
  if (model?.kind !== "probe") throw new Error(`${BASE} has probes of hops`);
  return eachRouter().map(({ ttl, flow }) => ({
    ...model,
    flow,
    ttl,
    sizeBytes: SIZE_BYTES,
    cookie: (model.cookie ?? 0) + flow * HOPS + ttl,
    // Each tenth is silent.
    outcome:
      (ttl + flow) % 10 === 0
        ? { kind: "no-reply", waitedMs: 1000 }
        : {
            kind: "time-exceeded",
            from: routerOf(ttl, flow),
            rttMs: ttl + flow / 10,
            replyTtl: 255 - ttl,
          },
  }));
}

function hopNames(): readonly ProbeEvent[] {
  return eachRouter().map(({ ttl, flow }) => ({
    id: "",
    atMs: 1,
    kind: "hop-name",
    address: routerOf(ttl, flow),
    server: "172.24.16.1",
    name: `ae-${flow}-${ttl}.core${ttl}.pop-${flow}.carrier-of-the-company.example`,
    error: null,
  }));
}

function eachRouter() {
  return Array.from({ length: HOPS * FLOWS }, (_, n) => ({
    ttl: (n % HOPS) + 1,
    flow: Math.floor(n / HOPS),
  }));
}

/** A snapshot with more adapters: what Windows reports of each, as it does of one that is there. */
function withAdapters(event: ProbeEvent): ProbeEvent {
  if (event.kind !== "host-snapshot") return event;
  const snapshot: unknown = JSON.parse(JSON.stringify(event.snapshot));
  const sources = field(snapshot, "sources");
  for (const source of PER_ADAPTER) {
    const rows = field(sources, source);
    if (!Array.isArray(rows)) continue;
    const model = rows.filter((row: unknown) => field(row, "ifIndex") === 3);
    for (let n = 3; n < ADAPTERS; n += 1) {
      rows.push(...model.map((row: object) => adapterRow(row, n)));
    }
  }
  return { ...event, snapshot };
}

const PER_ADAPTER = ["Get-NetAdapter", "Get-NetIPInterface", "Get-NetIPAddress", "Get-NetRoute"];

function adapterRow(row: object, n: number): object {
  const name = `Ethernet of the company ${n}`;
  return {
    ...row,
    ifIndex: 100 + n,
    ...("Name" in row ? { Name: name } : { InterfaceAlias: name }),
    ...("MacAddress" in row ? { MacAddress: `02-00-00-00-01-${10 + n}` } : {}),
    ...("IPAddress" in row && "AddressFamily" in row && row.AddressFamily === 2
      ? { IPAddress: `192.168.${100 + n}.50` }
      : {}),
    ...("InterfaceMetric" in row ? { InterfaceMetric: 6000 + n } : {}),
  };
}

function field(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}

/** The target's name in every text of the event. */
function named(event: ProbeEvent, host: string): ProbeEvent {
  return JSON.parse(JSON.stringify(event).replaceAll("github.com", host));
}

// docs/fleet asks for attributes and figures by name: each of them is sent.

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { makeReport } from "../../../../src/report/make.ts";
import { telemetryOf } from "../../../../src/report/telemetry/telemetry.ts";
import type { ProbeEvent } from "../../../../src/schema/event.ts";
import { parseHostSnapshot } from "../../../../src/schema/host-snapshot.ts";
import { readEvents } from "../../../recordings/files.ts";

const RECORDINGS = [
  "path-loss.root.1.ndjson.gz",
  "provider-inbound-blackhole.user.ndjson.gz",
  "wsl2-vpn-dead.root.ndjson.gz",
];

/** Networks of the lab have no versions of Windows. */
function withVersions(event: ProbeEvent): ProbeEvent {
  if (event.kind !== "host-snapshot" || event.snapshot === null) return event;
  const snapshot = parseHostSnapshot(event.snapshot);
  const wsl = [{ version: "2.4.4.0", windows: "10.0.22631.4317", kernel: "6.6.36.3" }];
  return { ...event, snapshot: { ...snapshot, sources: { ...snapshot.sources, wsl } } };
}

const FOLDER = new URL("../../../../docs/fleet/", import.meta.url);
const underscored = (name: string) => name.replaceAll(".", "_");

const names = RECORDINGS.flatMap((file) => {
  const { figures, root } = telemetryOf(makeReport(readEvents(file).map(withVersions)));
  return [...figures.map(({ name }) => name), ...Object.keys(root.attributes)];
});
const sent = new Set([...names, ...names.map(underscored)]);

it.each(["README.md", "dashboard.json"])("each name in %s is one that is sent", (file) => {
  const text = readFileSync(new URL(file, FOLDER), "utf8");
  const asked = new Set(text.match(/wsl_trace[._][a-z_.]*[a-z]/g));
  expect(asked.size).toBeGreaterThan(5);
  expect([...asked].filter((name) => !sent.has(name))).toEqual([]);
});

it("the dashboard is one that Grafana reads: panels with a place and a query each", () => {
  const dashboard = JSON.parse(readFileSync(new URL("dashboard.json", FOLDER), "utf8"));
  for (const panel of dashboard.panels) {
    expect(panel.gridPos.x + panel.gridPos.w).toBeLessThanOrEqual(24);
    expect(panel.targets).not.toEqual([]);
  }
});

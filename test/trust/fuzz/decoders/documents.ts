// Files that this tool writes and others may have changed: recordings, reports and host snapshots.

import assert from "node:assert/strict";
import { readReport } from "../../../../src/commands/read-report.ts";
import { hostAdapters } from "../../../../src/host/adapters.ts";
import { nrptFor } from "../../../../src/host/dns.ts";
import { readHost } from "../../../../src/host/host.ts";
import { guestRelation } from "../../../../src/host/relation.ts";
import { routeOnHost } from "../../../../src/host/routes.ts";
import { vpnOnPath } from "../../../../src/host/vpn.ts";
import { jsonReport } from "../../../../src/report/json.ts";
import { makeReport } from "../../../../src/report/make.ts";
import { redact } from "../../../../src/report/redact/redact.ts";
import { textReport } from "../../../../src/report/text.ts";
import { type HostSnapshot, parseHostSnapshotText } from "../../../../src/schema/host-snapshot.ts";
import { parseRecording } from "../../../../src/schema/recording.ts";
import { recordingHeader, recordingLine } from "../../../../src/schema/recording-lines.ts";
import { guest } from "../../../src/host/example.ts";
import type { Decoder } from "../decoder.ts";

const FILE = "a-file";
const TARGET = "203.0.113.7";

/** Every question that a rule may ask of a snapshot. */
function asked(snapshot: HostSnapshot) {
  return {
    host: readHost(snapshot),
    route: routeOnHost(snapshot, TARGET),
    vpn: vpnOnPath(snapshot, TARGET, guest),
    nrpt: nrptFor(snapshot, "www.example.test"),
    relation: guestRelation(snapshot, guest.addresses, guest.gateways),
    adapters: hostAdapters(snapshot, guest),
  };
}

/** As the terminal and as a file to share get it. */
function reported(text: string) {
  const report = makeReport(parseRecording(text, FILE));
  textReport(report);
  jsonReport(redact(report, { target: false }));
  return { verdict: report.verdict, findings: report.findings, chain: report.chain };
}

export const DOCUMENTS: readonly Decoder[] = [
  {
    name: "host-snapshot",
    kind: "json",
    decode: (bytes) => asked(parseHostSnapshotText(bytes.toString("utf8"), FILE)),
    survives: (_, bytes) => {
      const snapshot = parseHostSnapshotText(bytes.toString("utf8"), FILE);
      assert.deepEqual(parseHostSnapshotText(JSON.stringify(snapshot), FILE), snapshot);
    },
  },
  {
    name: "recording",
    kind: "json",
    decode: (bytes) => reported(bytes.toString("utf8")),
    survives: (_, bytes) => {
      const events = parseRecording(bytes.toString("utf8"), FILE);
      const written = [recordingHeader(), ...events.map(recordingLine)].join("");
      assert.deepEqual(parseRecording(written, FILE), events);
    },
  },
  {
    name: "report",
    kind: "json",
    decode: (bytes) => {
      const report = readReport(bytes.toString("utf8"), FILE);
      textReport(report);
      return report;
    },
    survives: (_, bytes) => {
      const report = readReport(bytes.toString("utf8"), FILE);
      assert.deepEqual(readReport(jsonReport(report), FILE), report);
    },
  },
];

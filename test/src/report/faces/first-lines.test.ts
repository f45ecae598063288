// What a reader who knows nothing of a run meets first in its Markdown: the cause, the place, and what to type.

import { describe, expect, it } from "vitest";
import { faceOf } from "../../../../src/report/faces/face.ts";
import { makeReport } from "../../../../src/report/make.ts";
import { redact } from "../../../../src/report/redact/redact.ts";
import { readEvents } from "../../../recordings/files.ts";

const FAULTS = [
  "wsl2-vpn.root",
  "wsl1-nrpt.root",
  "route-blackhole.user",
  "dns-blocked.user",
  "dns-tunnel-dead.root",
  "gateway-gone.user",
  "port-filtered.user",
  "proxy-dead.user",
  "server-hangs.user",
  "mirrored-ports-left.user",
];
const FIRST_LINES = 60;

describe.each(FAULTS)("%s", (name) => {
  it("has cause, place and fix in its first lines", () => {
    const report = redact(makeReport(readEvents(`${name}.ndjson.gz`)), { target: false });
    const { conclusion } = report.trace.at(-1) ?? {};
    const text = faceOf("x.md", [report]).split("\n").slice(0, FIRST_LINES).join("\n");
    expect(conclusion?.cause).not.toBeNull();
    const plain = rendered(text);
    expect(plain).toContain(conclusion?.title);
    expect(plain).toContain(conclusion?.place);
    const command = conclusion?.fix?.commands[0];
    if (command !== undefined) expect(text).toContain(command);
    else expect(plain).toContain(conclusion?.mendedBy);
  });
});

/** Escapes and entities as a reader sees them. */
function rendered(markdown: string): string {
  return markdown
    .replaceAll(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replaceAll("\\", "");
}

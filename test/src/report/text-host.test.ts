// The line about Windows: its age, whether it is this distro's host, and why there is nothing.

import { describe, expect, test } from "vitest";
import { makeReport } from "../../../src/report/make.ts";
import { hostSourceOf } from "../../../src/report/make-host-source.ts";
import { textReport } from "../../../src/report/text.ts";
import { formatHost } from "../../../src/report/text-host.ts";
import type { EventBody } from "../../../src/schema/event.ts";
import { hostSnapshot, numbered, pathOf, runStarted } from "../../builders/events.ts";
import { vpnHost } from "../../builders/host.ts";
import { hostCounters } from "../../builders/host-tries.ts";
import { run } from "../../builders/runs.ts";

const made = (snapshot: object, collectedAt: string) => ({ ...snapshot, collectedAt });
const flat = (text: string) => text.replace(/\s+/g, " ");

function textOf(host: unknown, startedAt = "2026-11-22T10:00:00.000Z"): string {
  const [, ...rest] = run({ host });
  return flat(textReport(makeReport(numbered([{ ...runStarted(), startedAt }, ...rest]))));
}

describe("a saved snapshot", () => {
  test("of yesterday is shown with its age, and one of the same minutes is not", () => {
    const host = made(vpnHost(), "2026-11-22T10:00:00Z");
    expect(textOf(host, "2026-11-23T10:00:00.000Z")).toContain(
      "windows a saved snapshot of 2026-11-22T10:00:00Z, 24 hours older than this run",
    );
    expect(textOf(host)).not.toContain("older than this run");
  });

  test("whose WSL network is another than the distro's is reported as left out", () => {
    const elsewhere = JSON.parse(JSON.stringify(vpnHost()).replaceAll("198.51.100.", "10.99.7."));
    const text = textOf(elsewhere);
    expect(text).toContain("its routes are left out: no guest address lies inside a prefix");
    expect(text).toContain("wsl-trace host --save FILE makes a new one");
    expect(textOf(vpnHost())).not.toContain("left out");
  });
});

test("what pktmon counted is reported, and so are no drop and a refusal", () => {
  const counted = hostCounters("tcpip.sys", "Inspection drop");
  const text = (event: EventBody) => flat(textReport(makeReport(numbered([...run(), event]))));
  expect(text(counted)).toContain(
    "Dropped by Windows, as pktmon counted X 7 packets of about 60 bytes received, by tcpip.sys (Inspection drop)",
  );
  expect(text({ ...counted, components: [] })).toContain("+ none of the packets from and to");
  const refused = { ...counted, components: [], reason: "filters of somebody else" };
  expect(text(refused)).toContain("? not counted: filters of somebody else");
});

describe("without a snapshot", () => {
  const none = pathOf(...run(), hostSnapshot(null, "the socket does not answer"));
  test("WSL gives the reason, and plain Linux lacks nothing", () => {
    const host = hostSourceOf(none);
    expect(host).not.toBeNull();
    if (host === null) return;
    expect(formatHost(host, true)).toBe("not known: the socket does not answer");
    expect(formatHost(host, false)).toBeNull();
  });
});

// The screens of what is no run of the whole path: parts of the diagnosis while they wait, drops, and the lab.

import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import type { DropsSeen } from "../../src/commands/drops-seen.ts";
import type { LabSeen } from "../../src/commands/lab-port.ts";
import { pendingReplies } from "../../src/facts/dns/resolver-path.ts";
import type { Snapshot, Work } from "../../src/model/snapshot.ts";
import type { RunCommand } from "../../src/schema/events/run.ts";
import { dropsLines } from "../../ui/drops-lines.ts";
import { labLines } from "../../ui/lab-lines.ts";
import { cut, type Line, textOf } from "../../ui/lines.ts";
import { layOut } from "../../ui/screen.ts";
import { beginning } from "../../ui/screen-state.ts";
import { recorded } from "./recorded.ts";

const SIZES = [60, 80, 100, 140, 200].flatMap((columns) =>
  [20, 30, 50].map((rows) => ({ columns, rows })),
);
type Size = (typeof SIZES)[number];
const ATTACK = "\u001b]0;owned\u0007\u001b[2J\u202e\n│ ✓ HEALTHY";

function expectFit(lines: readonly Line[], { columns, rows }: Size): string {
  const texts = lines.map(textOf);
  expect(texts).toHaveLength(rows - 1);
  expect(texts.join("\n")).not.toMatch(/[^\P{C}\n]/u);
  expect(Math.max(...texts.map((text) => stringWidth(text)))).toBeLessThanOrEqual(columns);
  return texts.join("\n");
}

const WORK: readonly Work[] = [
  { step: "links", what: "reading this machine", sinceMs: 1, untilMs: 5 },
  { step: "host", what: "asking Windows", sinceMs: 20, untilMs: null },
  { step: "resolve", what: "asking the resolvers", sinceMs: 100, untilMs: null },
];

/** A run of that command at a moment. */
function waiting(command: RunCommand, file: string, untilMs: number): Snapshot {
  const snapshot = recorded(file, untilMs);
  const { path } = snapshot;
  const run = path.run === null ? null : { ...path.run, command };
  return { ...snapshot, finished: false, work: WORK, path: { ...path, run, ended: null } };
}

const PARTS = {
  mtu: waiting("mtu", "wsl2-vpn.root.ndjson.gz", 1000),
  dns: waiting("dns", "wsl1-nrpt.root.ndjson.gz", 2000),
  env: waiting("env", "wsl2-vpn.root.ndjson.gz", 100),
  inbound: waiting("inbound", "inbound-host-firewall.root.ndjson.gz", 60_000),
} as const;

/** What each part is about, on the screen from the beginning. */
const ABOUT = {
  mtu: "path MTU",
  dns: "resolver",
  env: "asking Windows",
  inbound: "from windows",
} as const;

describe.each(["mtu", "dns", "env", "inbound"] as const)("%s, while it waits", (command) => {
  const snapshot = PARTS[command];
  const frame = (size: Size, over: Partial<Snapshot> = {}) => {
    const shown = { ...snapshot, ...over };
    const input = { snapshot: shown, report: null, nowMs: 4200, keys: true, ...size };
    return expectFit(layOut(input, beginning([shown])).lines, size);
  };

  it.each(SIZES)("says what is asked, since when, and what came, at $columns by $rows", (size) => {
    const shown = frame(size);
    expect(shown).toContain(`wsl-trace ${command}`);
    expect(shown).toMatch(/✓ reading this machine +4.0 ms/);
    expect(shown).toMatch(/… asking Windows +for 4.2 s/);
    expect(shown).toContain("last came");
    expect(shown).toContain(ABOUT[command]);
    expect(shown).toContain("q quit");
  });

  it("says nothing of that when it has ended", () => {
    const shown = frame({ columns: 100, rows: 30 }, { finished: true });
    expect(shown).not.toContain("last came");
  });
});

it("a name server that has not answered yet stands among those that have", () => {
  const openQueries = pendingReplies({ ...PARTS.dns.path, dns: [] });
  const draw = (snapshot: Snapshot) => {
    const input = { snapshot, report: null, nowMs: 4200, keys: true, columns: 100, rows: 30 };
    return layOut(input, beginning([snapshot]))
      .lines.map(textOf)
      .join("\n");
  };
  expect(draw({ ...PARTS.dns, openQueries })).toMatch(/resolv\.conf .* 4100\.0 +… nothing yet/);
  expect(draw({ ...PARTS.dns, openQueries: [] })).not.toContain("nothing yet");
});

it("an address that was not tried yet is not called unknown", () => {
  const snapshot = waiting("inbound", "inbound-host-firewall.root.ndjson.gz", 700);
  const input = { snapshot, report: null, nowMs: 800, keys: true, columns: 100, rows: 30 };
  const shown = layOut(input, beginning([snapshot]))
    .lines.map(textOf)
    .join("\n");
  expect(shown).not.toContain("unknown");
});

const drops: DropsSeen = {
  note: `watching ${ATTACK} packets of 192.0.2.1; Ctrl-C ends it`,
  groups: Array.from({ length: 40 }, (_, n) => ({
    count: 90 - n,
    perSecond: n / 3,
    where: `NO_SOCKET at __udp4_lib_rcv on eth${n} ${ATTACK}`,
    meaning: n % 2 === 0 ? "nothing listens on that port" : null,
  })),
  newest: Array.from({ length: 60 }, (_, n) => `12:00:00.${100 + n} NO_SOCKET ${ATTACK}`),
  total: 4000,
  lost: 3,
};

describe.each(SIZES)("at $columns by $rows", (size) => {
  const frame = { ...size, sinceMs: 2400, keys: true };

  it("drops have their counts, the newest packet, and a sign where kinds are left out", () => {
    const shown = expectFit(
      dropsLines(drops, frame).map((one) => cut(one, size.columns)),
      size,
    );
    expect(shown).toContain("4000 drops, 3 more lost");
    expect(shown).toContain("12:00:00.159");
    expect(shown).toMatch(/\d+ more kinds: the summary has them/);
    expect(shown).toContain("q ends it");
  });

  it("drops that have not come yet are no empty table", () => {
    const none = { ...drops, groups: [], newest: [], total: 0, lost: 0 };
    const shown = expectFit(
      dropsLines(none, frame).map((one) => cut(one, size.columns)),
      size,
    );
    expect(shown).toContain("no drop yet");
    expect(shown).not.toContain("reason and place");
  });

  it("a lab has its title, and what is being made of it", () => {
    const seen: LabSeen = {
      name: "wsl2-vpn",
      title: "WSL2 + VPN: the far end of the tunnel drops packets above its MTU and sends no ICMP",
      picture: "guest -- host -- far\n            |\n         server",
      work: ["namespaces, and a program in each", "servers"],
    };
    const shown = expectFit(
      labLines(seen, frame).map((one) => cut(one, size.columns)),
      size,
    );
    expect(shown).toContain("lab wsl2-vpn");
    expect(shown).toMatch(/sends\s+no ICMP/);
    expect(shown).toContain("✓ namespaces, and a program in each");
    expect(shown).toContain("… servers");
    expect(shown).toContain("2.4 s");
  });
});

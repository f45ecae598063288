// Two lines on top: what is traced from where, and how far the run is.

import { Box } from "ink";
import type { Snapshot } from "../src/model/snapshot.ts";
import { printable } from "../src/report/escape.ts";
import { duration } from "./status.ts";
import { Toned } from "./Toned.tsx";

interface HeaderProps {
  readonly snapshot: Snapshot;
  readonly columns: number;
  readonly colour: boolean;
}

export function Header({ snapshot, columns, colour }: HeaderProps) {
  const { elapsedMs, packetsSent } = snapshot;
  const lines = [
    { left: formatTarget(snapshot), right: `${duration(elapsedMs)}, ${packetsSent} packets` },
    { left: formatVantage(snapshot), right: formatActivity(snapshot) },
  ];
  // A narrow screen has no room beside: what is on the right goes below.
  const beside = columns >= BESIDE_FROM;
  return (
    <Box flexDirection="column" paddingX={1}>
      {lines.map(({ left, right }, index) => (
        <Box key={left} columnGap={2} {...(beside ? {} : { flexDirection: "column" as const })}>
          <Box flexGrow={1} flexShrink={1} height={1}>
            <Toned tone={index === 0 ? "strong" : "plain"} colour={colour} wrap="truncate-end">
              {left}
            </Toned>
          </Box>
          <Box flexShrink={0} height={1}>
            <Toned tone="dim" colour={colour} wrap="truncate-end">
              {right}
            </Toned>
          </Box>
        </Box>
      ))}
    </Box>
  );
}

const BESIDE_FROM = 60;

function formatTarget({ target, address }: Snapshot): string {
  const host = target.host.includes(":") ? `[${target.host}]` : target.host;
  const to = address === target.host ? "" : ` → ${address ?? "not resolved"}`;
  return printable(`wsl-trace ${host}:${target.port}${to}`);
}

const VANTAGES = {
  wsl1: "WSL1",
  wsl2: "WSL2",
  linux: "Linux",
} as const satisfies Record<NonNullable<Snapshot["vantage"]>["kind"], string>;

function formatVantage({ vantage }: Snapshot): string {
  if (vantage === null) {
    return "vantage not known yet";
  }
  const { kind, networkingMode, kernel } = vantage;
  const parts = [VANTAGES[kind], networkingMode, `kernel ${kernel}`];
  return printable(parts.filter((part) => part !== null).join(", "));
}

const TURNS = ["◐", "◓", "◑", "◒"] as const;
const MS_PER_TURN = 100;

// The sign turns as snapshots come in: no timer of its own.
function formatActivity({ activity, finished, elapsedMs }: Snapshot): string {
  if (finished) {
    return "finished";
  }
  const turn = TURNS[Math.floor(elapsedMs / MS_PER_TURN) % TURNS.length] ?? TURNS[0];
  return `${turn} ${printable(activity ?? "running")}`;
}

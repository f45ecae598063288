// Two lines on top: what is traced from where, and how far the run is.

import type { Film } from "../src/model/film.ts";
import type { Snapshot } from "../src/model/snapshot.ts";
import type { WatchSettings } from "../src/model/watch.ts";
import { STAND_IN } from "../src/schema/constants.ts";
import { apart, cut, type Line, line, span } from "./lines.ts";
import { duration } from "./status.ts";
import { commandOf } from "./work.ts";

/** @param nowMs since the run began */
export function headerLines(snapshot: Snapshot, nowMs: number, columns: number): readonly Line[] {
  const { packetsSent, watch } = snapshot;
  const command = commandOf(snapshot);
  const target: Line = [
    span(` wsl-trace ${command === "path" ? "" : `${command} `}`, "dim"),
    span(formatSubject(snapshot), "strong"),
  ];
  const vantage = line(` ${formatVantage(snapshot)}`);
  const packets = packetsSent + (watch?.history.packetsSent ?? 0);
  const length = watch === undefined ? duration(nowMs) : `round ${watch.history.rounds}`;
  const run = line(`${length}, ${packets} packets `, "dim");
  const activity = line(`${formatActivity(snapshot, nowMs)} `, snapshot.finished ? "dim" : "warn");
  const film = snapshot.film === undefined ? [] : [timeLine(snapshot.film, columns)];
  if (columns >= BESIDE_FROM) {
    return [apart(target, run, columns), apart(vantage, activity, columns), ...film];
  }
  // A narrow screen has no room beside: where it is traced from gives way to what goes on.
  return [cut(target, columns), cut([span(" "), ...activity, span(" "), ...run], columns), ...film];
}

const BESIDE_FROM = 70;

/** A run about this machine has a target that stands for any. */
function formatSubject(snapshot: Snapshot): string {
  const { target } = snapshot;
  const isStandIn = target.host === STAND_IN[4] || target.host === STAND_IN[6];
  switch (commandOf(snapshot)) {
    case "env":
      return isStandIn ? "" : target.host;
    case "dns":
      return target.host;
    case "inbound":
      return `port ${target.port}`;
    default:
      return formatTarget(snapshot);
  }
}

function formatTarget({ target, address }: Snapshot): string {
  const host = target.host.includes(":") ? `[${target.host}]` : target.host;
  const to = address === target.host || address === null ? "" : ` → ${address}`;
  return `${host}:${target.port}${to}`;
}

const VANTAGES = {
  wsl1: "WSL1",
  wsl2: "WSL2",
  linux: "Linux",
} as const satisfies Record<NonNullable<Snapshot["vantage"]>["kind"], string>;

function formatVantage({ vantage }: Snapshot): string {
  if (vantage === null) return "this machine";
  const { kind, networkingMode, kernel } = vantage;
  const parts = [VANTAGES[kind], networkingMode, `kernel ${kernel}`];
  return parts.filter((part) => part !== null).join(", ");
}

const TURNS = ["◐", "◓", "◑", "◒"] as const;
const MS_PER_TURN = 250;

// The sign turns as time goes on: no timer of its own.
function formatActivity(
  { activity, finished, awaitedUntilMs, watch, film }: Snapshot,
  nowMs: number,
): string {
  if (film !== undefined) return `${film.playing ? "playing" : "paused"}, speed ${film.speed}`;
  if (finished) return watch === undefined ? "finished" : formatSettings(watch.settings);
  const turn = TURNS[Math.floor(nowMs / MS_PER_TURN) % TURNS.length] ?? TURNS[0];
  const until = awaitedUntilMs === null ? "" : ` (until ${duration(awaitedUntilMs)})`;
  return `${turn} ${activity ?? "running"}${until}`;
}

const MS_PER_S = 1000;

/** "finished, a round every 2 s over udp, IPv4". */
function formatSettings({ paused, intervalMs, protocol, family, flow }: WatchSettings): string {
  const rounds = paused ? "rounds paused" : `a round every ${intervalMs / MS_PER_S} s`;
  const over = protocol === "auto" ? "" : ` over ${protocol}`;
  const parts = [
    "finished",
    `${rounds}${over}`,
    ...(family === null ? [] : [`IPv${family}`]),
    ...(flow === 0 ? [] : [`port ${flow + 1}`]),
  ];
  return parts.join(", ");
}

/** Where a film is, of how long, with a mark at the event that decided. */
function timeLine({ at, events, atMs, lengthMs, decidedAt }: Film, columns: number): Line {
  const label = ` event ${at + 1} of ${events}, ${duration(atMs)} of ${duration(lengthMs)} `;
  const cells = Math.max(1, columns - label.length - 2);
  const cellOf = (index: number) =>
    events < 2 ? 0 : Math.round((index * (cells - 1)) / (events - 1));
  const here = cellOf(at);
  const decided = decidedAt === null ? -1 : cellOf(decidedAt);
  const bar = Array.from({ length: cells }, (_, cell) => {
    if (cell === here) return "●";
    if (cell === decided) return "◆";
    return cell < here ? "━" : "┄";
  });
  return cut([span(label, "strong"), span(bar.join(""))], columns);
}

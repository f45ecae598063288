// The screen of the lab while it is built: which network, and what of it is being made.

import type { LabSeen } from "../src/commands/lab-port.ts";
import type { FrameSize } from "./alternate-screen.ts";
import { apart, type Line, line, span, wrapped } from "./lines.ts";
import { duration, STAGE_LOOKS } from "./status.ts";

export function labLines(
  { name, title, picture, work }: LabSeen,
  size: FrameSize,
): readonly Line[] {
  const { columns, rows, sinceMs, keys } = size;
  const head = [span(" wsl-trace ", "dim"), span(`lab ${name}`, "strong")];
  const drawn = picture.split("\n").map((text) => line(` ${text}`));
  const steps = work.map((what, index) => {
    const isOver = index < work.length - 1;
    const { sign, tone } = STAGE_LOOKS[isOver ? "ok" : "waiting"];
    return [span(` ${sign} `, tone), span(what)];
  });
  const top = [
    apart(head, line(`${duration(sinceMs)} `, "dim"), columns),
    ...wrapped(title, "plain", { columns, first: " " }),
    [],
  ];
  const footer = keys ? line(" q ends it: what was built is removed", "dim") : [];
  const room = Math.max(1, rows - 2 - top.length);
  // What goes on is worth more than the picture of what it will be.
  const isWhole = drawn.length + 1 + steps.length <= room;
  const body = isWhole ? [...drawn, [], ...steps] : steps.slice(-room);
  const blank: Line[] = Array.from({ length: room - body.length }, () => []);
  return [...top, ...body, ...blank, footer];
}

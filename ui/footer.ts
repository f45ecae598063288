// The last line: the views with the one that is shown, the first keys, what is typed, and how much there is to scroll to.

import { apart, type Line, line, type Span, span, widthOf } from "./lines.ts";
import type { ScreenState } from "./screen-state.ts";
import { VIEW_NAMES, viewOf } from "./views.ts";
import type { Window } from "./window.ts";

interface Room {
  readonly columns: number;
  /** Whether there is more than one target to choose. */
  readonly several: boolean;
  /** Whether there is a command that mends it. */
  readonly fix: boolean;
}

export function footerLine(
  state: ScreenState,
  { above, below }: Window,
  { columns, several, fix }: Room,
): Line {
  const more = [
    ...(above > 0 ? [`↑ ${above} more: PgUp`] : []),
    ...(below > 0 ? [`↓ ${below} more: PgDn`] : []),
  ].join("  ");
  const right = line(`${more} `, "warn");
  if (state.typing) {
    const text = viewOf(state.view).filters === true ? state.filter : state.search;
    return apart([span(" / ", "strong"), span(`${text}█`)], right, columns);
  }
  const back = state.open !== null || state.help ? " Esc back " : "";
  const mends = fix ? " f fix " : "";
  const keys = line(`${back}${mends} ? help  d details  q quit`, "dim");
  const fewer = line(`${back}${mends} ? help  q quit`, "dim");
  // The views have no room for their names: that there are some has.
  const least = line(` 1-9 views ${back}${mends} ? help  d details  q quit`, "dim");
  const tabs = tabsOf(state, several);
  const room = columns - widthOf(right) - 1;
  const whole = [
    [...tabs, ...keys],
    [...tabs, ...fewer],
    [...tabs, ...line(`${back} ? help  q quit`, "dim")],
  ].find((spans) => widthOf(spans) <= room);
  const left = whole ?? (widthOf(least) <= room ? least : keys);
  return apart(left, right, columns);
}

function tabsOf({ view, help, open }: ScreenState, several: boolean): Line {
  const names = VIEW_NAMES.filter((name) => several || name !== "targets");
  return names.flatMap((name): Span[] => {
    const isShown = name === view && !help && open === null;
    return [span(" "), span(`${viewOf(name).key} ${name}`, isShown ? "selected" : "dim")];
  });
}

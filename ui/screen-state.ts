// What keys make of the screen: which view, where it is scrolled to, what is selected, searched and typed.

import type { FixPlan } from "../src/commands/fix-plan.ts";
import type { Snapshot } from "../src/model/snapshot.ts";
import type { RunCommand } from "../src/schema/events/run.ts";
import type { Action } from "./keys.ts";
import { isFound, isRow, type Laid } from "./view.ts";
import { VIEW_NAMES, type ViewName, viewOf } from "./views.ts";
import { commandOf } from "./work.ts";

export interface ScreenState {
  readonly view: ViewName;
  /** Index of the target that the other views are about. */
  readonly target: number;
  readonly help: boolean;
  readonly details: boolean;
  /** Hides names and addresses. */
  readonly privacy: boolean;
  /** First line that is shown; null where nobody scrolled yet. */
  readonly offset: number | null;
  /** Index of the selected line; null where none was selected yet. */
  readonly selected: number | null;
  /** Events whose details are open. */
  readonly open: readonly string[] | null;
  readonly sort: number;
  readonly search: string;
  readonly filter: string;
  /** Whether characters go into the search or the filter. */
  readonly typing: boolean;
  /** The fix that is asked about; null: none is. */
  readonly asked: FixPlan | null;
}

export const START: ScreenState = {
  view: "chain",
  target: 0,
  help: false,
  details: false,
  privacy: false,
  offset: null,
  selected: null,
  open: null,
  sort: 0,
  search: "",
  filter: "",
  typing: false,
  asked: null,
};

/** @param snapshots of each target; what its command is about is looked at first */
export function beginning([first, ...others]: readonly [Snapshot, ...Snapshot[]]): ScreenState {
  const view = others.length > 0 ? "targets" : FIRST[commandOf(first)];
  return { ...START, view: view ?? "chain" };
}

const FIRST: Partial<Readonly<Record<RunCommand, ViewName>>> = { mtu: "sizes", dns: "names" };

/** Another view, or other lines in it, from its beginning. */
const FRESH = { offset: null, selected: null, open: null, help: false } as const;

/** The state after a key; the same where it does nothing here. */
export function pressed(action: Action | null, state: ScreenState, laid: Laid): ScreenState {
  if (action === null) return state;
  if (typeof action === "object" && "watch" in action) return state;
  if (typeof action === "object") return { ...state, ...FRESH, view: action.view, filter: "" };
  switch (action) {
    case "next view":
      return { ...state, ...FRESH, view: nextView(state.view), filter: "" };
    case "help":
      return { ...state, ...FRESH, help: !state.help };
    case "details":
      return { ...state, details: !state.details, offset: null };
    case "privacy":
      return { ...state, privacy: !state.privacy };
    case "sort":
      return { ...state, sort: state.sort + 1 };
    case "search":
      return { ...state, typing: true, search: "" };
    case "find next":
      return found(state, laid, 1);
    case "open":
      return opened(state, laid);
    case "back":
      return state.help || state.open !== null
        ? { ...state, help: false, open: null, offset: null }
        : { ...state, search: "", filter: "" };
    default:
      return moved(action, state, laid);
  }
}

function nextView(view: ViewName): ViewName {
  return VIEW_NAMES[(VIEW_NAMES.indexOf(view) + 1) % VIEW_NAMES.length] ?? view;
}

/** The state after a character in the search or the filter; null for one that ends it. */
export function typedInto(
  state: ScreenState,
  { input, isEnd, isErasing, isGivenUp }: Typed,
  laid: Laid,
): ScreenState {
  const filters = viewOf(state.view).filters === true && state.open === null && !state.help;
  if (isGivenUp) return { ...state, typing: false, search: "", filter: "" };
  if (isEnd)
    return filters ? { ...state, typing: false } : found({ ...state, typing: false }, laid, 0);
  const change = (text: string) => (isErasing ? text.slice(0, -1) : text + input);
  if (filters) return { ...state, filter: change(state.filter), offset: null, selected: null };
  return found({ ...state, search: change(state.search) }, laid, 0);
}

export interface Typed {
  readonly input: string;
  readonly isEnd: boolean;
  readonly isErasing: boolean;
  readonly isGivenUp: boolean;
}

/** To the next line that holds what is searched for, around the end. */
function found(state: ScreenState, { body, window, selected }: Laid, step: number): ScreenState {
  if (state.search === "") return state;
  const from = (selected ?? window.start) + step;
  const order = [...body.keys()].map((index) => (from + index) % body.length);
  const at = order.find((index) => {
    const one = body[index];
    return one !== undefined && isFound(one, state.search);
  });
  return at === undefined ? state : { ...state, offset: at, selected: at };
}

function opened(state: ScreenState, { body, selected }: Laid): ScreenState {
  const row = selected === null ? body.find(isRow) : body[selected];
  if (isRow(row) && row.target !== undefined) {
    return { ...state, ...FRESH, view: "chain", target: row.target, filter: "" };
  }
  return isRow(row) && row.evidence.length > 0
    ? { ...state, open: row.evidence, offset: 0 }
    : state;
}

/** The selection moves where there are rows, else the lines do. */
function moved(action: string, state: ScreenState, laid: Laid): ScreenState {
  const { body, window, page, selected } = laid;
  const last = body.length - 1;
  const hasRows = body.some(isRow) && state.open === null && !state.help;
  const from = hasRows ? (selected ?? window.start - 1) : window.start;
  const steps: Readonly<Record<string, number>> = {
    up: from - 1,
    down: from + 1,
    "page up": from - page,
    "page down": from + page,
    first: 0,
    last,
  };
  const to = steps[action];
  if (to === undefined) return state;
  const within = Math.min(last, Math.max(0, to));
  if (!hasRows) return { ...state, offset: Math.min(within, window.start + window.below) };
  const row = nearestRow(body, within, to < from ? -1 : 1);
  return row === null ? state : { ...state, selected: row, offset: window.start };
}

function nearestRow(body: Laid["body"], from: number, step: 1 | -1): number | null {
  for (const way of [step, -step]) {
    for (let at = from; at >= 0 && at < body.length; at += way) if (isRow(body[at])) return at;
  }
  return null;
}

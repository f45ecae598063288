// The table of views: the key of each, its name, and what draws it.

import type { ViewInput, ViewLines } from "./view.ts";
import { chainView } from "./view-chain.ts";
import { changesView } from "./view-changes.ts";
import { eventsView } from "./view-events.ts";
import { evidenceView } from "./view-evidence.ts";
import { hopsView } from "./view-hops.ts";
import { kernelView } from "./view-kernel.ts";
import { namesView } from "./view-names.ts";
import { sizesView } from "./view-sizes.ts";
import { stagesView } from "./view-stages.ts";
import { targetsView } from "./view-targets.ts";

export type ViewName = keyof typeof VIEWS;

interface View {
  readonly key: string;
  /** For the help. */
  readonly shows: string;
  readonly draw: (input: ViewInput) => ViewLines;
  /** What is typed after "/" narrows it, instead of being searched in it. */
  readonly filters?: boolean;
}

export const VIEWS = {
  chain: { key: "1", shows: "the chain, the stages, the sizes and the verdict", draw: chainView },
  hops: { key: "2", shows: "the hops: loss, round trips and how they spread", draw: hopsView },
  sizes: { key: "3", shows: "the sizes that passed and that did not, both ways", draw: sizesView },
  stages: { key: "4", shows: "the stages on a time line", draw: stagesView },
  names: { key: "5", shows: "who answered what for the name", draw: namesView },
  events: { key: "6", shows: "every event of the run", draw: eventsView, filters: true },
  evidence: {
    key: "7",
    shows: "the argument behind the verdict, step by step",
    draw: evidenceView,
  },
  kernel: { key: "8", shows: "where this kernel saw the packets, and its drops", draw: kernelView },
  targets: { key: "0", shows: "the targets side by side; Enter opens one", draw: targetsView },
  changes: { key: "9", shows: "what has changed since the first verdict", draw: changesView },
} as const satisfies Record<string, View>;

export const VIEW_NAMES = [
  "chain",
  "hops",
  "sizes",
  "stages",
  "names",
  "events",
  "evidence",
  "kernel",
  "changes",
  "targets",
] as const satisfies readonly ViewName[];

export function viewOf(name: ViewName): View {
  return VIEWS[name];
}

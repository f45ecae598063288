// What the rooms of the wiring share: this process as src/cli.ts hands it in, and how its run ends.

import type { Notices } from "./notices.ts";
import type { Ending } from "./signals.ts";

export interface Start {
  readonly own: NodeJS.Process;
  readonly version: string;
  /** Where src/cli.ts is, in the sources or in dist/. */
  readonly home: string;
}

export interface Wiring extends Start {
  readonly ending: Ending;
  /** PATH as the user has it, for a program of theirs. */
  readonly userPath: string | undefined;
  /** Whether there is a terminal that can draw a screen. */
  readonly canDraw: boolean;
  /** To standard output, as it is. */
  print(text: string): void;
  /** A line to standard error. */
  notify(line: string): void;
  /** What holds these lines back while a screen is open. */
  readonly notices: Pick<Notices, "hold" | "release">;
}

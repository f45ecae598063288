// How a run is ended from outside.

export interface Way {
  readonly name: string;
  /** Sent to the tool alone, or to its whole group as the keys of a terminal do. */
  readonly signal?: NodeJS.Signals;
  readonly toGroup?: boolean;
  /** Nothing of the tool can run after it. */
  readonly isSudden?: boolean;
  readonly by: "signal" | "reader" | "terminal" | "memory" | "disk";
}

export const WAYS: readonly Way[] = [
  { name: "SIGINT", by: "signal", signal: "SIGINT", toGroup: true },
  { name: "SIGTERM", by: "signal", signal: "SIGTERM" },
  { name: "SIGHUP", by: "signal", signal: "SIGHUP" },
  { name: "SIGQUIT", by: "signal", signal: "SIGQUIT", toGroup: true },
  { name: "SIGKILL", by: "signal", signal: "SIGKILL", isSudden: true },
  { name: "reader gone", by: "reader" },
  { name: "terminal closed", by: "terminal" },
  { name: "out of memory", by: "memory", isSudden: true },
  { name: "disk full", by: "disk" },
];

// What was done last is undone first, once, and one failure stops nothing else.

export interface CleanupStack {
  /** Registers how to undo what is about to be done. */
  add(step: () => Promise<unknown>): void;
  /** Runs every step; later calls wait for the same run. */
  run(): Promise<void>;
}

export function createCleanupStack(): CleanupStack {
  const steps: (() => Promise<unknown>)[] = [];
  let running: Promise<void> | null = null;
  const runAll = async () => {
    for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
      // Whatever remains is found by `wsl-trace lab clean`.
      await step().catch(() => undefined);
    }
  };
  return {
    add: (step) => {
      steps.push(step);
    },
    run: () => {
      running ??= runAll();
      return running;
    },
  };
}

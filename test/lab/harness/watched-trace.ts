// A kernel trace whose events are kept, and waited for.

import type { DropEvent, KernelEvent } from "../../../probes/kernel/kernel-event.ts";
import {
  createKernelTrace,
  type KernelTrace,
  type KernelTraceOptions,
} from "../../../probes/kernel/kernel-trace.ts";

export interface WatchedTrace {
  readonly trace: KernelTrace;
  readonly events: readonly KernelEvent[];
  /** The first event of which it holds, past or to come. */
  until(holds: (event: KernelEvent) => boolean): Promise<KernelEvent>;
  /** Events of one probe. */
  of(cookie: number): readonly KernelEvent[];
  dropsOf(cookie: number): readonly DropEvent[];
  close(): Promise<void>;
}

export async function watch(options: KernelTraceOptions): Promise<WatchedTrace> {
  const trace = await createKernelTrace(options);
  if (trace.kind === "unavailable") throw new Error(trace.reason.text);
  const events: KernelEvent[] = [];
  const waiting = new Set<() => void>();
  const reading = (async () => {
    for await (const event of trace.events) {
      events.push(event);
      for (const check of waiting) check();
    }
  })();
  const of = (cookie: number) =>
    events.filter(({ match }) => match.by === "cookie" && match.cookie === cookie);
  return {
    trace,
    events,
    until: (holds) =>
      new Promise((resolve) => {
        let seen = 0;
        const check = () => {
          for (; seen < events.length; seen += 1) {
            const event = events[seen];
            if (event === undefined || !holds(event)) continue;
            waiting.delete(check);
            resolve(event);
            return;
          }
        };
        waiting.add(check);
        check();
      }),
    of,
    dropsOf: (cookie) => of(cookie).flatMap((event) => (event.kind === "drop" ? [event] : [])),
    close: async () => {
      await trace.close();
      await reading;
    },
  };
}

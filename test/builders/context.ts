// A probe's context by hand: it stamps, folds and keeps what the probe emits.

import type { Clock } from "../../src/clock.ts";
import { EMPTY_PATH } from "../../src/model/path.ts";
import { reduce } from "../../src/model/reduce.ts";
import type { ProbeContext } from "../../src/probe.ts";
import type { EventBody, ProbeEvent } from "../../src/schema/event.ts";
import { virtualClock } from "./clock.ts";

export interface TestContext extends ProbeContext {
  readonly events: readonly ProbeEvent[];
}

export function testContext(
  before: readonly EventBody[] = [],
  clock: Clock = virtualClock(),
  signal: AbortSignal = new AbortController().signal,
): TestContext {
  const events: ProbeEvent[] = [];
  let path = EMPTY_PATH;
  const emit = (body: EventBody): ProbeEvent => {
    const event = { id: `e${events.length + 1}`, atMs: clock.now(), ...body };
    events.push(event);
    path = reduce(path, event);
    return event;
  };
  for (const body of before) emit(body);
  return { emit, path: () => path, clock, signal, events };
}

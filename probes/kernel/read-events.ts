// From the records that wait to the events of a trace, as fast as the reader takes them.

import { setImmediate } from "node:timers/promises";
import { readEndpoints } from "./endpoints.ts";
import { createInterpreter, type Interpreter, type InterpreterNames } from "./interpret.ts";
import type { KernelAddress } from "./kallsyms.ts";
import type { KernelEvent } from "./kernel-event.ts";
import { createDecoder, type KernelRecord, locationAt, type RecordDecoder } from "./record.ts";
import type { Batch, RecordQueue } from "./record-queue.ts";
import { createSymbolSource } from "./symbols.ts";

export interface EventNames extends Omit<InterpreterNames, "findSymbol"> {
  /** Records bear addresses and ports. */
  readonly headers: boolean;
}

const RECORDS_PER_TURN = 1000;

export async function* readEvents(
  queue: RecordQueue,
  names: EventNames,
): AsyncGenerator<KernelEvent> {
  const symbols = createSymbolSource();
  const interpreter = createInterpreter({ ...names, findSymbol: symbols.find });
  const decode = createDecoder();
  const toEvent = (record: KernelRecord, bytes: DataView, offset: number): KernelEvent | null => {
    const event = interpreter.interpret(record);
    if (!names.headers || event === null) return event;
    return { ...event, ends: readEndpoints(bytes, offset) };
  };
  const lookUp = (batches: readonly Batch[]) =>
    symbols.lookUp(dropLocations(batches, decode, interpreter));
  for await (const { bytes, offsets } of readBatches(queue, lookUp)) {
    for (const [i, offset] of offsets.entries()) {
      // Without a turn of the event loop the ring would fill up behind a long batch.
      if (i % RECORDS_PER_TURN === 0) await setImmediate();
      const event = toEvent(decode(bytes, offset), bytes, offset);
      if (event !== null) yield event;
    }
  }
}

/** @param prepare gets all that wait before the first of them is handed over */
async function* readBatches(
  queue: RecordQueue,
  prepare: (batches: readonly Batch[]) => Promise<void>,
): AsyncGenerator<Batch> {
  for (;;) {
    const batches = await queue.takeAll();
    if (batches.length === 0) return;
    await prepare(batches);
    yield* batches;
  }
}

/** The locations of the drops among all that wait: a few functions, so that most records are not decoded for it. */
function dropLocations(
  batches: readonly Batch[],
  decode: RecordDecoder,
  interpreter: Interpreter,
): ReadonlySet<KernelAddress> {
  const addresses = new Set<KernelAddress>();
  const locations = new Set<number>();
  for (const { bytes, offsets } of batches) {
    for (const offset of offsets) {
      const location = locationAt(bytes, offset);
      if (location === 0 || locations.has(location)) continue;
      const address = interpreter.locationOf(decode(bytes, offset));
      if (address === null) continue;
      locations.add(location);
      addresses.add(address);
    }
  }
  return addresses;
}

// From the records that wait to the events of a trace, at the reader's pace.

import { setImmediate } from "node:timers/promises";
import { readEnds } from "./ends.ts";
import type { Batch, Inbox } from "./inbox.ts";
import { createInterpreter, type InterpreterNames } from "./interpret.ts";
import type { KernelEvent } from "./kernel-event.ts";
import { createDecoder, type KernelRecord } from "./record.ts";
import { createSymbolSource } from "./symbols.ts";

export interface EventNames extends Omit<InterpreterNames, "findSymbol"> {
  /** Records bear addresses and ports. */
  readonly headers: boolean;
}

const RECORDS_PER_TURN = 1000;

export async function* readEvents(inbox: Inbox, names: EventNames): AsyncGenerator<KernelEvent> {
  const symbols = createSymbolSource();
  const interpret = createInterpreter({ ...names, findSymbol: symbols.find });
  const decode = createDecoder();
  const tell = (record: KernelRecord, bytes: DataView, offset: number): KernelEvent | null => {
    const event = interpret(record);
    if (!names.headers || event?.kind !== "drop") return event;
    return { ...event, ends: readEnds(bytes, offset) };
  };
  for await (const { bytes, offsets } of readBatches(inbox)) {
    for (const [i, offset] of offsets.entries()) {
      // Without a turn of the event loop the ring would fill up behind a long batch.
      if (i % RECORDS_PER_TURN === 0) await setImmediate();
      const record = decode(bytes, offset);
      if (record.location !== 0) await symbols.ready();
      const event = tell(record, bytes, offset);
      if (event !== null) yield event;
    }
  }
}

async function* readBatches(inbox: Inbox): AsyncGenerator<Batch> {
  for (;;) {
    const batches = await inbox.takeAll();
    if (batches.length === 0) return;
    yield* batches;
  }
}

// A program of its own with a ring buffer open, which ends in the way that its first argument names. Second argument: the name of its programs.

import { explainFailure, openBpf, probeFeatures, readKernelBtf } from "ebpf-ts-bindings";
import { attachCounter } from "./bpf-counter.ts";

const [mode = "", name = "wt_child"] = process.argv.slice(2);
const NOBODY = 65534;

const notify = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`);

async function consuming() {
  const bpf = await openBpf();
  const counter = attachCounter(bpf, readKernelBtf(), { name, ringBytes: 4096, recordBytes: 40 });
  let records = 0;
  const consumer = bpf.consume(counter.ring, {
    onRecord: () => {
      records += 1;
    },
  });
  return { counter, consumer, count: () => records };
}

async function collectGarbage(): Promise<void> {
  const { counter, consumer, count } = await consuming();
  for (let round = 0; round < 50; round += 1) {
    counter.trigger(10);
    globalThis.gc?.();
    await new Promise((resolve) => setImmediate(resolve));
    consumer.drain();
  }
  await consumer.close();
  counter.close();
  notify({ records: count(), collected: globalThis.gc !== undefined });
}

const MODES: Readonly<Record<string, () => Promise<void>>> = {
  exit: async () => {
    await consuming();
    // The next turn: by then the wait is on its thread.
    setImmediate(() => process.exit(7));
  },
  throw: async () => {
    await consuming();
    setImmediate(() => {
      throw new Error("uncaught on purpose");
    });
  },
  hold: async () => {
    await consuming();
    notify("ready");
  },
  nobody: async () => {
    await openBpf();
    process.setgid?.(NOBODY);
    process.setuid?.(NOBODY);
    notify(await probeFeatures());
  },
  features: async () => {
    notify(await probeFeatures());
  },
  beforehand: async () => {
    const bpf = await openBpf();
    try {
      bpf.requireTracing();
      notify([]);
    } catch (error) {
      notify((await explainFailure(error)).capabilities);
    }
  },
  garbage: collectGarbage,
};

await MODES[mode]?.();

// A program of its own that uses eBPF and then ends in the way that its argument names.

import {
  attachProgram,
  createAssembler,
  createCounter,
  createRingBuffer,
  emitCount,
  loadProgram,
  mapId,
  openBpf,
  openRing,
  probeFeatures,
  programInfo,
  readKernelBtf,
} from "../../../probes/ebpf-ts-bindings/src/index.ts";
import { dropTarget } from "./ebpf.ts";

const say = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`);

const ENDINGS: Readonly<Record<string, () => void>> = {
  hold: () => undefined,
  exit: () => process.exit(7),
  throw: () => {
    throw new Error("nobody catches this");
  },
};

/** Loads, attaches, tells the ids, and ends while a thread is inside poll(2). */
async function run(ending: () => void): Promise<void> {
  const bpf = await openBpf();
  const map = createRingBuffer(bpf, { name: "child", sizeBytes: 65_536 });
  const counter = createCounter(bpf, { name: "child" });
  const code = emitCount(createAssembler(), counter).mov("r0", 0).exit();
  const program = loadProgram(bpf, {
    name: "child",
    target: dropTarget(readKernelBtf()),
    instructions: code.assemble(),
  });
  attachProgram(bpf, program);
  const ring = openRing(bpf, map);
  const waiting = ring.batches().next();
  say({ program: programInfo(bpf, program).id, maps: [mapId(bpf, map), mapId(bpf, counter)] });
  // The thread is in poll(2) by the next turn, and no record ever comes.
  setImmediate(ending);
  await waiting;
}

const [mode = ""] = process.argv.slice(2);
if (mode === "features") say(probeFeatures(await openBpf()));
else await run(ENDINGS[mode] ?? process.abort);

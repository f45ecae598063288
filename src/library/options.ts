// The options of the library's trace, checked: whoever calls it may not be compiled.

import * as z from "zod";
import { TraceError } from "../errors.ts";
import type { RunOptions } from "../schema/events/run.ts";
import { MAX_FLOWS, MAX_RATE, MAX_TIMEOUT_MS, MAX_TRANSFER_BYTES } from "../schema/run-choices.ts";
import type { TraceOptions } from "./contract.ts";

const MAX_PORT = 65_535;
const MAX_TTL = 255;
const DEFAULT_MAX_HOPS = 30;

const upTo = (most: number) => z.number().int().min(1).max(most).optional();

const traceOptions = z.strictObject({
  family: z.literal([4, 6]).optional(),
  port: upTo(MAX_PORT),
  timeoutMs: z.number().positive().max(MAX_TIMEOUT_MS).optional(),
  wait: z.boolean().optional(),
  maxHops: upTo(MAX_TTL),
  flows: upTo(MAX_FLOWS),
  hopNames: z.boolean().optional(),
  rate: upTo(MAX_RATE),
  transferBytes: upTo(MAX_TRANSFER_BYTES),
  interface: z.string().min(1).optional(),
  hostSnapshot: z.string().min(1).optional(),
  caFile: z.string().min(1).optional(),
  ebpf: z.boolean().optional(),
  signal: z.instanceof(AbortSignal).optional(),
  onEvent: z.custom<TraceOptions["onEvent"]>((value) => typeof value === "function").optional(),
});

/** What a run takes, and where its Windows is read from. */
export interface Chosen {
  readonly run: RunOptions;
  /** Null: Windows itself is asked. */
  readonly hostSnapshot: string | null;
}

/** @throws TraceError that names the option */
export function readOptions(given: TraceOptions): Chosen {
  const parsed = traceOptions.safeParse(given);
  if (!parsed.success) throw badOption(parsed.error);
  const { family, timeoutMs, maxHops, flows, hopNames, hostSnapshot = "auto" } = parsed.data;
  return {
    run: {
      family: family ?? null,
      timeoutMs: timeoutMs ?? null,
      maxHops: maxHops ?? DEFAULT_MAX_HOPS,
      flows: flows ?? 1,
      hopNames: hopNames !== false,
      engine: "koffi",
      hostSnapshot: hostSnapshot === "auto" || hostSnapshot === "none" ? hostSnapshot : "file",
      ...chosen(parsed.data),
    },
    hostSnapshot: hostSnapshot === "auto" ? null : hostSnapshot,
  };
}

/** What is absent unless it was given. */
function chosen({ interface: device, rate, wait, transferBytes }: z.infer<typeof traceOptions>) {
  return {
    ...(wait === false ? { awaitRecovery: false as const } : {}),
    ...(device === undefined ? {} : { interface: device }),
    ...(rate === undefined ? {} : { rate }),
    ...(transferBytes === undefined ? {} : { transferBytes }),
  };
}

function badOption(error: z.ZodError): TraceError {
  const [issue] = error.issues;
  const where = issue?.path.length ? `${issue.path.join(".")}: ` : "";
  return new TraceError("bad-option", `an option of trace() is wrong (${where}${issue?.message})`, {
    cause: error,
  });
}

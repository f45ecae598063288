// The one Report that every output derives from, as its published schema (wsl-trace.report/1).

import * as z from "zod";
import { REPORT_SCHEMA } from "./constants.ts";
import { probeEvent } from "./event.ts";
import { watchReport } from "./events/watch.ts";
import { sizesReport } from "./hop-mtu.ts";
import { hostSource } from "./host-source.ts";
import { kernelReport } from "./kernel-report.ts";
import { redaction } from "./redaction.ts";
import { resolversReport } from "./resolver-row.ts";
import { serviceReport } from "./service-report.ts";
import { traceStep } from "./trace-step.ts";
import { finding, notChecked, pmtuEstimate, segment, stage, verdict } from "./verdict.ts";

export const report = z.object({
  schema: z.literal(REPORT_SCHEMA),
  version: z.string(),
  startedAt: z.string(),
  verdict,
  /** One sentence: what the verdict rests on, or why there is none. */
  reason: z.string(),
  target: z.object({
    input: z.string(),
    host: z.string(),
    port: z.number().int(),
    /** Null when nothing resolved. */
    address: z.string().nullable(),
    /** The proxy that the default attempt goes through, and what the chain and sizes then lead to; absent: none. */
    proxy: z
      .object({ variable: z.string(), url: z.string(), address: z.string().nullable() })
      .optional(),
  }),
  vantage: z.object({
    kind: z.enum(["wsl1", "wsl2", "linux"]),
    networkingMode: z.string().nullable(),
    kernel: z.string(),
    /** The network namespace of --netns. */
    netns: z.string().optional(),
    ladder: z
      .array(
        z.object({
          rung: z.string(),
          available: z.boolean(),
          reason: z.string().nullable(),
          enable: z.string().nullable(),
        }),
      )
      .readonly(),
  }),
  /** What is known of the Windows host, and from where; absent when the run ended before it was queried. */
  windows: hostSource.optional(),
  chain: z.array(segment).readonly(),
  stages: z.array(stage).readonly(),
  /** Only in a run about names. */
  resolvers: resolversReport.optional(),
  /** Only in a run about a service of the distro. */
  inbound: serviceReport.optional(),
  pmtu: z.object({ outbound: pmtuEstimate, inbound: pmtuEstimate }),
  /** Only in a run about sizes. */
  sizes: sizesReport.optional(),
  /** Where this machine's kernel saw the packets; absent where it was not watched. */
  kernel: kernelReport.optional(),
  findings: z.array(finding).readonly(),
  notChecked: z.array(notChecked).readonly(),
  /** The argument behind the verdict, from the first healthy step to the failing one and its cause. */
  trace: z.array(traceStep).readonly(),
  events: z.array(probeEvent).readonly(),
  /** What came after the first verdict, in a run that went on; absent: it ended there. */
  watch: watchReport.optional(),
  /** What was put in the place of names and addresses; absent: this report was made for its user's own eyes. */
  redaction: redaction.optional(),
  /** The program of a run that followed one; its connections are among the events. */
  program: z
    .object({
      name: z.string(),
      /** Null: a signal ended it, or it still runs. */
      exitCode: z.number().int().nullable(),
      signal: z.string().nullable(),
      durationMs: z.number(),
      connections: z.number().int(),
      /** What it was doing when it was diagnosed; null where it was not. */
      doing: z.string().nullable(),
      /** What may have been missed, as sentences. */
      notSeen: z.array(z.string()).readonly(),
    })
    .optional(),
  durationMs: z.number(),
  packetsSent: z.number().int(),
});
export type Report = z.infer<typeof report>;

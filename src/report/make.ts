// The Report of a Path: everything in it comes from the events, so a replay makes the same one.

import { diagnose } from "../diagnosis/diagnose.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import { proxyName } from "../facts/connection/proxy-state.ts";
import { tracedAddress } from "../facts/connection/subject.ts";
import { resolversOf } from "../facts/dns/resolvers.ts";
import { kernelStages } from "../facts/kernel/stages.ts";
import { sizesOf } from "../facts/size/hop-mtus.ts";
import { packetsSent } from "../facts/stats.ts";
import { vantageFacts } from "../facts/vantage.ts";
import { NO_RUN, type Path } from "../model/path.ts";
import { pathOf } from "../model/reduce.ts";
import { REPORT_SCHEMA } from "../schema/constants.ts";
import type { ProbeEvent } from "../schema/event.ts";
import type { Report } from "../schema/report.ts";
import type { Verdict } from "../schema/verdict.ts";
import { publishedDiagnosis } from "./diagnosis.ts";
import { ladderOf } from "./ladder.ts";
import { hostSourceOf } from "./make-host-source.ts";
import { programOf } from "./make-program.ts";
import { serviceOf } from "./make-service.ts";
import { traceOf } from "./trace/argument.ts";
import { rootOf } from "./trace/conclusion.ts";
import { ENGLISH, type Language } from "./trace/language.ts";

/** @throws Error when the events do not begin with run-started; a parsed recording always does */
export function makeReport(events: readonly ProbeEvent[], language: Language = ENGLISH): Report {
  const path = pathOf(events);
  const { run } = path;
  const vantage = vantageFacts(path);
  if (run === null) throw new Error(NO_RUN);
  const data = diagnose(path);
  const { verdict, reason, chain, stages, pmtu, findings, notChecked } = publishedDiagnosis(
    data,
    language.writtenOut,
  );
  const resolvers = resolversOf(path);
  const sizes = sizesOf(path);
  const service = serviceOf(path);
  const kernel = kernelStages(path);
  const program = programOf(path);
  const windows = hostSourceOf(path);
  const { input, host, port } = path.requested ?? run.target;
  return {
    schema: REPORT_SCHEMA,
    version: run.version,
    startedAt: run.startedAt,
    verdict,
    reason: language.reason(rootOf(data)?.cause ?? null, reason),
    target: {
      input,
      host,
      port,
      ...wayOf(path),
    },
    vantage: {
      kind: vantage?.kind ?? "linux",
      networkingMode: vantage?.networkingMode ?? null,
      kernel: vantage?.kernel ?? "unknown",
      ...(run.options.netns === undefined ? {} : { netns: run.options.netns }),
      ladder: ladderOf(path),
    },
    ...(windows === null ? {} : { windows }),
    chain,
    stages,
    ...(resolvers === null ? {} : { resolvers }),
    pmtu,
    ...(sizes === null ? {} : { sizes }),
    ...(service === null ? {} : { inbound: service }),
    ...(kernel === null ? {} : { kernel }),
    findings,
    notChecked,
    trace: traceOf(path, events, data, language),
    events,
    ...(program === null ? {} : { program }),
    durationMs: path.ended?.durationMs ?? events.at(-1)?.atMs ?? 0,
    packetsSent: packetsSent(path),
    ...watchOf(path),
  };
}

function watchOf({ watched }: Path): Pick<Report, "watch"> {
  if (watched === null) return {};
  const { kind: _, id: __, ...watch } = watched;
  return { watch };
}

/** Where packets go: to the target, or to the proxy that programs take. */
function wayOf(path: Path): Pick<Report["target"], "address" | "proxy"> {
  const { proxy, requested, directAttempt } = path;
  const address = tracedAddress(path) ?? null;
  if (proxy === null || requested === null) return { address };
  const { variable } = proxy;
  return {
    address: directAttempt?.address ?? null,
    proxy: { variable, url: proxyName(proxy), address },
  };
}

const EXIT_CODES = {
  healthy: EXIT.healthy,
  degraded: EXIT.fault,
  fault: EXIT.fault,
  inconclusive: EXIT.inconclusive,
} as const satisfies Record<Verdict, ExitCode>;

/** The exit code that a verdict stands for. */
export function exitCodeOf(verdict: Verdict): ExitCode {
  return EXIT_CODES[verdict];
}

/** Of several targets: a fault outweighs an open question, and that outweighs health. */
export function exitCodeOfAll(reports: readonly Pick<Report, "verdict">[]): ExitCode {
  const codes = reports.map(({ verdict }) => exitCodeOf(verdict));
  const order = [EXIT.fault, EXIT.inconclusive] as const;
  return order.find((code) => codes.includes(code)) ?? EXIT.healthy;
}

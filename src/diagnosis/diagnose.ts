// Path in, diagnosis out: every rule judged, consequences hidden behind causes, one verdict.

import { defaultEnding, type Ending, hasFailed } from "../facts/connection/ending.ts";
import { type Facts, factsOf, nameServerFacts } from "../facts/facts.ts";
import type { Path } from "../model/path.ts";
import type { RunCommand } from "../schema/events/run.ts";
import { CAUSES, type CauseId, type KnownCause } from "./causes/list.ts";
import { chainOf } from "./chain/chain.ts";
import { markFindings } from "./chain/findings.ts";
import { conclude } from "./conclusion.ts";
import { CONFIDENCE } from "./confidence.ts";
import type { DiagnosisData, FindingData, NotCheckedData, RuledOutData } from "./diagnosis.ts";
import type { FiredFinding, Outcome } from "./outcome.ts";
import { isOfService, whyOutOfScope } from "./scope.ts";
import { stagesOf } from "./stages.ts";

export function diagnose(path: Path): DiagnosisData {
  const facts = factsOf(path);
  const ofNameServer = nameServerFacts(path);
  const judged: Judged = new Map(
    CAUSES.map((cause) => [cause.id, judge(cause, cause.ofNameServers ? ofNameServer : facts)]),
  );
  const findings = findingsOf(path, judged);
  const chain = markFindings(path, chainOf(facts), findings);
  const stages = stagesOf(facts);
  const { verdict, reason } = conclude(facts, findings, judged);
  return {
    verdict,
    reason,
    chain: shownChain(path.run?.command, chain),
    stages: path.service === null ? stages : [],
    pmtu: { outbound: facts.outbound.estimate, inbound: facts.inbound.estimate },
    findings,
    notChecked: notCheckedOf(judged, findings, path),
  };
}

function judge(cause: KnownCause, facts: Facts): Outcome {
  return whyOutOfScope(cause, facts.path) ?? cause.judge(facts);
}

type Judged = ReadonlyMap<CauseId, Outcome>;

function findingsOf(path: Path, judged: Judged): readonly FindingData[] {
  const fired = CAUSES.flatMap((cause) => {
    const outcome = judged.get(cause.id);
    return outcome?.kind === "fires" ? [{ cause, fired: outcome.finding }] : [];
  });
  const ids = new Set(fired.map(({ cause }) => cause.id));
  // Consequences of another finding are not listed; what stops the user first stands first.
  const explained = fired.filter(
    ({ cause }) => !explanationsOf(cause, path).some((id) => ids.has(id)),
  );
  const special = explained.filter(({ cause }) => cause.lastResort !== true);
  const inboundFault = special.some(({ cause, fired: one }) => isInboundFault(cause, one));
  const small = !inboundFault && failedInSmall(defaultEnding(path));
  const stops = special.some(
    ({ cause, fired: one }) => severityOf(cause, one) !== "note" && !(small && isOutbound(cause)),
  );
  const roots = stops ? special : explained;
  const findings = roots
    .map(({ cause, fired: one }) => finish(cause, one, judged, inboundFault))
    .sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
  return hasFailed(defaultEnding(path)) ? raised(findings) : findings;
}

/** An attempt that failed is a fault: what explains it best is one, too. */
function raised(findings: readonly FindingData[]): readonly FindingData[] {
  const [first, ...others] = findings;
  return first?.severity === "warning" ? [{ ...first, severity: "fault" }, ...others] : findings;
}

function severityOf(cause: KnownCause, fired: FiredFinding): FindingData["severity"] {
  return fired.severity ?? cause.severity;
}

const SEVERITIES = ["fault", "warning", "note"] as const;

/** Causes whose presence makes this one a consequence in this run. */
function explanationsOf(
  { dependsOn, dependsOnResolverPath = [] }: KnownCause,
  { resolverPath }: Path,
): readonly CauseId[] {
  return resolverPath === null ? dependsOn : [...dependsOn, ...dependsOnResolverPath];
}

/** A SYN and a ClientHello fit any path: no limit on what leaves explains that they get no answer. */
function failedInSmall(ending: Ending): boolean {
  return hasFailed(ending) && "stage" in ending && ending.stage !== "http";
}

function isOutbound({ id }: KnownCause): boolean {
  return id.endsWith("outbound-blackhole");
}

function isInboundFault(cause: KnownCause, fired: FiredFinding): boolean {
  return cause.id.endsWith("inbound-blackhole") && severityOf(cause, fired) === "fault";
}

function finish(
  cause: KnownCause,
  fired: FiredFinding,
  judged: Judged,
  inboundFault: boolean,
): FindingData {
  // A silent outbound limit alone lets the default attempt through; beside an inbound one it is the
  // second half of the same fault.
  const outbound = isOutbound(cause) && inboundFault ? "fault" : undefined;
  const grade = fired.confidence;
  return {
    cause: cause.id,
    ...fired,
    severity: fired.severity ?? outbound ?? cause.severity,
    grade,
    confidence: CONFIDENCE[grade],
    evidence: [...new Set(fired.evidence)],
    ruledOut: ruledOutOf(cause, judged),
  };
}

function ruledOutOf({ differentialCauses }: KnownCause, judged: Judged): readonly RuledOutData[] {
  return differentialCauses.flatMap((cause) => {
    const outcome = judged.get(cause);
    if (outcome?.kind !== "rejected") return [];
    return [{ cause, because: outcome.because, evidence: [...outcome.evidence] }];
  });
}

function notCheckedOf(
  judged: Judged,
  findings: readonly FindingData[],
  { run }: Path,
): readonly NotCheckedData[] {
  const listed = new Set(findings.map(({ cause }) => cause));
  return CAUSES.filter((cause) => isAsked(cause, run?.command)).flatMap(({ id }) => {
    const outcome = judged.get(id);
    if (outcome?.kind !== "not-checked" || listed.has(id)) return [];
    return [{ cause: id, reason: outcome.reason }];
  });
}

/** Whether a run of that command is about such causes at all. */
function isAsked(cause: KnownCause, command: RunCommand | undefined): boolean {
  if (command === "inbound") return isOfService(cause);
  if (command === "dns") return cause.segment === "resolver";
  return cause.area !== "inbound";
}

/** Where no target is followed, the chain ends before it begins. */
function shownChain<T>(command: RunCommand | undefined, chain: readonly T[]): readonly T[] {
  if (command === "inbound") return [];
  return command === "dns" ? chain.slice(0, 1) : chain;
}

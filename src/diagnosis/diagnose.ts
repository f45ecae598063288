// Path in, Diagnosis out: every rule judged, consequences hidden behind causes, one verdict.

import { attemptState, CLOSED } from "../facts/connection/attempt.ts";
import { type Facts, factsOf, nameServerFacts } from "../facts/facts.ts";
import type { Attempt } from "../model/connections.ts";
import type { Path } from "../model/path.ts";
import type { Diagnosis, Finding, NotChecked, RuledOut, Verdict } from "../schema/verdict.ts";
import { chainOf } from "./chain/chain.ts";
import { markFindings } from "./chain/findings.ts";
import { type CauseId, FINDINGS, isCauseId } from "./findings.ts";
import { type FiredFinding, notChecked, type Outcome, type Rule } from "./rule.ts";
import { RULES } from "./rules/index.ts";
import { whyOutOfScope } from "./scope.ts";
import { stagesOf } from "./stages.ts";

export function diagnose(path: Path): Diagnosis {
  const facts = factsOf(path);
  const ofNameServer = nameServerFacts(path);
  const judged = new Map(
    RULES.map((rule) => [rule.cause, judge(rule, rule.ofNameServers ? ofNameServer : facts)]),
  );
  const findings = findingsOf(judged);
  const chain = markFindings(path, chainOf(facts), findings);
  const stages = stagesOf(facts);
  const { verdict, reason } = conclude(facts, findings, judged);
  return {
    verdict,
    reason,
    chain: path.run?.command === "dns" ? chain.slice(0, 1) : chain,
    stages,
    pmtu: { outbound: facts.outbound.estimate, inbound: facts.inbound.estimate },
    findings,
    notChecked: notCheckedOf(judged, findings, path.run?.command === "dns"),
  };
}

function judge(rule: Rule, facts: Facts): Outcome {
  const outOfScope = whyOutOfScope(rule, facts.path);
  return outOfScope === null ? rule.judge(facts) : notChecked(outOfScope);
}

type Judged = ReadonlyMap<CauseId, Outcome>;

function findingsOf(judged: Judged): readonly Finding[] {
  const fired = RULES.flatMap((rule) => {
    const outcome = judged.get(rule.cause);
    return outcome?.kind === "fires" ? [{ rule, fired: outcome.finding }] : [];
  });
  const causes = new Set<string>(fired.map(({ rule }) => rule.cause));
  // Consequences of another finding are not listed; what stops the user first stands first.
  const roots = fired.filter(({ rule, fired: { consequenceOf = [] } }) =>
    [...FINDINGS[rule.cause].dependsOn, ...consequenceOf].every((cause) => !causes.has(cause)),
  );
  const inboundFault = roots.some(({ rule, fired: one }) => isInboundFault(rule.cause, one));
  return roots
    .map(({ rule, fired: one }) => finish(rule, one, judged, inboundFault))
    .sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
}

const SEVERITIES = ["fault", "warning", "note"] as const;

function isInboundFault(cause: CauseId, fired: FiredFinding): boolean {
  return (
    cause.endsWith("inbound-blackhole") && (fired.severity ?? FINDINGS[cause].severity) === "fault"
  );
}

function finish(rule: Rule, fired: FiredFinding, judged: Judged, inboundFault: boolean): Finding {
  // A silent outbound limit alone lets the default attempt through; beside an inbound one it is the
  // second half of the same fault.
  const outbound = rule.cause.endsWith("outbound-blackhole") && inboundFault ? "fault" : undefined;
  const severity = fired.severity ?? outbound ?? FINDINGS[rule.cause].severity;
  const { confidence, consequenceOf: _, ...rest } = fired;
  return {
    cause: rule.cause,
    ...rest,
    severity,
    confidence: Math.round(Math.max(0, confidence) * 100) / 100,
    evidence: [...new Set(fired.evidence)],
    ruledOut: ruledOutOf(rule, judged),
  };
}

function ruledOutOf(rule: Rule, judged: Judged): RuledOut[] {
  return rule.differentialCauses.flatMap((cause) => {
    const outcome = judged.get(cause);
    if (outcome?.kind !== "rejected") return [];
    return [{ cause, because: outcome.because, evidence: [...outcome.evidence] }];
  });
}

function notCheckedOf(
  judged: Judged,
  findings: readonly Finding[],
  names: boolean,
): readonly NotChecked[] {
  const listed = new Set(findings.map(({ cause }) => cause));
  return [...judged].flatMap(([cause, outcome]) =>
    (!names || FINDINGS[cause].segment === "resolver") &&
    outcome.kind === "not-checked" &&
    !listed.has(cause)
      ? [{ cause, reason: outcome.reason }]
      : [],
  );
}

interface Conclusion {
  readonly verdict: Verdict;
  readonly reason: string;
}

function conclude(facts: Facts, findings: readonly Finding[], judged: Judged): Conclusion {
  const [first] = findings;
  if (first !== undefined && first.severity !== "note") {
    const verdict = first.severity === "fault" ? "fault" : "degraded";
    return { verdict, reason: titleOf(first.cause) };
  }
  const open = openQuestion(facts, judged);
  if (open !== null) return { verdict: "inconclusive", reason: open };
  return {
    verdict: "healthy",
    reason:
      facts.path.run?.command === "dns"
        ? "the name resolves, and no fault was found"
        : "the default attempt got its answer, and no fault was found",
  };
}

/** The answer of HTTP, or of whatever else speaks on the port: bytes came in every case. */
function hasAnswer(attempt: Attempt): boolean {
  if (attemptState(attempt, "http") === "passed") return true;
  const last = attempt.stages.at(-1)?.result;
  if (last?.kind === "other-protocol") return true;
  // A server that speaks TLS and nothing more: the handshake was its answer.
  const closed = last?.kind === "failed" && last.code === CLOSED;
  return closed && attemptState(attempt, "tls") === "passed";
}

function titleOf(cause: string): string {
  return isCauseId(cause) ? FINDINGS[cause].title : cause;
}

/** Why nothing can be said yet or at all; null when the default attempt worked. */
function openQuestion({ path, attempt, dns: names }: Facts, judged: Judged): string | null {
  if (path.ended === null) return "the run is not over";
  if (path.ended.interrupted !== null) return `the run was ended early (${path.ended.interrupted})`;
  if (names.outcome !== "ok") {
    const answers = names.configured
      .map(({ server, reported: words }) => `${server} ${words}`)
      .join("; ");
    const reported = answers === "" ? "" : ` (${answers})`;
    return `the name was not resolved${reported}, and no rule explains why`;
  }
  if (path.run?.command === "dns") return null;
  if (attempt === undefined) return "nothing was connected to";
  const goal = attempt.stages.at(-1)?.stage ?? "connect";
  const last = attempt.stages.at(-1)?.result;
  if (!hasAnswer(attempt)) {
    const how = last?.kind === "failed" ? `fails (${last.code})` : "gets no answer";
    return `${goal === "tls" ? "the TLS handshake" : goal} ${how}, and no rule explains why`;
  }
  if (judged.get("pmtu-cached")?.kind === "fires") {
    return "it works now, with a learnt PMTU that may hide a black hole: flush the cache and trace again";
  }
  return null;
}

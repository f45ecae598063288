// Some connection requests get no answer, while the path loses nothing of what is open.

import { isEcnCandidate } from "../../../facts/connection/ecn.ts";
import type { Facts } from "../../../facts/facts.ts";
import {
  isContradicted,
  isMuch,
  isOfPaceAlone,
  isOfSynsAlone,
  type MeasuredLoss,
  measuredLoss,
} from "../../../facts/loss/loss-measurement.ts";
import { endsAtHop, tcpFlows } from "../../../facts/loss/tcp-flows.ts";
import { SYN_GAP_MS } from "../../../facts/loss/thresholds.ts";
import { cause } from "../../cause.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { switchOff } from "../../tcp-options.ts";
import { say } from "../../words.ts";
import { OWN_STACK } from "../groups.ts";

export const newConnectionsLost = cause({
  id: "new-connections-lost",
  area: "reach",
  title: "Some connection requests get no answer, while the path loses nothing else",
  segment: null,
  severity: "warning",
  direction: null,
  dependsOn: [
    "ecn-lost",
    "ecmp-branch-broken",
    "no-default-route",
    "gateway-unreachable",
    "routing-loop",
    "conntrack-full",
    ...OWN_STACK,
  ],
  differentialCauses: ["path-loss", "ecmp-branch-broken", "port-filtered"],
  needs: [],
  judge: ({ path }) => {
    if (tcpFlows(path).isDeadBranch) return byPorts(path);
    const rounds = measuredLoss(path);
    if (rounds === null) return notChecked(say("notMeasured"));
    const { sent, lost, evidence } = rounds;
    if (!isMuch(rounds))
      return rejected(say("answered", { answered: sent - lost, sent }), evidence);
    if (isContradicted(rounds)) return notChecked(say("contradicted"));
    if (!isOfSynsAlone(rounds)) {
      return isAlone(rounds)
        ? notChecked(say("nothingBeside"))
        : rejected(say("othersLost"), evidence);
    }
    return byRounds(path, rounds);
  },
});

/** Nothing else was sent, or nothing that anybody answers. */
function isAlone({ beside, slow, open }: MeasuredLoss): boolean {
  return open.sent === 0 && slow.sent === 0 && beside.lost === beside.sent;
}

type Path = Facts["path"];

/** The same ones each time: by their ports something chooses who gets them. */
function byPorts(path: Path) {
  const { flows, dead } = tcpFlows(path);
  const evidence = flows.flatMap((flow) => flow.evidence);
  if (endsAtHop(path)) return rejected(say("endsAtHop"), evidence);
  return fires({
    confidence: "measured",
    ...NOWHERE,
    summary: say("samePorts", {
      dead: dead.length,
      all: flows.length,
      ports: dead.flatMap(({ sourcePort }) => (sourcePort === null ? [] : [sourcePort])),
      attempts: Math.min(...dead.map(({ missed }) => missed)),
    }),
    evidence,
    fixes: [],
  });
}

/** A server, a balancer or a filter: what is in front of the target looks the same from here. */
const NOWHERE = { segment: null, between: null, direction: null } as const;

function byRounds(path: Path, rounds: MeasuredLoss) {
  const { sent, lost, slow, elsewhere, open, evidence } = rounds;
  const { flows } = tcpFlows(path);
  const retried = flows.filter(({ missed, answered }) => missed > 0 && answered > 0);
  const pace = isOfPaceAlone(rounds);
  const ecn = !pace && isEcnCandidate(path);
  return fires({
    ...(pace ? { severity: "note" as const } : {}),
    confidence: "measured",
    ...NOWHERE,
    summary: say("found", {
      lost,
      sent,
      gapMs: SYN_GAP_MS,
      slow: { sent: slow.sent, lost: slow.lost },
      elsewhere: { sent: elsewhere.sent, lost: elsewhere.lost },
      open: { sent: open.sent, lost: open.lost },
      retried: retried.length,
      pace,
      ecn,
    }),
    fixes: ecn ? [{ ...switchOff("ecn"), title: say("withoutEcn") }] : [],
    evidence: [...evidence, ...retried.flatMap((flow) => flow.evidence)],
  });
}

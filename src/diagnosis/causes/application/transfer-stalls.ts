// A transfer that begins well and stops after so many bytes, each time it is tried.

import { cutTransfer } from "../../../facts/connection/program-cut.ts";
import {
  stalledUploads,
  type TransferFacts,
  transferFacts,
} from "../../../facts/connection/transfer.ts";
import { isLoss, measuredLoss } from "../../../facts/loss/loss-measurement.ts";
import type { Attempt } from "../../../model/connections.ts";
import type { Path } from "../../../model/path.ts";
import type { Seen } from "../../../model/seen.ts";
import type { ProgramConnection } from "../../../schema/events/program.ts";
import type { Transfer, TransferVariant, Upload } from "../../../schema/events/transfer.ts";
import { cause } from "../../cause.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { switchOff, type TcpOption } from "../../tcp-options.ts";
import { say } from "../../words.ts";
import { OWN_STACK, SIZE_LIMITS } from "../groups.ts";

export const transferStalls = cause({
  id: "transfer-stalls",
  area: "application",
  title: "A transfer begins well and stops after so many bytes",
  segment: null,
  severity: "fault",
  direction: null,
  dependsOn: ["ecn-lost", ...SIZE_LIMITS, ...OWN_STACK],
  differentialCauses: ["path-loss", "server-silent", "connection-closed"],
  needs: ["attempt"],
  judge: ({ path }, { attempt }) => {
    const cut = cutTransfer(path);
    return cut === undefined ? ofTransfers(path, attempt) : ofProgram(cut);
  },
});

/** What was traced. */
function ofTransfers(path: Path, attempt: Attempt) {
  const facts = transferFacts(path);
  if (facts === null) return notChecked(say("notRead"));
  const { plain, again, stopped, stalls, alike, cures, inVain } = facts;
  const stalled = stalledUploads(path);
  if (!stopped && stalled !== null) return ofUploads(attempt, stalled);
  if (!stopped) return rejected(say("goesOn"), [plain.id]);
  const loss = measuredLoss(path);
  // TCP backs off for seconds where a quarter of its segments is lost: without a cure, that is what stopped it.
  if (loss !== null && isLoss(loss) && cures.length === 0) {
    return notChecked(say("pathLoses", { lost: loss.lost, sent: loss.sent }));
  }
  const to = { address: attempt.address, port: attempt.port, bytes: plain.receivedBytes };
  if (again === undefined || !stalls) {
    return fires({
      ...NOWHERE,
      confidence: "inferred",
      severity: "warning",
      summary: say("once", { ...to, how: HOW[plain.outcome], tried: again !== undefined }),
      evidence: [plain.id, ...(again === undefined ? [] : [again.id])],
      fixes: [],
    });
  }
  const cured = changesOf(cures);
  const options = cured.flatMap((change) => (change === "smallSegments" ? [] : [change]));
  const candidates = alike ? candidatesOf(facts) : [];
  const isDead = plain.acknowledged === false && again.acknowledged === false;
  return fires({
    ...NOWHERE,
    confidence: cured.length > 0 || (alike && isDead) ? "measured" : "inferred",
    summary: say("found", {
      ...to,
      againBytes: again.receivedBytes,
      how: HOW[plain.outcome],
      answered: !isDead,
      cures: cured,
      candidates,
      inVain: changesOf(inVain),
    }),
    evidence: [plain.id, again.id, ...[...cures, ...inVain].map(({ id }) => id)],
    fixes: [
      ...options.map((option) => ({ ...switchOff(option), title: say("cure", { option }) })),
      ...candidates.map((option) => ({
        ...switchOff(option),
        title: say("switchOff", { option }),
      })),
    ],
  });
}

/** A program's own: what was traced goes another way, or ends sooner. */
function ofProgram({ id, program, address, port, info, silentMs }: Seen<ProgramConnection>) {
  const bytes = info?.bytesReceived ?? 0;
  return fires({
    ...NOWHERE,
    direction: "inbound",
    confidence: "inferred",
    summary: say("program", { program, address, port, bytes, silentMs }),
    evidence: [id],
    fixes: [],
  });
}

/** Nothing that is sent tells what cures it: what both ends agreed on is a candidate. */
function ofUploads({ address, port }: Attempt, stalled: readonly Seen<Upload>[]) {
  const [first, again] = stalled;
  const negotiated = first?.negotiated ?? null;
  const agreed = CANDIDATES.filter((option) => negotiated?.[option] === true);
  const candidates = again === undefined ? [] : agreed;
  return fires({
    ...NOWHERE,
    direction: "outbound",
    confidence: again === undefined ? "inferred" : "measured",
    severity: again === undefined ? "warning" : "fault",
    summary: say("upload", {
      address,
      port,
      bytes: first?.ackedBytes ?? 0,
      againBytes: again?.ackedBytes ?? null,
    }),
    evidence: stalled.map(({ id }) => id),
    fixes: candidates.map((option) => ({
      ...switchOff(option),
      title: say("switchOff", { option }),
    })),
  });
}

const NOWHERE = { segment: null, between: null, direction: null } as const;

const CANDIDATES: readonly TcpOption[] = ["timestamps", "sack", "ecn"];

/** What a variant does without, or has otherwise. */
type Change = TcpOption | "smallSegments";

const CHANGES: Readonly<Partial<Record<TransferVariant, Change>>> = {
  "no-window-scaling": "windowScaling",
  "small-mss": "smallSegments",
  "raw-no-window-scaling": "windowScaling",
  "raw-no-timestamps": "timestamps",
  "raw-no-sack": "sack",
  "raw-no-ecn": "ecn",
  "raw-small-mss": "smallSegments",
};

function changesOf(transfers: TransferFacts["cures"]): readonly Change[] {
  return [...new Set(transfers.flatMap(({ variant }) => CHANGES[variant] ?? []))];
}

const HOW = {
  stalled: "stops",
  reset: "is reset",
  ended: "is closed",
  enough: "stops",
  failed: "stops",
} as const satisfies Record<Transfer["outcome"], string>;

/** Where nothing cured it: what both ends agreed on and was not left out in any of the tries. */
function candidatesOf({ plain, cures, inVain }: TransferFacts): readonly TcpOption[] {
  const { negotiated } = plain;
  if (cures.length > 0 || negotiated === null) return [];
  const tried = changesOf(inVain);
  return CANDIDATES.filter((option) => negotiated[option] && !tried.includes(option));
}

// A transfer that begins well and stops after so many bytes, each time it is tried.

import { type TransferFacts, transferFacts } from "../../../facts/connection/transfer.ts";
import { isLoss, measuredLoss } from "../../../facts/loss/loss-measurement.ts";
import type { Transfer, TransferVariant } from "../../../schema/events/transfer.ts";
import { cause } from "../../cause.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";
import { OWN_STACK, SIZE_LIMITS } from "../groups.ts";

export const transferStalls = cause({
  id: "transfer-stalls",
  area: "application",
  title: "A transfer begins well and stops after so many bytes",
  segment: null,
  severity: "fault",
  direction: null,
  dependsOn: [...SIZE_LIMITS, ...OWN_STACK],
  differentialCauses: ["path-loss", "server-silent", "connection-closed"],
  needs: ["attempt"],
  judge: ({ path }, { attempt }) => {
    const facts = transferFacts(path);
    if (facts === null) return notChecked(say("notRead"));
    const { plain, again, stalls, cures, inVain } = facts;
    if (again === undefined) return rejected(say("goesOn"), [plain.id]);
    if (!stalls) return rejected(say("notAgain"), [plain.id, again.id]);
    const loss = measuredLoss(path);
    // TCP backs off for seconds where a quarter of its segments is lost: without a cure, that is what stopped it.
    if (loss !== null && isLoss(loss) && cures.length === 0) {
      return notChecked(say("pathLoses", { lost: loss.lost, sent: loss.sent }));
    }
    const cured = changesOf(cures);
    const options = cured.flatMap((change) => (change === "smallSegments" ? [] : [change]));
    const candidates = candidatesOf(facts);
    const isDead = plain.acknowledged === false && again.acknowledged === false;
    return fires({
      confidence: cured.length > 0 || isDead ? "measured" : "inferred",
      segment: null,
      between: null,
      direction: null,
      summary: say("found", {
        address: attempt.address,
        port: attempt.port,
        bytes: plain.receivedBytes,
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
  },
});

/** ip-sysctl: for connections that are made from then on. */
const SETTINGS = {
  timestamps: "net.ipv4.tcp_timestamps",
  windowScaling: "net.ipv4.tcp_window_scaling",
  sack: "net.ipv4.tcp_sack",
  ecn: "net.ipv4.tcp_ecn",
} as const;

type TcpOption = keyof typeof SETTINGS;

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

function switchOff(option: TcpOption) {
  return {
    where: "linux",
    commands: [`sudo sysctl -w ${SETTINGS[option]}=0`],
    persistent: false,
  } as const;
}

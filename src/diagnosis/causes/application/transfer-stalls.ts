// A transfer that begins well and stops after so many bytes, each time it is tried.

import { type TransferFacts, transferFacts } from "../../../facts/connection/transfer.ts";
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
    const { plain, again, stalls, cures } = facts;
    if (again === undefined) return rejected(say("goesOn"), [plain.id]);
    if (!stalls) return rejected(say("notAgain"), [plain.id, again.id]);
    const cured = cures.flatMap(({ variant }) =>
      variant === "no-window-scaling" || variant === "small-mss" ? [variant] : [],
    );
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
        reset: plain.outcome === "reset",
        answered: !isDead,
        cures: cured,
        candidates,
      }),
      evidence: [plain.id, again.id, ...cures.map(({ id }) => id)],
      fixes: cured.includes("no-window-scaling")
        ? [{ ...switchOff("windowScaling"), title: say("cure", { option: "windowScaling" }) }]
        : candidates.map((option) => ({
            ...switchOff(option),
            title: say("switchOff", { option }),
          })),
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

/** Where nothing cured it: what both ends agreed on and was not left out in any of the tries. */
function candidatesOf({ plain, cures }: TransferFacts): readonly TcpOption[] {
  const { negotiated } = plain;
  if (cures.length > 0 || negotiated === null) return [];
  return CANDIDATES.filter((option) => negotiated[option]);
}

function switchOff(option: TcpOption) {
  return {
    where: "linux",
    commands: [`sudo sysctl -w ${SETTINGS[option]}=0`],
    persistent: false,
  } as const;
}

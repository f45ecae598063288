// WSL1 has no such call: a limit of it, and no fault of the network.

import { cause } from "../../cause.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

export const wsl1UnsupportedOperation = cause({
  id: "wsl1-unsupported-operation",
  area: "stack",
  title: "WSL1 lacks a system call that was attempted: a limit, not a network fault",
  segment: "linux-stack",
  severity: "note",
  direction: null,
  dependsOn: [],
  differentialCauses: [],
  needs: [],
  judge: ({ path }) => {
    if (path.vantage === null) return notChecked(say("notRead"));
    // By its kernel alone: a snapshot that makes a Linux machine a guest of WSL1 takes no call away.
    if (path.vantage.vantage !== "wsl1") return rejected(say("notWsl1"), [path.vantage.id]);
    const missing = [
      ...path.skipped.map(({ id, probe, reason }) => ({ id, what: { probe, reason } })),
      ...path.unreadable.map(({ id, what }) => ({ id, what: { probe: what, reason: null } })),
    ];
    if (missing.length === 0) return rejected(say("allAvailable"), [path.vantage.id]);
    return fires({
      confidence: "exact",
      segment: "linux-stack",
      between: null,
      direction: null,
      summary: say("found", { missing: missing.map(({ what }) => what) }),
      evidence: missing.map(({ id }) => id),
      fixes: [],
    });
  },
});

// WSL1 has no such call: a limit of it, and no fault of the network.

import { cause } from "../../cause.ts";
import { exact } from "../../confidence.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";

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
    if (path.vantage === null) return notChecked("the machine was not read");
    // By its kernel alone: a snapshot that makes a Linux machine a guest of WSL1 takes no call away.
    if (path.vantage.vantage !== "wsl1") return rejected("this is not WSL1", [path.vantage.id]);
    const missing = [
      ...path.skipped.map(({ id, probe, reason }) => ({ id, words: `${probe} (${reason})` })),
      ...path.unreadable.map(({ id, what }) => ({ id, words: what })),
    ];
    if (missing.length === 0)
      return rejected("every call that was attempted is available", [path.vantage.id]);
    return fires({
      confidence: exact(0.9),
      segment: "linux-stack",
      between: null,
      direction: null,
      summary: `WSL1 does not support everything that was attempted: ${[...new Set(missing.map(({ words }) => words))].join("; ")}`,
      evidence: missing.map(({ id }) => id),
      fixes: [],
    });
  },
});

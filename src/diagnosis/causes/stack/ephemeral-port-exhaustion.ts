// No source port is left for a new connection: this machine cannot even begin it.

import { stageOf } from "../../../facts/connection/attempt.ts";
import { vantageFacts } from "../../../facts/vantage.ts";
import { cause } from "../../cause.ts";
import { fix } from "../../fixes.ts";
import { fires, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

/** connect(2): all port numbers of the ephemeral range are in use for that target. */
const NO_PORT = "EADDRNOTAVAIL";

export const ephemeralPortExhaustion = cause({
  id: "ephemeral-port-exhaustion",
  area: "stack",
  title: "No source port is left for a new connection from this machine",
  segment: "linux-stack",
  severity: "fault",
  direction: "outbound",
  dependsOn: [],
  differentialCauses: ["conntrack-full", "mirrored-port-range", "port-refused"],
  needs: ["attempt"],
  judge: ({ path, attempt }) => {
    const connect = stageOf(attempt, "connect");
    const result = connect?.result;
    if (connect === undefined || result?.kind !== "failed" || result.code !== NO_PORT) {
      return rejected(say("hasPort"), connect === undefined ? [] : [connect.id]);
    }
    const isWsl1 = vantageFacts(path)?.kind === "wsl1";
    return fires({
      // An address that is no longer this machine's gives the same error.
      confidence: "inferred",
      segment: "linux-stack",
      between: null,
      direction: "outbound",
      summary: say("found", { address: attempt?.address ?? null, isWsl1 }),
      evidence: [connect.id],
      fixes: isWsl1 ? [SEE_IN_WINDOWS] : [SEE, SEE_IN_WINDOWS],
    });
  },
});

const SEE = fix({
  where: "linux",
  title: say("seeHere"),
  commands: ["ss -s", "cat /proc/sys/net/ipv4/ip_local_port_range"],
  persistent: false,
});

const SEE_IN_WINDOWS = fix({
  where: "windows",
  title: say("seeInWindows"),
  commands: [
    "Get-NetTCPConnection | Group-Object State | Format-Table Name, Count",
    "netsh interface ipv4 show dynamicport tcp",
  ],
  persistent: false,
});

// The service answers in the distro, and Windows' localhost does not lead to it.

import { hostEvidence } from "../../../facts/reach/path-host.ts";
import { wslSetting } from "../../../facts/service/service.ts";
import { cause } from "../../cause.ts";
import { fix } from "../../fixes.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { localhostSeverity } from "../../service-severity.ts";
import { say } from "../../words.ts";

export const localhostForwardingBroken = cause({
  id: "localhost-forwarding-broken",
  area: "inbound",
  title: "Windows' localhost does not lead to the distro's service",
  segment: "windows-stack",
  severity: "fault",
  direction: "inbound",
  dependsOn: ["excluded-port-range"],
  differentialCauses: ["excluded-port-range", "guest-bound-to-loopback", "port-refused"],
  needs: ["service"],
  judge: ({ path }, { service: known }) => {
    const { mode, localhost, windows, port, service } = known;
    if (mode !== "nat") return notChecked(say("notNat"));
    const tried = known.ways.filter(({ kind }) => kind === "windows-localhost");
    const evidence = tried.flatMap((way) => way.evidence);
    if (localhost === "unknown") return notChecked(say("notTried"));
    if (localhost === "yes") return rejected(say("reached"), evidence);
    const here = path.serviceAttempts.filter(
      ({ address, outcome }) => outcome === "connected" && LOOPBACK.includes(address),
    );
    if (here.length === 0) return rejected(say("notHere"), known.here);
    const isOff = ["false", "0"].includes(wslSetting(path, "wsl2.localhostForwarding") ?? "");
    return fires({
      confidence: isOff ? "exact" : "inferred",
      severity: localhostSeverity(known),
      segment: "windows-stack",
      between: null,
      direction: "inbound",
      summary: say("found", { port, isOff, isReachedByAddress: windows === "yes" }),
      evidence: [...evidence, service.id, ...here.map(({ id }) => id), ...hostEvidence(path)],
      fixes: [
        ...(isOff
          ? [
              fix({
                where: "windows",
                title: say("switchOn"),
                commands: ['notepad "$env:USERPROFILE\\.wslconfig"', "wsl --shutdown"],
                persistent: true,
              }),
            ]
          : [
              fix({
                where: "windows",
                title: say("restart"),
                commands: ["wsl --shutdown"],
                persistent: false,
              }),
              fix({
                where: "windows-admin",
                title: say("noFastStart"),
                commands: ["powercfg /hibernate off"],
                persistent: true,
              }),
            ]),
      ],
    });
  },
});

/** What WSL's relay in the distro connects to. */
const LOOPBACK: readonly string[] = ["127.0.0.1", "::1"];

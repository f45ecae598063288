// Mirrored mode: the port is Windows', so that the distro cannot have it or gets none of its connections.

import { hostEvidence } from "../../../facts/reach/path-host.ts";
import type { ServiceFacts } from "../../../facts/service/service.ts";
import { hostRows, wslSetting } from "../../../facts/service/service.ts";
import type { Path } from "../../../model/path.ts";
import { cause } from "../../cause.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

export const mirroredPortConflict = cause({
  id: "mirrored-port-conflict",
  area: "inbound",
  title: "In mirrored mode the port belongs to Windows, not to the distro",
  segment: "windows-stack",
  severity: "fault",
  direction: "inbound",
  dependsOn: ["excluded-port-range"],
  differentialCauses: ["excluded-port-range", "guest-bound-to-loopback", "port-refused"],
  needs: ["service", "mirrored"],
  judge: ({ path }, { service: known }) => {
    const { port, service } = known;
    const why = conflictOf(path, known);
    if (why === "privileged") return notChecked(say("privileged"));
    if (why === null) return rejected(say("free"), [service.id]);
    const isReached = known.windows === "yes" && why !== "taken";
    if (isReached)
      return rejected(
        say("reached"),
        known.ways.flatMap(({ evidence }) => evidence),
      );
    if (why !== "taken" && known.windows === "unknown") return notChecked(say("notTried"));
    const holders = hostRows(path, (host) => host.tcpListeners);
    const isHeld = holders.known && holders.rows.some((row) => row.port === port);
    return fires({
      confidence: why === "taken" ? "measured" : "exact",
      segment: "windows-stack",
      between: null,
      direction: "inbound",
      summary: say("found", { port, why, isHeld, error: service.ownError }),
      evidence: [
        service.id,
        ...known.ways.flatMap(({ evidence }) => evidence),
        ...(why === "taken" && !isHeld ? [] : hostEvidence(path)),
      ],
      fixes: [
        {
          where: "windows",
          title: say("findHolder"),
          commands: [`Get-NetTCPConnection -State Listen | Where-Object LocalPort -eq ${port}`],
          persistent: false,
        },
        {
          where: "windows",
          title: why === "ignored" ? say("takeOut") : say("ignore"),
          commands: ['notepad "$env:USERPROFILE\\.wslconfig"', "wsl --shutdown"],
          persistent: true,
        },
      ],
    });
  },
});

/** TCP ports that mirrored mode never steers to the distro (microsoft/WSL, WslMirroredNetworking.h). */
const NEVER_STEERED: readonly number[] = [135, 1900, 2869, 3702, 5004, 5357, 5358];
const PRIVILEGED_BELOW = 1024;

export type Conflict =
  /** Nobody listens here, and this run could not either. */
  "taken" | "ignored" | "never-steered";

function conflictOf(path: Path, { port, service }: ServiceFacts): Conflict | "privileged" | null {
  const { ownError } = service;
  if (ownError === "EACCES" && port < PRIVILEGED_BELOW) return "privileged";
  if (ownError === "EADDRINUSE" || ownError === "EACCES") return "taken";
  if (isIgnored(wslSetting(path, "experimental.ignoredPorts"), port)) return "ignored";
  return NEVER_STEERED.includes(port) ? "never-steered" : null;
}

/** Ports of a list such as "3000,9000,9090"; "tcp" or "udp" may stand behind one. */
function isIgnored(list: string | null, port: number): boolean {
  return (list ?? "").split(",").some((one) => {
    const [, number, protocol = "tcp"] = /^\s*(\d{1,5})(?:\/(tcp|udp))?\s*$/.exec(one) ?? [];
    return Number(number) === port && protocol === "tcp";
  });
}

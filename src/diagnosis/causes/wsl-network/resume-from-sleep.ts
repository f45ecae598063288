// The distro gets nothing where Windows does, and has been running since before Windows last slept.

import { lastResume } from "../../../facts/reach/last-resume.ts";
import { hostEvidence } from "../../../facts/reach/path-host.ts";
import type { Path } from "../../../model/path.ts";
import { cause } from "../../cause.ts";
import { fix } from "../../fixes.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";
import { BEFORE_THE_HOST, WINDOWS_FILTERS } from "../groups.ts";

export const resumeFromSleep = cause({
  id: "resume-from-sleep",
  area: "wsl-network",
  title: "WSL's network has been dead since Windows came out of sleep",
  segment: "windows-stack",
  severity: "fault",
  direction: null,
  dependsOn: [
    ...BEFORE_THE_HOST,
    ...WINDOWS_FILTERS,
    ...(["host-without-ipv4", "lan-gateway-unreachable", "vpn-tunnel-dead"] as const),
  ],
  differentialCauses: [
    ...(["vethernet-disconnected", "gateway-unreachable", "nat-service-disabled"] as const),
    ...(["vpn-killswitch-wfp", "endpoint-security-drops-wsl", "missing-or-stale-netnat"] as const),
  ],
  needs: ["heldInWindows", "snapshot"],
  judge: ({ path, attempt }, { heldInWindows }) => {
    if (attempt === undefined && !asksWindows(path)) return notChecked(say("otherServers"));
    const resume = lastResume(path);
    if (resume.kind === "unknown") return notChecked(say("unread", { reason: resume.reason }));
    const read = [...hostEvidence(path), ...(path.vantage === null ? [] : [path.vantage.id])];
    if (resume.kind === "not-since-start") return rejected(say("notSince"), read);
    const { gets, windows, evidence } = heldInWindows;
    return fires({
      // Whether anything got through since then, nothing remembers.
      confidence: "candidate",
      segment: "windows-stack",
      between: null,
      direction: null,
      summary: say("found", { gets, resumedAt: resume.resumedAt, windows: windows.reason }),
      evidence: [...read, ...evidence],
      fixes: FIXES,
    });
  },
});

/** A server elsewhere may be silent for reasons of its own. */
function asksWindows({ resolverConfig }: Path): boolean {
  const variant = resolverConfig?.variant ?? null;
  return variant === "gateway-proxy" || variant === "dns-tunnel";
}

const FIXES = [
  fix({
    where: "windows",
    title: say("restart"),
    commands: ["wsl --shutdown"],
    persistent: false,
  }),
  fix({
    where: "windows-admin",
    title: say("restartService"),
    commands: ["wsl --shutdown", "Restart-Service hns -Force"],
    persistent: false,
  }),
];

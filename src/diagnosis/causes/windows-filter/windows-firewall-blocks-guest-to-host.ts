// A program on Windows is there, and Windows' firewall keeps the distro from it.

import { hostAddresses, hostProbesOf } from "../../../facts/reach/host-probes.ts";
import { hostEvidence } from "../../../facts/reach/path-host.ts";
import { readHost } from "../../../host/host.ts";
import { hostReached } from "../../../host/look-ups.ts";
import { rowsOf } from "../../../host/sources.ts";
import type { Path } from "../../../model/path.ts";
import type { HostSnapshot } from "../../../schema/host-snapshot.ts";
import { cause } from "../../cause.ts";
import { aged, type Grade } from "../../confidence.ts";
import { fix } from "../../fixes.ts";
import { meet } from "../../needs/needs.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";
import { BEFORE_THE_HOST } from "../groups.ts";

export const windowsFirewallBlocksGuestToHost = cause({
  id: "windows-firewall-blocks-guest-to-host",
  area: "windows-filter",
  title: "Windows' firewall keeps the distro from a program on Windows",
  segment: "windows-stack",
  severity: "fault",
  direction: "outbound",
  dependsOn: [...BEFORE_THE_HOST, "hyperv-firewall-blocks-outbound"],
  differentialCauses: ["port-filtered", "port-refused", "vpn-killswitch-wfp"],
  needs: ["attempt"],
  judge: (facts, { attempt }) => {
    const { path, reach } = facts;
    const tried = reach.connectId === null ? [] : [reach.connectId];
    if (reach.connect !== "silent") return rejected(say("notSilent"), tried);
    const taken = meet(facts, "snapshot");
    if (taken.kind !== "met") return taken;
    const relation = meet(facts, "nat");
    if (relation.kind !== "met") return relation;
    const [snapshot, nat] = [taken.value, relation.value];
    const { address, port } = attempt;
    if (address !== nat.gateway && !hostAddresses(path).has(address)) {
      return rejected(say("notWindows", { address }));
    }
    if (facts.guest.near.state !== "yes" && reach.alive === null) {
      return notChecked(say("windowsSilent", { address }));
    }
    const profiles = rowsOf(readHost(snapshot).firewallProfiles);
    const isOff = profiles.length > 0 && profiles.every(({ enabled }) => enabled === false);
    if (isOff) return rejected(say("off"), hostEvidence(path));
    const own = ownTry(path, snapshot, address, port);
    if (own.state === "refused") return rejected(say("nobodyListens", { port }), own.evidence);
    const isOn = profiles.some(({ enabled }) => enabled === true);
    if (own.state === "unknown" && !isOn) return notChecked(say("bothUnknown"));
    const ignoresLocal = profiles.some(
      ({ name, allowLocalRules }) => name.toLowerCase() === "public" && allowLocalRules === false,
    );
    return fires({
      confidence: aged(path, gradeOf(own.state === "connected", own.fresh && isOn)),
      segment: "windows-stack",
      between: null,
      direction: "outbound",
      summary: say("found", {
        ...{ address, port, ignoresLocal },
        listens: own.state === "connected",
      }),
      evidence: [...tried, ...own.evidence, ...hostEvidence(path)],
      fixes: fixesOf(nat.adapter.name, port, own.state === "connected"),
    });
  },
});

/** A closed port is as silent to others while the firewall is on (stealth mode): only Windows' own try tells them apart. */
function gradeOf(listens: boolean, isSure: boolean): Grade {
  if (!listens) return "candidate";
  return isSure ? "measured" : "inferred";
}

interface OwnTry {
  readonly state: "connected" | "refused" | "unknown";
  readonly fresh: boolean;
  readonly evidence: readonly string[];
}

/** What Windows' own connection to that port came to. */
function ownTry(path: Path, snapshot: HostSnapshot, address: string, port: number): OwnTry {
  const tries = hostProbesOf(path, "connect").filter(
    ({ try: one }) => one.address === address && one.port === port,
  );
  const evidence = tries.map(({ id }) => id);
  const connected = tries.some(({ try: one }) => one.outcome === "connected");
  if (connected) return { state: "connected", fresh: true, evidence };
  if (tries.length > 0) return { state: "refused", fresh: true, evidence };
  const saved = hostReached(snapshot, address, port);
  if (!saved.known) return { state: "unknown", fresh: false, evidence: [] };
  return { state: saved.ok ? "connected" : "refused", fresh: false, evidence: hostEvidence(path) };
}

/** Names that need no quoting inside single quotes of PowerShell. */
const PLAIN = /^[\p{L}\p{N} ._()-]{1,64}$/u;

function fixesOf(alias: string, port: number, listens: boolean) {
  const see = fix({
    where: "windows",
    title: say("seeListener"),
    commands: [`Get-NetTCPConnection -State Listen -LocalPort ${port}`],
    persistent: false,
  });
  if (!PLAIN.test(alias)) return listens ? [] : [see];
  const open = fix({
    where: "windows-admin",
    title: say("openPort"),
    commands: [
      `New-NetFirewallRule -DisplayName 'WSL to port ${port}' -Direction Inbound -Action Allow -Protocol TCP -LocalPort ${port} -InterfaceAlias '${alias}'`,
    ],
    persistent: true,
  });
  return listens ? [open] : [see, open];
}

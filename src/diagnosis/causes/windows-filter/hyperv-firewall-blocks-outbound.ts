// A rule or the default of the Hyper-V firewall forbids what the distro opens.

import type { Facts } from "../../../facts/facts.ts";
import { hostEvidence, settingsOf } from "../../../facts/reach/path-host.ts";
import { isMirrored } from "../../../facts/vantage.ts";
import { type Address, addressOf } from "../../../host/address.ts";
import { hyperVOutbound, WSL_CREATOR } from "../../../host/hyperv-firewall.ts";
import { switchOf } from "../../../host/ini.ts";
import { cause } from "../../cause.ts";
import { aged, type Grade } from "../../confidence.ts";
import { fix } from "../../fixes.ts";
import { met } from "../../needs/met.ts";
import { meet } from "../../needs/needs.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { asReported, say } from "../../words.ts";
import { BEFORE_THE_HOST } from "../groups.ts";

export const hypervFirewallBlocksOutbound = cause({
  id: "hyperv-firewall-blocks-outbound",
  area: "windows-filter",
  title: "The Hyper-V firewall of Windows forbids what the distro opens",
  segment: "vswitch",
  severity: "fault",
  direction: "outbound",
  dependsOn: BEFORE_THE_HOST,
  differentialCauses: ["port-filtered", "host-forwarding-blocked", "vfp-or-switch-extension-drop"],
  needs: ["attempt"],
  judge: (facts, { attempt }) => {
    const { path, reach, host } = facts;
    const tried = reach.connectId === null ? [] : [reach.connectId];
    if (reach.connect !== "silent") return rejected(say("notSilent"), tried);
    const passed = passedWindows(facts);
    if (passed !== undefined) return rejected(say("synPassed", { from: passed.from }), [passed.id]);
    if (host.target.state === "no") return rejected(asReported(host.target), host.target.evidence);
    const address = addressOf(attempt.address);
    if (address === null) return notChecked(say("noAddress"));
    const decided = decidedBy(facts, address, attempt.port);
    if (decided.kind !== "met") return decided;
    const found = decided.value;
    const rule = found.kind === "rule" ? found : null;
    return fires({
      confidence: aged(path, gradeOf(facts)),
      segment: "vswitch",
      between: null,
      direction: "outbound",
      summary: say("found", {
        rule: rule === null ? null : (rule.title ?? rule.name),
        address: address.address,
        port: attempt.port,
        windows: host.target.state === "yes" ? host.target.reason : null,
      }),
      evidence: [...tried, ...hostEvidence(path), ...host.target.evidence],
      fixes: fixesOf(rule),
    });
  },
});

/** What of the firewall holds it. */
function decidedBy(facts: Facts, address: Address, port: number) {
  const { path } = facts;
  const vantage = meet(facts, "wsl2");
  if (vantage.kind !== "met") return vantage;
  const taken = meet(facts, "snapshot");
  if (taken.kind !== "met") return taken;
  const settings = settingsOf(path);
  const isOff = settings !== null && switchOf(settings, "wsl2.firewall") === false;
  // Mirrored mode always has it (MicrosoftDocs/WSL, wsl-config).
  if (isOff && !isMirrored(path)) return rejected(say("off"), hostEvidence(path));
  const found = hyperVOutbound(taken.value, address, port);
  if (found.kind === "unread") return notChecked(say("unread", { reason: found.reason }));
  if (found.kind === "off") return rejected(say("off"), hostEvidence(path));
  return found.kind === "passes" ? rejected(say("passes"), hostEvidence(path)) : met(found);
}

/** Windows' own connection is the control: without it the rule is read, and not seen at work. */
function gradeOf({ host }: Facts): Grade {
  return host.target.state === "yes" && host.target.fresh ? "measured" : "inferred";
}

/** A router beyond Windows that answers for an own SYN: it left the switch. */
function passedWindows({ reach, guest }: Facts) {
  return reach.routers.find(
    ({ protocol, port, ttl, from }) =>
      protocol === "tcp" && port === undefined && ttl > 1 && from !== guest.gateway,
  );
}

/** A name that a cmdlet takes without quoting: Windows makes them of GUIDs and words. */
const PLAIN = /^[A-Za-z0-9{}_.-]{1,80}$/;

function fixesOf(rule: { readonly name: string } | null) {
  if (rule === null) {
    return [
      fix({
        where: "windows-admin",
        title: say("allowByDefault"),
        commands: [
          `Set-NetFirewallHyperVVMSetting -Name '${WSL_CREATOR}' -DefaultOutboundAction Allow`,
        ],
        persistent: true,
      }),
    ];
  }
  if (!PLAIN.test(rule.name)) return [];
  return [
    fix({
      where: "windows-admin",
      title: say("disableRule"),
      commands: [`Set-NetFirewallHyperVRule -Name '${rule.name}' -Enabled False`],
      persistent: true,
    }),
  ];
}

// Mirrored mode: rules for localhost lead packets for a daemon of the distro to Windows.

import { tracedAddress, tracedRoute } from "../../../facts/connection/subject.ts";
import { type Address, addressOf, inPrefix, prefixAround } from "../../../host/address.ts";
import { cause } from "../../cause.ts";
import { meet } from "../../needs/needs.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

/** Mirrored mode's own tables (microsoft/WSL, src/linux/init). */
const TABLES = ["127", "128"];
const LOOPBACK = "loopback0";

export const mirroredLocalPolicyRouting = cause({
  id: "mirrored-local-policy-routing",
  area: "route",
  title: "Rules of mirrored mode lead packets for a local daemon to Windows",
  segment: "linux-stack",
  severity: "fault",
  direction: "outbound",
  dependsOn: [],
  differentialCauses: ["port-refused", "port-filtered"],
  needs: ["loopbackTarget", "mirrored"],
  judge: (facts) => {
    const { path } = facts;
    const route = tracedRoute(facts.path);
    const rules = path.policyRules?.rules.filter(({ table }) => TABLES.includes(table)) ?? [];
    const target = addressOf(tracedAddress(path) ?? "");
    const byRule = rules.some(({ selector }) => target !== null && holds(selector, target));
    const steered = byRule || route?.interface === LOOPBACK || TABLES.includes(route?.table ?? "");
    const evidence = [route?.id, path.policyRules?.id].filter((id) => id !== undefined);
    if (!steered) return rejected(say("staysInside", { device: route?.interface }), evidence);
    const failure = meet(facts, "failure");
    if (failure.kind !== "met") return failure;
    const listener = path.localListener;
    if (listener === null) return notChecked(say("listenerUnknown"));
    if (!listener.listens) return rejected(say("noListener"), [listener.id]);
    return fires({
      confidence: "inferred",
      segment: "linux-stack",
      between: null,
      direction: "outbound",
      summary: say("found", {
        address: listener.address,
        port: listener.port,
        tables: rules.map(({ table }) => table),
        routeTable: route?.table ?? LOOPBACK,
        device: byRule ? LOOPBACK : route?.interface,
      }),
      evidence: [...evidence, listener.id, ...failure.value],
      fixes: [
        {
          where: "windows",
          title: say("ignorePort"),
          commands: [
            `Add-Content $env:USERPROFILE\\.wslconfig "[experimental]\`nignoredPorts=${listener.port}"`,
            "wsl --shutdown",
          ],
          persistent: true,
        },
      ],
    });
  },
});

/**
 * Whether a rule takes a program's TCP packets to the target, as iproute2 prints it: "from all to 127.0.0.1 ipproto tcp". Mirrored
 * mode's are for one protocol each, which a look-up without one does not meet.
 */
function holds(selector: string, target: Address): boolean {
  const protocol = /\bipproto (\S+)/.exec(selector)?.[1] ?? "tcp";
  const from = /\biif (\S+)/.exec(selector)?.[1] ?? "lo";
  const [, to = "", length = ""] = /\bto ([^\s/]+)(?:\/(\d+))?/.exec(selector) ?? [];
  const own = addressOf(to);
  if (own === null || protocol !== "tcp" || from !== "lo") return false;
  const prefix = prefixAround(own, length === "" ? WHOLE[own.family] : Number(length));
  return prefix !== null && inPrefix(target, prefix);
}

/** Bits of an address. */
const WHOLE = { 4: 32, 6: 128 } as const;

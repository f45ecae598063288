// Mirrored mode: rules for localhost lead packets for a daemon of the distro to Windows.

import { tracedRoute } from "../../../facts/connection/subject.ts";
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
    const steered = route?.interface === LOOPBACK || TABLES.includes(route?.table ?? "");
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
        device: route?.interface,
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

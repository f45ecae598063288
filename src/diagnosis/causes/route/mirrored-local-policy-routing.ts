// Mirrored mode: rules for localhost lead packets for a daemon of the distro to Windows.

import { tracedRoute } from "../../../facts/connection/subject.ts";
import { cause } from "../../cause.ts";
import { inferred } from "../../confidence.ts";
import { meet } from "../../needs/needs.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";

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
    if (!steered)
      return rejected(`the route to it stays inside the distro (${route?.interface})`, evidence);
    const failure = meet(facts, "failure");
    if (failure.kind !== "met") return failure;
    const listener = path.localListener;
    if (listener === null) return notChecked("whether anything listens here was not readable");
    if (!listener.listens) return rejected("nothing in the distro listens there", [listener.id]);
    return fires({
      confidence: inferred(0.92),
      segment: "linux-stack",
      between: null,
      direction: "outbound",
      summary: `a program of the distro listens on ${listener.address} port ${listener.port}, and rules of mirrored mode (${rules.length === 0 ? `table ${route?.table ?? LOOPBACK}` : `tables ${rules.map(({ table }) => table).join(", ")}`}) lead packets for it to Windows over ${route?.interface}`,
      evidence: [...evidence, listener.id, ...failure.value],
      fixes: [
        {
          where: "windows",
          title: "Keep this port out of mirroring",
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

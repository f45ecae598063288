// Mirrored mode: rules for localhost lead packets for a daemon of the distro to Windows.

import { tracedRoute } from "../../../facts/connection/subject.ts";
import { isMirrored } from "../../../facts/vantage.ts";
import { cause } from "../../cause.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { failureOf } from "../../wrong-routes.ts";

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
  judge: (facts) => {
    const { path, reach } = facts;
    if (reach.address?.startsWith("127.") !== true) {
      return notChecked("the target is no address of 127.0.0.0/8");
    }
    if (!isMirrored(facts.path)) return notChecked("this is not mirrored mode");
    const route = tracedRoute(facts.path);
    const rules = path.policyRules?.rules.filter(({ table }) => TABLES.includes(table)) ?? [];
    const steered = route?.interface === LOOPBACK || TABLES.includes(route?.table ?? "");
    const evidence = [route?.id, path.policyRules?.id].filter((id) => id !== undefined);
    if (!steered)
      return rejected(`the route to it stays inside the distro (${route?.interface})`, evidence);
    const failure = failureOf(facts);
    if (!failure.fails) return failure.outcome;
    const listener = path.localListener;
    if (listener === null) return notChecked("whether anything listens here was not readable");
    if (!listener.listens) return rejected("nothing in the distro listens there", [listener.id]);
    return fires({
      confidence: 0.92,
      segment: "linux-stack",
      between: null,
      direction: "outbound",
      summary: `a program of the distro listens on ${listener.address} port ${listener.port}, and rules of mirrored mode (${rules.length === 0 ? `table ${route?.table ?? LOOPBACK}` : `tables ${rules.map(({ table }) => table).join(", ")}`}) lead packets for it to Windows over ${route?.interface}`,
      evidence: [...evidence, listener.id, ...failure.evidence],
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

// Programs use the target's IPv6 address first, nothing answers, and IPv4 works.

import { attemptState } from "../../../facts/connection/attempt.ts";
import type { Attempt } from "../../../model/connections.ts";
import { cause } from "../../cause.ts";
import { measured } from "../../confidence.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";

export const ipv6PreferredButDead = cause({
  id: "ipv6-preferred-but-dead",
  area: "ipv6",
  title: "IPv6 is used first and never answers, while IPv4 works",
  segment: null,
  severity: "warning",
  direction: null,
  dependsOn: [],
  differentialCauses: ["path-loss", "port-refused"],
  needs: [{ need: "attempt", reason: "nothingConnected" }],
  judge: ({ path }, { attempt }) => {
    const [first] = path.addresses?.addresses ?? [];
    if (first === undefined) return notChecked("nothing was connected to");
    if (first.family !== 6) return rejected("programs do not use IPv6 first");
    if (attempt.family !== 4) return rejected("IPv6 connects, or there is no IPv4 to compare with");
    if (attemptState(attempt, "connect") !== "passed") {
      return rejected("IPv4 does not connect either", [attempt.id]);
    }
    const tried = path.attempts.filter(
      ({ address, purpose }) =>
        address === first.address && (purpose === "default" || purpose === "other-family"),
    );
    const evidence = [...tried.map(({ id }) => id), attempt.id];
    if (tried.some((one) => attemptState(one, "connect") === "passed")) {
      return rejected("IPv6 connects, later", evidence);
    }
    const codes = tried.flatMap(codeOf);
    if (codes.includes("ECONNREFUSED")) return rejected("IPv6 passes, and is refused", evidence);
    const reported = codes.find((code) => UNREACHABLE.includes(code));
    // One SYN may be lost.
    if (reported === undefined && tried.length < 2)
      return notChecked("IPv6 was attempted only once");
    const how = reported === undefined ? `${tried.length} connections get no answer` : reported;
    return fires({
      confidence: measured(reported === undefined ? 0.75 : 0.88),
      segment: null,
      between: null,
      direction: null,
      summary: `${first.address} comes first by the address selection and does not connect (${how}), while ${attempt.address} does: programs fall back only after their time-out, if at all`,
      evidence,
      fixes: [
        {
          where: "linux",
          title: "Prefer IPv4 (programs that use getaddrinfo)",
          commands: ["echo 'precedence ::ffff:0:0/96  100' | sudo tee -a /etc/gai.conf"],
          persistent: true,
        },
        {
          where: "linux",
          title: "Switch IPv6 off until the distro starts again",
          commands: ["sudo sysctl -w net.ipv6.conf.all.disable_ipv6=1"],
          persistent: false,
        },
      ],
    });
  },
});

const UNREACHABLE: readonly string[] = ["ENETUNREACH", "EHOSTUNREACH", "EACCES"];

function codeOf({ stages }: Attempt): readonly string[] {
  const result = stages.find(({ stage }) => stage === "connect")?.result;
  return result?.kind === "failed" ? [result.code] : [];
}

// Programs use the target's IPv6 address first, nothing answers, and IPv4 works.

import { connectErrors, connectionsTo } from "../../../facts/connection/addresses.ts";
import { attemptState } from "../../../facts/connection/attempt.ts";
import { cause } from "../../cause.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say, sayNeed } from "../../words.ts";

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
    if (first === undefined) return notChecked(sayNeed("nothingConnected"));
    if (first.family !== 6) return rejected(say("notFirst"));
    if (attempt.family !== 4) return rejected(say("noIpv4"));
    if (attemptState(attempt, "connect") !== "passed") {
      return rejected(say("ipv4Fails"), [attempt.id]);
    }
    const tried = connectionsTo(path, first.address);
    const evidence = [...tried.map(({ id }) => id), attempt.id];
    if (tried.some((one) => attemptState(one, "connect") === "passed")) {
      return rejected(say("connectsLater"), evidence);
    }
    const codes = tried.flatMap(connectErrors);
    if (codes.includes("ECONNREFUSED")) return rejected(say("refused"), evidence);
    const reported = codes.find((code) => UNREACHABLE.includes(code));
    // One SYN may be lost.
    if (reported === undefined && tried.length < 2) return notChecked(say("onlyOnce"));
    return fires({
      confidence: "measured",
      segment: null,
      between: null,
      direction: null,
      summary: say("found", {
        first: first.address,
        tried: tried.length,
        code: reported ?? null,
        other: attempt.address,
      }),
      evidence,
      fixes: [
        {
          where: "linux",
          title: say("preferIpv4"),
          commands: ["echo 'precedence ::ffff:0:0/96  100' | sudo tee -a /etc/gai.conf"],
          persistent: true,
        },
        {
          where: "linux",
          title: say("switchOff"),
          commands: ["sudo sysctl -w net.ipv6.conf.all.disable_ipv6=1"],
          persistent: false,
        },
      ],
    });
  },
});

const UNREACHABLE: readonly string[] = ["ENETUNREACH", "EHOSTUNREACH", "EACCES"];

// A name has several addresses, and those that programs try first do not answer.

import { type DeadAddress, deadAddresses } from "../../../facts/connection/addresses.ts";
import { requestedTarget } from "../../../facts/connection/subject.ts";
import type { Facts } from "../../../facts/facts.ts";
import { cause } from "../../cause.ts";
import { commandHost, commandServer } from "../../command-values.ts";
import { fix } from "../../fixes.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

export const someAddressesDead = cause({
  id: "some-addresses-dead",
  area: "reach",
  title: "Some addresses of the name do not answer, and programs try them first",
  segment: null,
  severity: "warning",
  direction: null,
  dependsOn: [],
  differentialCauses: ["path-loss", "new-connections-lost", "ipv6-preferred-but-dead"],
  needs: ["attempt", "connect"],
  judge: (facts, { attempt, connect }) => {
    const { path } = facts;
    const all = path.addresses?.addresses ?? [];
    if (all.length < 2) return rejected(say("oneAddress"));
    if (connect.result.kind !== "ok") return rejected(say("noneConnects"), [connect.id]);
    const dead = deadAddresses(path);
    const [first] = dead;
    if (first === undefined) {
      return attempt.address === all[0]?.address
        ? rejected(say("firstConnects"), [connect.id])
        : notChecked(say("notShown"));
    }
    return fires({
      confidence: "measured",
      segment: dead.every(isRefused) ? "destination" : null,
      between: null,
      direction: null,
      summary: say("found", {
        dead: dead.map(({ address, tried, code }) => ({ address, tried, code })),
        works: attempt.address,
        count: all.length,
      }),
      evidence: [...dead.flatMap(({ evidence }) => evidence), attempt.id],
      fixes: hostsFixes(facts, attempt.address),
    });
  },
});

function isRefused({ code }: DeadAddress): boolean {
  return code === "ECONNREFUSED";
}

function hostsFixes({ path }: Facts, works: string) {
  const host = commandHost(requestedTarget(path)?.host ?? "");
  const address = commandServer(works);
  // Behind a proxy it is the proxy's name that has the addresses.
  if (path.requested !== null || host === null || address === null) return [];
  return [
    fix({
      where: "linux",
      title: say("useOne", { address }),
      commands: [`echo '${address} ${host}' | sudo tee -a /etc/hosts`],
      persistent: false,
    }),
  ];
}

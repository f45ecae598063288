// The default gateway answers nothing, not even ARP or neighbour discovery.

import { ownDrops } from "../../model/kernel.ts";
import { fires, notChecked, type Rule, rejected } from "../rule.ts";

/** ICMP 3/1 and ICMPv6 1/3, which this machine's own kernel makes when no neighbour answers. */
const HOST_UNREACHABLE = [
  { type: 3, code: 1 },
  { type: 1, code: 3 },
] as const;

export const gatewayUnreachable: Rule = {
  cause: "gateway-unreachable",
  lookAlikes: ["no-default-route", "port-filtered", "dns-server-unreachable"],
  judge: ({ path, attempt, relation }) => {
    const lookup = path.lookups.find(({ address }) => address === attempt?.address);
    if (lookup?.outcome.kind !== "route") return notChecked("there is no route to follow");
    const { gateway, source } = lookup.outcome;
    const heard = path.probes.find(
      ({ outcome }) => "from" in outcome && outcome.from !== source && outcome.from !== "",
    );
    const connected = attempt?.stages.find(({ result }) => result.kind === "ok");
    const witness = heard?.id ?? connected?.id;
    if (witness !== undefined) return rejected("something beyond this machine answers", [witness]);
    const own = path.probes.find(
      ({ outcome }) =>
        outcome.kind === "unreachable" &&
        outcome.from === source &&
        HOST_UNREACHABLE.some(({ type, code }) => type === outcome.type && code === outcome.code),
    );
    const refused = attempt?.stages.find(
      ({ result }) => result.kind === "failed" && result.code === "EHOSTUNREACH",
    );
    const failed = ownDrops(path).filter(({ reason }) => reason === "NEIGH_FAILED");
    const told = [own?.id, refused?.id].filter((id) => id !== undefined);
    const evidence = [...told, ...failed.map(({ id }) => id)];
    if (evidence.length === 0)
      return notChecked("nothing answers, and no neighbour failure was told");
    if (gateway === null) return notChecked("the target is on the link itself");
    return fires({
      confidence: 0.93,
      segment:
        relation?.kind === "nat" || path.vantage?.vantage === "wsl2" ? "vswitch" : "lan-gateway",
      between: null,
      direction: "both",
      summary: `the gateway ${gateway} does not answer ARP or neighbour discovery`,
      evidence,
      fixes: [
        {
          where: "windows",
          title: "Restart WSL, which makes its virtual switch anew",
          commands: ["wsl --shutdown"],
          persistent: false,
        },
      ],
    });
  },
};

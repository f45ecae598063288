// The distro has no route to the target.

import { guestCards, linkLocalCard } from "../../../facts/reach/guest-cards.ts";
import { isShownToBeWsl } from "../../../facts/vantage.ts";
import { cause } from "../../cause.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";
import { NO_ADDRESS_OF_WSL } from "../groups.ts";

export const noDefaultRoute = cause({
  id: "no-default-route",
  area: "route",
  title: "The guest has no route to anything beyond its own link",
  segment: "linux-stack",
  severity: "fault",
  direction: "outbound",
  dependsOn: ["route-blocks", "mirrored-routes-lost", ...NO_ADDRESS_OF_WSL],
  ofNameServers: true,
  differentialCauses: ["gateway-unreachable", "dns-server-unreachable"],
  needs: [],
  judge: ({ path, lookups, dns: names }) => {
    const lookup = lookups[0];
    const hasDefault = path.routes?.routes.some((route) => route.prefix.endsWith("/0"));
    if (lookup?.outcome.kind === "route") {
      return rejected(say("hasRoute", { address: lookup.address }), [lookup.id]);
    }
    if (lookup?.outcome.kind === "unknown") {
      const { error } = lookup.outcome;
      return notChecked(say("refused", { error }));
    }
    const noRouteToServers =
      names.configured.length > 0 &&
      names.configured.every(({ status }) => status === "unreachable");
    const hasNoCard = guestCards(path)?.length === 0;
    const leadsNowhere = hasDefault === false && (noRouteToServers || hasNoCard);
    if (lookup === undefined && !leadsNowhere) {
      return hasDefault === true
        ? rejected(say("hasDefault"), path.routes === null ? [] : [path.routes.id])
        : notChecked(say("noAddress"));
    }
    const local = linkLocalCard(path);
    const evidence = [lookup?.id, path.routes?.id].filter((id) => id !== undefined);
    return fires({
      confidence: "exact",
      segment: "linux-stack",
      between: null,
      direction: "outbound",
      summary: say("found", {
        address: lookup?.address ?? null,
        hasNoDefault: hasDefault === false,
        hasNoCard,
        local: local === null ? null : { device: local.device, address: local.address },
      }),
      evidence,
      fixes: isShownToBeWsl(path) ? [RESTART] : [],
    });
  },
});

const RESTART = {
  where: "windows",
  title: say("restart"),
  commands: ["wsl --shutdown"],
  persistent: false,
} as const;

// The distro has no route to the target.

import { cause } from "../../cause.ts";
import { exact } from "../../confidence.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";

export const noDefaultRoute = cause({
  id: "no-default-route",
  area: "route",
  title: "The guest has no route to anything beyond its own link",
  segment: "linux-stack",
  severity: "fault",
  direction: "outbound",
  dependsOn: ["mirrored-routes-lost"],
  ofNameServers: true,
  differentialCauses: ["gateway-unreachable", "dns-server-unreachable"],
  needs: [],
  judge: ({ path, lookups, dns: names }) => {
    const lookup = lookups[0];
    const hasDefault = path.routes?.routes.some((route) => route.prefix.endsWith("/0"));
    if (lookup?.outcome.kind === "route") {
      return rejected(`the kernel has a route to ${lookup.address}`, [lookup.id]);
    }
    const noRouteToServers =
      names.configured.length > 0 &&
      names.configured.every(({ status }) => status === "unreachable");
    if (lookup === undefined && !(noRouteToServers && hasDefault === false)) {
      return hasDefault === true
        ? rejected("there is a default route", path.routes === null ? [] : [path.routes.id])
        : notChecked("no address to look up a route for");
    }
    const evidence = [lookup?.id, path.routes?.id].filter((id) => id !== undefined);
    const what = lookup?.address ?? "any name server";
    return fires({
      confidence: exact(0.97),
      segment: "linux-stack",
      between: null,
      direction: "outbound",
      summary: `the kernel has no route to ${what}${hasDefault === false ? ": there is no default route" : ""}`,
      evidence,
      fixes: [
        {
          where: "windows",
          title: "Restart WSL, which configures the distro's address and routes again",
          commands: ["wsl --shutdown"],
          persistent: false,
        },
      ],
    });
  },
});

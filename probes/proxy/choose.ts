// Which proxy the environment names for the target, reported before anything is sent: the run then follows the path to it.

import {
  type ChosenProxy,
  type ProxyEnvironment,
  proxyFor,
} from "../../src/facts/connection/proxy.ts";
import type { Probe, ProbeContext } from "../../src/probe.ts";
import type { ProxyConfig } from "../../src/schema/events/web.ts";
import { type LookupDeps, lookupAddress } from "./lookup.ts";

export interface ChooseDeps extends LookupDeps {
  readonly environment: ProxyEnvironment;
}

/** Programs send the target's name to these, or its address where they resolve it themselves (curl(1), --proxy); "socks" is 4. */
const RESOLVED_HERE: readonly string[] = ["socks5", "socks4", "socks"];

export function createProxyChoiceProbe(deps: ChooseDeps): Probe {
  return async (context) => {
    const { target } = context.path().run ?? {};
    // These variables are for the web; what else has a proxy (git, ssh) has it from settings of its own.
    if (target === undefined || (target.scheme !== "https" && target.scheme !== "http")) return;
    const { scheme, host } = target;
    const chosen = proxyFor({ scheme, host }, deps.environment);
    if (chosen === null || context.signal.aborted) return;
    const { credentials: _, ...reported } = chosen;
    const followed = await followedWith(deps, context, chosen, host);
    context.emit({ kind: "proxy-config", ...reported, ...followed });
  };
}

type Followed = Pick<ProxyConfig, "through" | "targetAddress">;

/** Empty where the run is about the target itself. */
async function followedWith(
  deps: LookupDeps,
  context: ProbeContext,
  { applies, scheme, problem }: ChosenProxy,
  host: string,
): Promise<Followed> {
  const { command = "path" } = context.path().run ?? {};
  if (command !== "path" || !applies || problem !== undefined) return {};
  if (!RESOLVED_HERE.includes(scheme)) return { through: true };
  // A name that does not resolve here stops such a program before it asks the proxy.
  const targetAddress = await lookupAddress(deps, context, host);
  return targetAddress === null ? {} : { through: true, targetAddress };
}

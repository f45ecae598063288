// The verdict of a run about a service of the distro where no finding decides: who gets through, and what was not seen.

import type { Reached, ServiceFacts } from "../facts/service/service.ts";
import type { Way } from "../facts/service/ways.ts";
import type { Verdict } from "../schema/verdict.ts";

interface Conclusion {
  readonly verdict: Verdict;
  readonly reason: string;
}

export function serviceConclusion(known: ServiceFacts): Conclusion {
  const { from, required, windows, port } = known;
  if (from === "windows") return fromWindows(known);
  const who = from === "lan" ? "LAN" : "VPN";
  const outer = `no machine of the ${who} was at hand to try it from`;
  const seen = {
    yes: `Windows reaches port ${port} by its own address there, and ${outer}`,
    no: `port ${port} does not answer on Windows' own address in the ${who}${windows === "yes" ? ", though Windows reaches it otherwise" : ""}; ${whyNot(known)}`,
    unknown: `Windows' address in the ${who} was not tried (${reasonOf(known.ways)})`,
  } as const satisfies Record<Reached, string>;
  return { verdict: "inconclusive", reason: seen[required] };
}

function fromWindows({ port, windows, localhost, ways, service, here }: ServiceFacts): Conclusion {
  if (windows === "yes") {
    const by = ways.filter(({ state }) => state === "reached").map(({ address }) => address);
    const server = service.own ? "a listener of this run's own" : "the service";
    const rest = localhost === "no" ? "; localhost there does not lead to it" : "";
    return {
      verdict: "healthy",
      reason: `Windows reaches ${server} on port ${port} by ${by.join(", ")}${rest}`,
    };
  }
  if (windows === "no") {
    return {
      verdict: "inconclusive",
      reason: `Windows does not reach port ${port}, and no rule explains why`,
    };
  }
  const tried = `${here.length} connections of the distro to itself were tried, and none from Windows`;
  return { verdict: "inconclusive", reason: `${tried} (${reasonOf(ways)})` };
}

function whyNot({ mode, bound }: ServiceFacts): string {
  if (bound === "nothing") return "nobody listens in the distro";
  return mode === "nat"
    ? "NAT mode forwards nothing from there without a portproxy of Windows"
    : "no rule explains why";
}

function reasonOf(ways: readonly Way[]): string {
  return ways.find(({ detail }) => detail !== null)?.detail ?? "there is none";
}

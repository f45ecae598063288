// Two network cards of the host have equal default routes, and the guest's flows and their replies take different ones.

import type { Facts } from "../../../facts/facts.ts";
import { hostReached } from "../../../host/look-ups.ts";
import { usableRoutes } from "../../../host/routes.ts";
import { defaultRoutes } from "../../../host/topology.ts";
import type { HostSnapshot } from "../../../schema/host-snapshot.ts";
import { cause } from "../../cause.ts";
import { fix, setAdapterMetric } from "../../fixes.ts";
import { meet } from "../../needs/needs.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

export const multipleHostNics = cause({
  id: "multiple-host-nics",
  area: "route",
  title: "Windows has several default routes of equal metric, and the NAT mixes them up",
  segment: "windows-stack",
  severity: "fault",
  direction: null,
  dependsOn: ["vpn-metric-steals-wsl-subnet", "vpn-more-specific-route", "nat-subnet-overlap"],
  differentialCauses: ["upstream-unreachable", "gateway-unreachable"],
  needs: [{ need: "snapshot", reason: "noCardsOfHost" }, "nat"],
  judge: (facts, { snapshot }) => {
    const { path, attempt } = facts;
    const host = path.host === null ? [] : [path.host.id];
    const equal = equalDefaults(snapshot, attempt?.family ?? 4);
    if (equal.adapters.length < 2) return rejected(say("oneIsBetter"), host);
    const failure = meet(facts, "failure");
    return failure.kind === "met" ? fromFailure(facts, equal, failure.value) : failure;
  },
});

/** Nothing beyond the host answers, while the host itself reaches the target as far as it was probed. */
function fromFailure(
  { path, reach, attempt }: Facts,
  { adapters, spare }: EqualDefaults,
  failed: readonly string[],
) {
  const { host } = path;
  if (reach.connect !== "silent" || attempt === undefined || host?.snapshot == null) {
    return rejected(say("reasonReported"), failed);
  }
  const beyond = reach.routers.find(({ ttl }) => ttl > 1) ?? reach.alive;
  if (beyond !== null) return rejected(say("beyondHost"), [beyond.id]);
  if (reach.farthest === null) return notChecked(say("hostSilent"));
  const reached = hostReached(host.snapshot, attempt.address, attempt.port);
  if (reached.known && !reached.ok) {
    return rejected(say("windowsFailsToo"), [host.id]);
  }
  return fires({
    confidence: reached.known ? "inferred" : "candidate",
    segment: "windows-stack",
    between: null,
    direction: null,
    summary: say("found", { adapters, windowsReaches: reached.known }),
    evidence: [host.id, ...failed, reach.farthest.id],
    fixes: spare === null ? [] : [preferFix(spare)],
  });
}

interface Spare {
  readonly name: string;
  readonly ifIndex: number;
}

interface EqualDefaults {
  /** Names of the adapters with the best default route, where several are equally good. */
  readonly adapters: readonly string[];
  /** One that the best of them could do without; null where Windows did not give its number. */
  readonly spare: Spare | null;
}

function equalDefaults(snapshot: HostSnapshot, family: 4 | 6): EqualDefaults {
  const [best, ...others] = defaultRoutes(usableRoutes(snapshot), family);
  if (best === undefined || best.effectiveMetric === null) return { adapters: [], spare: null };
  const equal = others.filter(({ effectiveMetric }) => effectiveMetric === best.effectiveMetric);
  const [spare] = equal.flatMap(({ adapter: { name, ifIndex } }) =>
    ifIndex === null || name === best.adapter.name ? [] : [{ name, ifIndex }],
  );
  const adapters = [...new Set([best, ...equal].map(({ adapter }) => adapter.name))];
  return { adapters, spare: spare ?? null };
}

/** Worse than any metric that Windows gives a card by itself. */
const WORSE_METRIC = 9000;

function preferFix({ name, ifIndex }: Spare) {
  return fix({
    where: "windows-admin",
    title: say("preferOther", { name }),
    commands: [setAdapterMetric(ifIndex, WORSE_METRIC)],
    persistent: true,
  });
}

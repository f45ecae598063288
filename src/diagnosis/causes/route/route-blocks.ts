// A route or a policy rule of the distro refuses the target: its type is blackhole, prohibit or unreachable.

import type { RefusingEntry } from "../../../schema/events/guest.ts";
import { cause } from "../../cause.ts";
import { commandPrefix, commandSelector, commandTable } from "../../command-values.ts";
import { fix } from "../../fixes.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

export const routeBlocks = cause({
  id: "route-blocks",
  area: "route",
  title: "A route or a policy rule of the distro refuses packets to the target",
  segment: "linux-stack",
  severity: "fault",
  direction: "outbound",
  dependsOn: [],
  ofNameServers: true,
  differentialCauses: ["no-default-route", "linux-firewall-in-distro"],
  needs: [],
  judge: ({ lookups, lookup: traced }) => {
    // Of a rule that goes by the port the look-up after the attempt tells.
    const lookup =
      lookups.find(
        ({ address, outcome }) =>
          address === traced?.address &&
          outcome.kind === "no-route" &&
          outcome.refusedBy !== undefined,
      ) ?? traced;
    if (lookup === undefined) return notChecked(say("noAddress"));
    const { id, address, family, outcome } = lookup;
    if (outcome.kind === "route") return rejected(say("hasRoute", { address }), [id]);
    const entries = outcome.kind === "no-route" ? (outcome.refusedBy ?? []) : [];
    const [first, ...others] = entries;
    if (first === undefined) return rejected(say("noneRefuses", { address }), [id]);
    return fires({
      // Several would all refuse it with this error: which one is asked first was not followed.
      confidence: others.length === 0 ? "exact" : "inferred",
      segment: "linux-stack",
      between: null,
      direction: "outbound",
      summary: say("found", { address, entry: first, others: others.length }),
      evidence: [id],
      fixes: entries.flatMap((entry) => deletion(entry, family)),
    });
  },
});

/** The command that deletes just this entry; none where its arguments are not safe to print in one. */
function deletion(entry: RefusingEntry, family: 4 | 6) {
  const args = entry.kind === "route" ? routeArguments(entry) : ruleArguments(entry);
  if (args === null) return [];
  const command = ["sudo", "ip", ...(family === 6 ? ["-6"] : []), ...args].join(" ");
  const title =
    entry.kind === "route" ? say("deleteRoute") : say("deleteRule", { priority: entry.priority });
  return [fix({ where: "linux", title, commands: [command], persistent: false })];
}

function routeArguments({
  type,
  prefix: entryPrefix,
  table: entryTable,
  metric,
}: RefusingEntry & { readonly kind: "route" }) {
  const table = entryTable === null ? null : commandTable(entryTable);
  const prefix = entryPrefix === "default" ? entryPrefix : commandPrefix(entryPrefix);
  if (prefix === null || (entryTable !== null && table === null)) return null;
  return [
    "route",
    "del",
    type,
    prefix,
    ...(metric === null ? [] : ["metric", String(metric)]),
    ...(table === null ? [] : ["table", table]),
  ];
}

function ruleArguments({ type, priority, ...entry }: RefusingEntry & { readonly kind: "rule" }) {
  const selector = commandSelector(entry.selector);
  if (selector === null) return null;
  return ["rule", "del", "priority", String(priority), selector, type];
}

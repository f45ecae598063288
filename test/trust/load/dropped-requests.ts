// Connection requests that the lab's server itself dropped, as nobody took the connections that were waiting: where there are
// any, a run that says so is right.

import { execa } from "execa";
import type { Lab } from "../../../probes/lab/src/lab.ts";
import type { Scenario } from "../../../probes/lab/src/scenarios/scenario.ts";
import type { Report } from "../../../src/schema/report.ts";

const OF_REQUESTS = "new-connections-lost";

/** By the server's kernel, so far. */
export async function droppedRequests({ namespaces }: Lab): Promise<number> {
  const args: string[] = ["netns", "exec", namespaces.server ?? "", "cat", "/proc/net/netstat"];
  const { stdout } = await execa("ip", args);
  const [names = [], values = []] = stdout
    .split("\n")
    .filter((line) => line.startsWith("TcpExt:"))
    .map((line) => line.split(" "));
  return Number(values[names.indexOf("ListenDrops")]);
}

/** The same scenario where the report blames these requests and nothing of the path for it. */
export function withDroppedRequests(scenario: Scenario, report: Report | null): Scenario {
  const blamed = report?.findings.map(({ cause }) => cause) ?? [];
  if (!blamed.includes(OF_REQUESTS) || blamed.includes("path-loss")) return scenario;
  const { expected } = scenario;
  const mayAlso = [...(expected.mayAlso ?? []), OF_REQUESTS];
  const orVerdicts = [...(expected.orVerdicts ?? []), "degraded" as const];
  const negativeFor = scenario.negativeFor.filter((cause) => cause !== OF_REQUESTS);
  return { ...scenario, negativeFor, expected: { ...expected, mayAlso, orVerdicts } };
}

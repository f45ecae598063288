// Starts the lab's own program in the namespaces that need one, and talks to it.

import { TraceError } from "../../src/errors.ts";
import type { Scenario } from "../../src/lab/scenario.ts";
import type { Role } from "../../src/lab/topology.ts";
import type { Certificates } from "./certificates.ts";
import type {
  LabHostAnswer,
  LabHostConfig,
  LabHostRequest,
  ReachRow,
  ResolveRow,
} from "./lab-host-protocol.ts";
import type { LabProcess } from "./lab-system.ts";

/** The roles whose namespace runs a program; the host's tries what Windows would. */
export function programRoles(scenario: Scenario): readonly Role[] {
  const serving = scenario.resolvers
    .filter(({ behaviour }) => behaviour !== "silent")
    .map(({ at }) => at);
  return scenario.topology.roles.filter(
    (role) => role === "host" || role === "server" || serving.includes(role),
  );
}

/** What the program of that role serves. */
export function programConfig(
  scenario: Scenario,
  role: Role,
  certificates: Certificates,
): LabHostConfig {
  const { chain, key } = certificates;
  return {
    dns: scenario.resolvers.flatMap(({ at, addresses, behaviour }) =>
      at !== role || behaviour === "silent" ? [] : [{ addresses, behaviour, zone: scenario.zone }],
    ),
    web: role === "server" ? { chain, key, bodyBytes: scenario.server.bodyBytes } : null,
  };
}

/** Tells the program what to serve and waits until it does. */
export async function configure(
  program: LabProcess,
  role: Role,
  config: LabHostConfig,
): Promise<void> {
  program.write(JSON.stringify(config));
  await nextAnswer(program, role);
}

/** What was really tried from the host. */
export interface Tried {
  readonly resolve: readonly ResolveRow[];
  readonly reach: readonly ReachRow[];
}

/** Resolves and reaches the target from the host as Windows would: NRPT's servers, then the adapters'. */
export async function tryFromHost(program: LabProcess, scenario: Scenario): Promise<Tried> {
  const { target, zone } = scenario;
  const requests: readonly LabHostRequest[] = [
    { try: "resolve", name: target, servers: serversOf(scenario) },
    ...(zone[target] ?? []).map((address) => ({
      try: "reach" as const,
      address,
      port: HTTPS_PORT,
    })),
  ];
  const answers: LabHostAnswer[] = [];
  for (const request of requests) {
    program.write(JSON.stringify(request));
    answers.push(await nextAnswer(program, "host"));
  }
  return {
    resolve: answers.flatMap((answer) => (answer.kind === "resolve" ? [answer.row] : [])),
    reach: answers.flatMap((answer) => (answer.kind === "reach" ? [answer.row] : [])),
  };
}

const HTTPS_PORT = 443;

/** Adapters in the order of their metric; with a rule for every name Windows asks nobody else. */
export function serversOf({ windowsNames, topology, target }: Scenario): readonly string[] {
  const ruled = windowsNames.nrpt.find(({ namespace }) => covers(namespace, target));
  const adapters = [...topology.adapters].sort((a, b) => a.metric - b.metric);
  const own = adapters.flatMap(({ alias }) => windowsNames.adapterServers[alias] ?? []);
  return [...(ruled?.servers ?? []), ...own];
}

function covers(namespace: string, name: string): boolean {
  return namespace === "." || name === namespace || name.endsWith(namespace);
}

async function nextAnswer(program: LabProcess, role: Role): Promise<LabHostAnswer> {
  const { value, done } = await program.lines.next();
  if (done) throw new TraceError("lab-program", `the lab's program in ${role} ended too early`);
  const answer: LabHostAnswer = JSON.parse(value);
  if (answer.kind !== "failed") return answer;
  throw new TraceError("lab-program", `the lab's program in ${role} failed: ${answer.why}`);
}

// Starts the lab's own program in the namespaces that need one, and talks to it.

import { TraceError } from "../../src/errors.ts";
import type { Scenario } from "../../src/lab/scenario.ts";
import type { Role } from "../../src/lab/topology.ts";
import type { Certificates } from "./certificates.ts";
import { type LabHostConfig, type LabHostRequest, labHostAnswer } from "./lab-host-protocol.ts";
import type { LabProcess } from "./lab-system.ts";
import type { Tried } from "./windows-snapshot.ts";

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
      at !== role || behaviour === "silent"
        ? []
        : [{ addresses: [...addresses], behaviour, zone: copyOf(scenario.zone) }],
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

/** Resolves and reaches the target from the host as Windows would: NRPT's servers, then the adapters'. */
export async function tryFromHost(program: LabProcess, scenario: Scenario): Promise<Tried> {
  const { target, zone } = scenario;
  const resolve = await ask(program, {
    try: "resolve",
    name: target,
    servers: serversOf(scenario),
  });
  const reach: Tried["reach"][number][] = [];
  for (const address of zone[target] ?? []) {
    reach.push(await ask(program, { try: "reach", address, port: HTTPS_PORT }));
  }
  return { resolve: [resolve], reach };
}

const HTTPS_PORT = 443;

/** Adapters in the order of their metric; with a rule for every name Windows asks nobody else. */
export function serversOf({ windowsNames, topology, target }: Scenario): string[] {
  const ruled = windowsNames.nrpt.find(({ namespace }) => covers(namespace, target));
  const adapters = [...topology.adapters].sort((a, b) => a.metric - b.metric);
  const own = adapters.flatMap(({ alias }) => windowsNames.adapterServers[alias] ?? []);
  return [...(ruled?.servers ?? []), ...own];
}

function covers(namespace: string, name: string): boolean {
  return namespace === "." || name === namespace || name.endsWith(namespace);
}

async function ask(
  program: LabProcess,
  request: LabHostRequest,
): Promise<Readonly<Record<string, unknown>>> {
  program.write(JSON.stringify(request));
  const answer = await nextAnswer(program, "host");
  return "row" in answer ? answer.row : {};
}

async function nextAnswer(program: LabProcess, role: Role) {
  const { value, done } = await program.lines.next();
  if (done) throw new TraceError("lab-program", `the lab's program in ${role} ended too early`);
  const answer = labHostAnswer.parse(JSON.parse(value));
  if ("failed" in answer) {
    throw new TraceError("lab-program", `the lab's program in ${role} failed: ${answer.failed}`);
  }
  return answer;
}

function copyOf(zone: Scenario["zone"]): Record<string, string[]> {
  return Object.fromEntries(Object.entries(zone).map(([name, all]) => [name, [...all]]));
}

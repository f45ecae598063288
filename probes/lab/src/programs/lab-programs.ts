// Starts the lab's own program in the namespaces that need one, and talks to it.

import { LabError } from "../error.ts";
import type { LabProcess } from "../lab-system.ts";
import type { Scenario } from "../scenarios/scenario.ts";
import type { Role } from "../topology/topology.ts";
import type { Certificates, InspectionCertificates } from "./certificates.ts";
import type {
  LabHostAnswer,
  LabHostConfig,
  LabHostRequest,
  ReachRow,
  ResolveRow,
} from "./lab-host-protocol.ts";

/** The roles whose namespace runs a program; the host's sends the probes that Windows would. */
export function programRoles(scenario: Scenario): readonly Role[] {
  const serving = scenario.resolvers
    .filter(({ behaviour }) => behaviour !== "silent")
    .map(({ at }) => at);
  return scenario.topology.roles.filter(
    (role) =>
      role === "host" ||
      role === "server" ||
      serving.includes(role) ||
      scenario.services.some(({ at }) => at === role),
  );
}

/** What the program of that role serves. */
export function programConfig(
  scenario: Scenario,
  role: Role,
  certificates: ServerCertificates,
): LabHostConfig {
  const { chain, key, inspection } = certificates;
  const { zone, services, server } = scenario;
  return {
    dns: scenario.resolvers.flatMap(
      ({ at, addresses, behaviour, zone: own = zone, quirks = {} }) =>
        at !== role || behaviour === "silent" ? [] : [{ addresses, behaviour, zone: own, quirks }],
    ),
    web:
      role === "server"
        ? { chain, key, bodyBytes: server.bodyBytes, headers: headersOf(scenario) }
        : null,
    services: services.flatMap((service) =>
      service.at === role ? [{ service, zone, certificates: inspection }] : [],
    ),
  };
}

function headersOf({ server }: Scenario): Readonly<Record<string, string>> {
  const { altSvc, clockDaysAhead } = server;
  return {
    ...(altSvc === undefined ? {} : { "alt-svc": altSvc }),
    ...(clockDaysAhead === undefined ? {} : { date: inDays(clockDaysAhead).toUTCString() }),
  };
}

function inDays(days: number): Date {
  return new Date(Date.now() + days * DAY_MS);
}

const DAY_MS = 86_400_000;

/** What a scenario's servers show. */
export interface ServerCertificates extends Certificates {
  readonly inspection: InspectionCertificates;
}

/** Of the server, by its own clock, and of the middlebox that re-signs on the path. */
export async function certificatesFor({
  target,
  server,
  services,
}: Scenario): Promise<ServerCertificates> {
  // Loaded late: only a lab needs it, and meanwhile the kernel is busy.
  const { makeCertificates, makeInspection } = await import("./certificates.ts");
  const inspects = services.some(({ kind }) => kind === "inspector");
  const [own, inspection] = await Promise.all([
    makeCertificates(target, server.flight, inDays(server.certificateDaysAhead ?? 0)),
    inspects ? makeInspection([target, ...OTHER_NAMES], inDays(0)) : {},
  ]);
  return { ...own, inspection };
}

/** The middlebox re-signs for every name; the tool probes these beside the target's. */
const OTHER_NAMES = ["example.com", "example.org"];

/** Sends the program its configuration and waits until it serves. */
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
export async function probeFromHost(program: LabProcess, scenario: Scenario): Promise<Tried> {
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

/** Adapters in the order of their metric; with a rule for every name Windows queries no other server. */
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
  if (done) throw new LabError("lab-program", `the lab's program in ${role} ended too early`);
  const answer: LabHostAnswer = JSON.parse(value);
  if (answer.kind !== "failed") return answer;
  throw new LabError("lab-program", `the lab's program in ${role} failed: ${answer.why}`);
}

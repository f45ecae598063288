// Builds one lab, step by step, registering beforehand how each step is undone.

import PQueue from "p-queue";
import { CANNOT_RUN, LabError, messageOf } from "../error.ts";
import type { LabProcess, LabSystem } from "../lab-system.ts";
import {
  configure,
  programConfig,
  programRoles,
  type ServerCertificates,
} from "../programs/lab-programs.ts";
import type { Scenario } from "../scenarios/scenario.ts";
import type { LinkEnd, Role, Tunnel } from "../topology/topology.ts";
import {
  endsOf,
  linkBatch,
  type Namespaces,
  namespaceBatch,
  plainTunnelBatch,
  roleBatch,
} from "./ip-batch.ts";
import { APPLY_SETTINGS, settingsFor } from "./kernel-settings.ts";
import { type Command, inNamespace } from "./namespace.ts";
import { nftRules } from "./nft-rules.ts";
import { connectWireguard, renameBatch, startWireguard, whyNoWireguard } from "./wireguard.ts";

export type TunnelKind = "wireguard-go" | "plain" | "none";

export interface Construction {
  readonly system: LabSystem;
  readonly scenario: Scenario;
  readonly namespaces: Namespaces;
  readonly labHost: Command;
  readonly signal: AbortSignal;
  /** Gets what is being made from now on. */
  readonly begin: (what: string) => void;
  /** Notified of every program as soon as it runs. */
  readonly started: (program: LabProcess, socket: string | null) => void;
}

export interface Built {
  readonly tunnel: TunnelKind;
  /** Why there is no real VPN; null when there is one, or none is wanted. */
  readonly tunnelReason: string | null;
  /** PEM of the root of the server's certificate. */
  readonly ca: string;
  readonly programs: ReadonlyMap<Role, LabProcess>;
}

/** Two cores are the least that people have; more programs at once only wait for the kernel's locks. */
const CONCURRENCY = 4;

/** The whole network with its servers; the caller removes it, also when this throws. */
export async function buildNetwork(
  construction: Construction,
  makeCertificates: () => Promise<ServerCertificates>,
): Promise<Built> {
  const { scenario, namespaces } = construction;
  const { topology } = scenario;
  const { begin } = construction;
  begin("namespaces, and a program in each");
  await ip(construction, [], namespaceBatch(namespaces), "create the namespaces");
  const programs = startPrograms(construction);
  const certificates = makeCertificates();
  // Whoever stops before they are awaited must not leave their failure unhandled.
  certificates.catch(() => undefined);
  await eachRole(construction, (role) => applySettings(construction, role));
  begin("links, and the VPN where there is one");
  const [tunnel] = await Promise.all([
    makeTunnel(construction),
    ip(construction, [], linkBatch(topology, namespaces), "create the links"),
  ]);
  construction.signal.throwIfAborted();
  begin("addresses, routes and filters");
  await eachRole(construction, (role) => setUp(construction, role));
  construction.signal.throwIfAborted();
  begin("servers");
  await connectTunnel(construction, tunnel.tunnel);
  const made = await certificates;
  await Promise.all(
    [...programs].map(([role, program]) =>
      configure(program, role, programConfig(scenario, role, made)),
    ),
  );
  return { ...tunnel, programs, ca: made.ca };
}

function startPrograms(construction: Construction): ReadonlyMap<Role, LabProcess> {
  const { file, args } = construction.labHost;
  return new Map(
    programRoles(construction.scenario).map((role) => {
      const inside = inNamespace(nameOf(construction, role), [file, ...args]);
      const program = construction.system.start(inside.file, inside.args);
      construction.started(program, null);
      return [role, program];
    }),
  );
}

async function applySettings(construction: Construction, role: Role): Promise<void> {
  const input = settingsFor(construction.scenario, role);
  await inside(construction, role, APPLY_SETTINGS, input, `set the kernel up in ${role}`);
}

// Fixed text: what varies comes as arguments. One program per role, for a fork of ours costs more
// than all that these do. Offloads go off, or size rules would see bundles of segments, not packets.
const SET_UP = [
  "sh",
  "-ec",
  `printf %s "$1" | ip -batch -
[ -z "$2" ] || printf %s "$2" | ip -6 -batch -
[ -z "$3" ] || printf %s "$3" | nft -f -
[ -z "$4" ] || printf %s "$4" | tc -batch -
shift 4
for name; do ethtool -K "$name" tso off gso off gro off; done`,
  "sh",
] as const;

async function setUp(construction: Construction, role: Role): Promise<void> {
  const { topology } = construction.scenario;
  const interfaces = endsOf(topology, role).map((end) => end.interface);
  const cut = construction.scenario.faults.flatMap((fault) =>
    fault.kind === "link-down" && fault.at === role ? [fault.interface] : [],
  );
  const own = (family: 6 | undefined) =>
    construction.scenario.faults
      .flatMap((fault) =>
        fault.kind === "ip" && fault.at === role && fault.family === family ? fault.lines : [],
      )
      .map((line) => `${line}\n`)
      .join("");
  const argv = [
    ...SET_UP,
    `${roleBatch(topology, role, cut)}${own(undefined)}`,
    own(6),
    nftRules(construction.scenario, role),
    slowBatch(construction.scenario, role),
    ...interfaces,
  ];
  await inside(construction, role, argv, "", `set up ${role}`);
}

/** What a queue may hold before it drops, in tc's words: long enough that nothing of a sweep is lost. */
const QUEUE = "burst 3000 latency 3s";

function slowBatch({ faults }: Scenario, role: Role): string {
  return faults
    .flatMap((fault) => (fault.kind === "slow" && fault.at === role ? [fault] : []))
    .map((slow) => `qdisc add dev ${slow.interface} root tbf rate ${slow.rate} ${QUEUE}\n`)
    .join("");
}

async function makeTunnel(
  construction: Construction,
): Promise<Pick<Built, "tunnel" | "tunnelReason">> {
  const { system, scenario, namespaces } = construction;
  const { tunnel } = scenario.topology;
  if (tunnel === null) return { tunnel: "none", tunnelReason: null };
  const reason = (await whyNoWireguard(system)) ?? (await realTunnel(construction, tunnel));
  if (reason === null) return { tunnel: "wireguard-go", tunnelReason: null };
  await ip(construction, [], plainTunnelBatch(tunnel, namespaces), "create the plain tunnel");
  return { tunnel: "plain", tunnelReason: reason };
}

/** Why it could not be made; null when it was. */
async function realTunnel(construction: Construction, tunnel: Tunnel): Promise<string | null> {
  const programs: LabProcess[] = [];
  const make = async (end: LinkEnd) => {
    const name = nameOf(construction, end.role);
    await startWireguard(construction.system, name, (program, socket) => {
      programs.push(program);
      construction.started(program, socket);
    });
    await ip(construction, ["-n", name], renameBatch(tunnel, end, name), "name the tunnel");
  };
  const made = await Promise.allSettled([make(tunnel.client), make(tunnel.gateway)]);
  const failed = made.find((result) => result.status === "rejected");
  if (failed === undefined) return null;
  await Promise.all(programs.map((program) => program.stop()));
  return messageOf(failed.reason);
}

async function connectTunnel(construction: Construction, kind: TunnelKind): Promise<void> {
  const { tunnel } = construction.scenario.topology;
  if (kind !== "wireguard-go" || tunnel === null) return;
  await connectWireguard(construction.system, tunnel, ({ role }) => nameOf(construction, role));
}

async function eachRole(
  construction: Construction,
  work: (role: Role) => Promise<void>,
): Promise<void> {
  construction.signal.throwIfAborted();
  const queue = new PQueue({ concurrency: CONCURRENCY });
  await queue.addAll(construction.scenario.topology.roles.map((role) => () => work(role)));
}

async function inside(
  construction: Construction,
  role: Role,
  argv: readonly string[],
  input: string,
  what: string,
): Promise<void> {
  await must(construction, inNamespace(nameOf(construction, role), argv), input, what);
}

function ip(
  construction: Construction,
  options: readonly string[],
  batch: string,
  what: string,
): Promise<void> {
  return must(construction, { file: "ip", args: [...options, "-batch", "-"] }, batch, what);
}

async function must(
  construction: Construction,
  { file, args }: Command,
  input: string,
  what: string,
) {
  const { exitCode, stderr } = await construction.system.run(file, args, { input });
  if (exitCode === 0) return;
  const why = stderr.trim().split("\n", 1)[0] ?? "";
  throw new LabError("lab-build", `the lab could not ${what}: ${why}`, CANNOT_RUN);
}

function nameOf({ namespaces }: Construction, role: Role): string {
  const name = namespaces[role];
  if (name === undefined) throw new LabError("lab-build", `the lab has no ${role}`);
  return name;
}

// Builds one lab, step by step, registering beforehand how each step is undone.

import PQueue from "p-queue";
import { messageOf, TraceError } from "../../src/errors.ts";
import type { Scenario } from "../../src/lab/scenario.ts";
import type { LinkEnd, Role, Tunnel } from "../../src/lab/topology.ts";
import {
  endsOf,
  linkBatch,
  type Namespaces,
  namespaceBatch,
  plainTunnelBatch,
  roleBatch,
} from "./ip-batch.ts";
import { APPLY_SETTINGS, settingsFor } from "./kernel-settings.ts";
import { configure, programConfig, programRoles, type ServerCertificates } from "./lab-programs.ts";
import type { LabProcess, LabSystem } from "./lab-system.ts";
import { type Command, inNamespace } from "./namespace.ts";
import { nftRules } from "./nft-rules.ts";
import { connectWireguard, renameBatch, startWireguard, whyNoWireguard } from "./wireguard.ts";

export type TunnelKind = "wireguard-go" | "plain" | "none";

export interface Server {
  readonly system: LabSystem;
  readonly scenario: Scenario;
  readonly namespaces: Namespaces;
  readonly labHost: Command;
  readonly signal: AbortSignal;
  /** Told of every program as soon as it runs. */
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
  site: Server,
  makeCertificates: () => Promise<ServerCertificates>,
): Promise<Built> {
  const { scenario, namespaces } = site;
  const { topology } = scenario;
  await ip(site, [], namespaceBatch(namespaces), "create the namespaces");
  const programs = startPrograms(site);
  const certificates = makeCertificates();
  // Whoever stops before they are awaited must not leave their failure unhandled.
  certificates.catch(() => undefined);
  await eachRole(site, (role) => applySettings(site, role));
  const [tunnel] = await Promise.all([
    makeTunnel(site),
    ip(site, [], linkBatch(topology, namespaces), "create the links"),
  ]);
  site.signal.throwIfAborted();
  await eachRole(site, (role) => setUp(site, role));
  site.signal.throwIfAborted();
  await connectTunnel(site, tunnel.tunnel);
  const made = await certificates;
  await Promise.all(
    [...programs].map(([role, program]) =>
      configure(program, role, programConfig(scenario, role, made)),
    ),
  );
  return { ...tunnel, programs, ca: made.ca };
}

function startPrograms(site: Server): ReadonlyMap<Role, LabProcess> {
  const { file, args } = site.labHost;
  return new Map(
    programRoles(site.scenario).map((role) => {
      const inside = inNamespace(nameOf(site, role), [file, ...args]);
      const program = site.system.start(inside.file, inside.args);
      site.started(program, null);
      return [role, program];
    }),
  );
}

async function applySettings(site: Server, role: Role): Promise<void> {
  const input = settingsFor(site.scenario, role);
  await inside(site, role, APPLY_SETTINGS, input, `set the kernel up in ${role}`);
}

// Fixed text: what varies comes as arguments. One program per role, for a fork of ours costs more
// than all that these do. Offloads go off, or size rules would see bundles of segments, not packets.
const SET_UP = [
  "sh",
  "-ec",
  `printf %s "$1" | ip -batch -
[ -z "$2" ] || printf %s "$2" | nft -f -
[ -z "$3" ] || printf %s "$3" | tc -batch -
shift 3
for name; do ethtool -K "$name" tso off gso off gro off; done`,
  "sh",
] as const;

async function setUp(site: Server, role: Role): Promise<void> {
  const { topology } = site.scenario;
  const interfaces = endsOf(topology, role).map((end) => end.interface);
  const cut = site.scenario.faults.flatMap((fault) =>
    fault.kind === "link-down" && fault.at === role ? [fault.interface] : [],
  );
  const own = site.scenario.faults.flatMap((fault) =>
    fault.kind === "ip" && fault.at === role ? fault.lines : [],
  );
  const argv = [
    ...SET_UP,
    `${roleBatch(topology, role, cut)}${own.map((line) => `${line}\n`).join("")}`,
    nftRules(site.scenario, role),
    slowBatch(site.scenario, role),
    ...interfaces,
  ];
  await inside(site, role, argv, "", `set up ${role}`);
}

/** What a queue may hold before it drops, in tc's words: long enough that nothing of a sweep is lost. */
const QUEUE = "burst 3000 latency 3s";

function slowBatch({ faults }: Scenario, role: Role): string {
  return faults
    .flatMap((fault) => (fault.kind === "slow" && fault.at === role ? [fault] : []))
    .map((slow) => `qdisc add dev ${slow.interface} root tbf rate ${slow.rate} ${QUEUE}\n`)
    .join("");
}

async function makeTunnel(site: Server): Promise<Pick<Built, "tunnel" | "tunnelReason">> {
  const { system, scenario, namespaces } = site;
  const { tunnel } = scenario.topology;
  if (tunnel === null) return { tunnel: "none", tunnelReason: null };
  const reason = (await whyNoWireguard(system)) ?? (await realTunnel(site, tunnel));
  if (reason === null) return { tunnel: "wireguard-go", tunnelReason: null };
  await ip(site, [], plainTunnelBatch(tunnel, namespaces), "create the plain tunnel");
  return { tunnel: "plain", tunnelReason: reason };
}

/** Why it could not be made; null when it was. */
async function realTunnel(site: Server, tunnel: Tunnel): Promise<string | null> {
  const programs: LabProcess[] = [];
  const make = async (end: LinkEnd) => {
    const name = nameOf(site, end.role);
    await startWireguard(site.system, name, (program, socket) => {
      programs.push(program);
      site.started(program, socket);
    });
    await ip(site, ["-n", name], renameBatch(tunnel, end, name), "name the tunnel");
  };
  const made = await Promise.allSettled([make(tunnel.client), make(tunnel.gateway)]);
  const failed = made.find((result) => result.status === "rejected");
  if (failed === undefined) return null;
  await Promise.all(programs.map((program) => program.stop()));
  return messageOf(failed.reason);
}

async function connectTunnel(site: Server, kind: TunnelKind): Promise<void> {
  const { tunnel } = site.scenario.topology;
  if (kind !== "wireguard-go" || tunnel === null) return;
  await connectWireguard(site.system, tunnel, ({ role }) => nameOf(site, role));
}

async function eachRole(site: Server, work: (role: Role) => Promise<void>): Promise<void> {
  site.signal.throwIfAborted();
  const queue = new PQueue({ concurrency: CONCURRENCY });
  await queue.addAll(site.scenario.topology.roles.map((role) => () => work(role)));
}

async function inside(
  site: Server,
  role: Role,
  argv: readonly string[],
  input: string,
  what: string,
): Promise<void> {
  await must(site, inNamespace(nameOf(site, role), argv), input, what);
}

function ip(site: Server, options: readonly string[], batch: string, what: string): Promise<void> {
  return must(site, { file: "ip", args: [...options, "-batch", "-"] }, batch, what);
}

async function must(site: Server, { file, args }: Command, input: string, what: string) {
  const { exitCode, stderr } = await site.system.run(file, args, { input });
  if (exitCode === 0) return;
  const why = stderr.trim().split("\n", 1)[0] ?? "";
  throw new TraceError("lab-build", `the lab could not ${what}: ${why}`, { exitCode: 3 });
}

function nameOf({ namespaces }: Server, role: Role): string {
  const name = namespaces[role];
  if (name === undefined) throw new TraceError("lab-build", `the lab has no ${role}`);
  return name;
}

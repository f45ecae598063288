// Who serves the run's port here, and who reaches it: this distro itself, then Windows, with a listener of our own where there is none.

import { connect } from "node:net";
import { distroAddresses, waysFromWindows } from "../../src/facts/service/addresses.ts";
import { stoppedAtDistro, waysOf } from "../../src/facts/service/ways.ts";
import type { HostProbes, ProbeContext } from "../../src/probe.ts";
import type { InboundAttempt, InboundTrial } from "../../src/schema/events/inbound.ts";
import { readTcpTable, type TcpRow } from "../linux/tcp-table.ts";
import type { System } from "../system.ts";
import { readForwards } from "./forwards.ts";
import { listen } from "./own-listener.ts";
import { undeliveredPackets } from "./undelivered.ts";

/** On this very machine an answer takes no time at all, or never comes. */
const OWN_LIMIT_MS = 1000;
/** WSL looks for new listeners of the distro about once a second, and only then listens on Windows. */
const FORWARDING_MS = 2500;
/** The length of a control, about that of a try that Windows gives up. */
const CONTROL_MS = 1500;
/** Windows may retry a refused connection for two seconds: a look in the middle finds what is half open. */
const LOOK_AFTER_MS = 600;
/** Silent and refused alike are tried so often, each beside a control. */
const TRIALS = 2;
const MOST_OTHER_PORTS = 12;

/** Emits `inbound-service` first; never leaves its listener behind. */
export function createInboundProbe(system: System) {
  return async (context: ProbeContext, host: HostProbes): Promise<void> => {
    const { path, signal } = context;
    const port = path().run?.target.port;
    if (port === undefined) return;
    const own = await readService(system, context, port);
    try {
      await tryFromHere(context, port);
      if (signal.aborted) return;
      await tryFromWindows(context, host, own !== null);
      await countTrials(system, context, host);
      await own?.settled();
    } finally {
      own?.close();
    }
  };
}

/** Reports who serves the port; the listener that is opened where nobody does, else null. */
async function readService(system: System, { emit }: ProbeContext, port: number) {
  const [rows, forwards] = await Promise.all([readTcpTable(system), readForwards(system, port)]);
  const listening = rows?.filter(({ state }) => state === "listening") ?? null;
  const serving = listening?.filter((row) => row.port === port) ?? null;
  const isFree = serving?.length === 0 && (forwards ?? []).length === 0;
  const own = isFree
    ? await listen(port, (from, to) => emit({ kind: "inbound-arrival", from, to }))
    : null;
  const listener = own?.kind === "listening" ? own : null;
  emit({
    kind: "inbound-service",
    port,
    listeners: serving === null ? null : unique(serving),
    otherPorts: otherPorts(listening ?? [], port),
    own: listener !== null,
    ownError: own?.kind === "failed" ? own.error : null,
    forwards: forwards === null ? null : [...forwards],
  });
  return listener;
}

function unique(rows: readonly TcpRow[]) {
  const seen = new Map(rows.map(({ family, address }) => [address, { family, address }]));
  return [...seen.values()];
}

function otherPorts(rows: readonly TcpRow[], port: number): number[] {
  const ports = new Set(rows.map((row) => row.port).filter((one) => one !== port));
  return [...ports].sort((a, b) => a - b).slice(0, MOST_OTHER_PORTS);
}

async function tryFromHere({ path, emit, clock }: ProbeContext, port: number): Promise<void> {
  const addresses = ["127.0.0.1", "::1", ...distroAddresses(path())];
  const ends = addresses.map(async (address) => {
    const began = clock.now();
    const end = await connectOnce(address, port);
    emit({ kind: "inbound-attempt", address, ...end, tookMs: clock.now() - began });
  });
  await Promise.all(ends);
}

type End = Pick<InboundAttempt, "outcome" | "error">;

function connectOnce(host: string, port: number): Promise<End> {
  return new Promise((done) => {
    const socket = connect({ host, port, timeout: OWN_LIMIT_MS });
    const end = (outcome: End["outcome"], error: string | null) => {
      socket.destroy();
      done({ outcome, error });
    };
    socket.once("connect", () => end("connected", null));
    socket.once("timeout", () => end("no-reply", null));
    socket.on("error", (error) => {
      const code = "code" in error ? String(error.code) : error.message;
      end(code === "ECONNREFUSED" ? "refused" : "failed", code);
    });
  });
}

async function tryFromWindows(
  { path, clock, signal }: ProbeContext,
  host: HostProbes,
  isOwn: boolean,
): Promise<void> {
  await host.reach(waysFromWindows(path()).map(({ address }) => address));
  const localhost = waysOf(path()).filter(({ kind }) => kind === "windows-localhost");
  const isTried = localhost.some(({ state }) => state !== "unknown");
  if (!isOwn || !isTried || localhost.some(({ state }) => state === "reached")) return;
  if (signal.aborted) return;
  // A listener that is this new may not have been seen.
  await clock.sleep(FORWARDING_MS);
  await host.reach(["127.0.0.1"]);
}

/** Only where Windows does not get through to an address that the service listens on. */
async function countTrials(system: System, context: ProbeContext, host: HostProbes): Promise<void> {
  const { path, emit, clock, signal } = context;
  const address = stoppedAtDistro(path());
  const port = path().run?.target.port;
  if (address === null || port === undefined) return;
  const family = address.includes(":") ? 6 : 4;
  const trials: InboundTrial[] = [];
  const countOne = async (tried: boolean, work: () => Promise<void>) => {
    const before = await undeliveredPackets(system, family);
    const ended = work();
    await clock.sleep(LOOK_AFTER_MS);
    const rows = await readTcpTable(system);
    await ended;
    const after = await undeliveredPackets(system, family);
    const half = rows?.filter((row) => row.state === "half-open" && row.port === port);
    trials.push({
      tried,
      undelivered: before === null || after === null ? null : Math.max(0, after - before),
      halfOpen: half?.length ?? null,
    });
  };
  for (let n = 0; n < TRIALS && !signal.aborted; n += 1) {
    await countOne(true, () => host.reach([address]));
    await countOne(false, () => clock.sleep(CONTROL_MS));
  }
  if (!signal.aborted) emit({ kind: "inbound-count", address, trials });
}

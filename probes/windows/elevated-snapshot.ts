// `host --elevated`: the ordinary snapshot, and what one elevated PowerShell reads beside it where the user agrees.

import { randomUUID } from "node:crypto";
import type { HostSnapshot } from "../../src/schema/host-snapshot.ts";
import { interopState } from "../linux/interop.ts";
import { ASK_FOLDER, elevatedCommand, promptScript, type Unread } from "./elevated-script.ts";
import { byPowerShell, collectHost, type HostAnswer } from "./host.ts";
import type { PowerShellAnswer } from "./powershell.ts";
import type { WindowsDeps } from "./windows-deps.ts";

/** Long enough for somebody to read the prompt, and then for all to be read. */
const PROMPT_MS = 300_000;

export interface ElevatedDeps extends WindowsDeps {
  /** The text of collect-elevated.ps1. */
  readElevatedPart(): Promise<string>;
  /** Addresses of this distro, loopback's left out. */
  readonly guests: readonly string[];
  /** Says that the prompt comes now. */
  announce(): void;
  /** For the prompt; a test gives less. */
  readonly promptMs?: number;
}

/** Never rejects; the ordinary snapshot is read first, and nobody is asked where that is not to be had. */
export async function collectElevated(
  deps: ElevatedDeps,
  signal: AbortSignal,
): Promise<HostAnswer> {
  const ordinary = await collectHost(deps, [], signal);
  if (ordinary.kind === "none" || ordinary.note !== null) return ordinary;
  const interop = await interopState(deps.system);
  const run = (script: string, timeoutMs?: number) =>
    byPowerShell(
      {
        ...deps,
        readScript: async () => script,
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
      },
      interop,
      [],
      signal,
    );
  const asked = await run(ASK_FOLDER);
  if (asked.kind === "failed") return none(asked.code, asked.reason);
  const folder = folderOf(asked.snapshot);
  if (folder === null) return none("host-no-folder", "Windows names no folder of the user's");
  const file = `${folder}\\wsl-trace-${randomUUID()}.json`;
  const collector = await deps.readScript();
  const part = await deps.readElevatedPart();
  const command = elevatedCommand({ collector, part, file, guests: deps.guests });
  if (command === null) {
    return none("host-too-long", "the script has no room on the command line of Windows");
  }
  deps.announce();
  const elevated = await run(promptScript(command, file), deps.promptMs ?? PROMPT_MS);
  if (elevated.kind === "failed") return none(elevated.code, reasonOf(elevated, file));
  const unread = elevated.snapshot.unread;
  if (isUnread(unread)) return none(`host-${unread}`, UNREAD[unread]);
  const read = await withCounted(elevated.snapshot);
  return { kind: "snapshot", snapshot: joined(ordinary.snapshot, read), note: null };
}

const UNREAD: Readonly<Record<Unread, string>> = {
  refused:
    "nobody agreed to Windows' prompt for an administrator, or policy shows none: agree to it, or leave --elevated out",
  "nothing-written":
    "the elevated PowerShell ended and wrote nothing, as where it was closed or a policy stopped its script: try again, or leave --elevated out",
};

function isUnread(value: unknown): value is Unread {
  return typeof value === "string" && Object.hasOwn(UNREAD, value);
}

function reasonOf({ code, reason }: Extract<PowerShellAnswer, { kind: "failed" }>, file: string) {
  return code === "host-timeout"
    ? `${reason}: Windows' prompt may still be open; refuse it, and where ${file} is written later, delete it`
    : reason;
}

function none(code: string, reason: string): HostAnswer {
  return { kind: "none", code, reason };
}

/** Null where it is no folder of a drive or a share. */
function folderOf({ sources }: HostSnapshot): string | null {
  const units = Array.isArray(sources.folder) ? sources.folder : [];
  const folder = String.fromCharCode(...units.filter((one) => Number.isInteger(one)));
  return /^([A-Za-z]:\\|\\\\[^\\])/.test(folder) ? folder.replace(/\\+$/, "") : null;
}

/** What an administrator could not read either leaves what the user did. */
function joined(ordinary: HostSnapshot, elevated: HostSnapshot): HostSnapshot {
  const read = Object.entries(elevated.sources).filter(
    ([name, value]) => !(isError(value) && name in ordinary.sources),
  );
  const sources = { ...ordinary.sources, ...Object.fromEntries(read) };
  return { ...ordinary, elevated: elevated.elevated, sources };
}

function isError(value: unknown): boolean {
  return typeof value === "object" && value !== null && "error" in value;
}

/** With what pktmon printed as rows. */
async function withCounted(snapshot: HostSnapshot): Promise<HostSnapshot> {
  const { pktmon } = snapshot.sources;
  if (typeof pktmon !== "string") return snapshot;
  const { readCounters } = await import("./pktmon.ts");
  const read = readCounters(pktmon);
  const rows = read.kind === "unread" ? { error: read.problem } : read.components;
  return { ...snapshot, sources: { ...snapshot.sources, pktmon: rows } };
}

// Where ssh would connect to for the target: HostName, Port, ProxyJump and ProxyCommand of its files, which ssh itself reads
// (ssh -G, OpenSSH 6.8); nothing is sent.

import type { Probe } from "../../src/probe.ts";
import type { Target } from "../../src/schema/events/run.ts";
import { parseHost } from "../../src/target-host.ts";
import type { RunBounded } from "../windows/run-bounded.ts";

const TIMEOUT_MS = 2000;
const MAX_BYTES = 65_536;
/** A host to jump from may have one of its own. */
const MAX_JUMPS = 4;
/** ssh's own default. */
const SSH_PORT = 22;

interface Destination {
  /** Null: whoever ssh takes. */
  readonly user: string | null;
  readonly host: string;
  /** Null: as the files have it. */
  readonly port: number | null;
}

interface Settings {
  readonly host: string;
  readonly port: number;
  readonly jump: string | null;
  readonly command: boolean;
}

export function createSshSettingsProbe(run: RunBounded): Probe {
  return async ({ path, emit, signal }) => {
    const target = path().run?.target;
    if (target?.scheme !== "ssh") return;
    const named = destinationOf(target);
    const own = await read(run, named, signal);
    if (own === null || signal.aborted) return;
    const isAsNamed = own.host === target.host && own.port === target.port;
    if (isAsNamed && own.jump === null && !own.command) return;
    const first = await firstJump(run, own, signal);
    const { host, port } = first ?? own;
    emit({ kind: "ssh-settings", host, port, jump: own.jump, command: own.command });
  };
}

function destinationOf({ input, host, port, portOrigin }: Target): Destination {
  const user = /^(?:[a-z+]+:\/\/)?([^@/:\s]+)@/i.exec(input.trim())?.[1] ?? null;
  return { user, host, port: portOrigin === "user" ? port : null };
}

/** Null where nothing is jumped from, or nobody can tell. */
async function firstJump(
  run: RunBounded,
  own: Settings,
  signal: AbortSignal,
): Promise<Settings | null> {
  let at: Settings | null = null;
  let next = own.jump;
  for (let jumps = 0; next !== null && jumps < MAX_JUMPS; jumps++) {
    const to = readJump(next);
    at = to === null ? null : await read(run, to, signal);
    next = at?.jump ?? null;
  }
  return at;
}

/** The first of "[user@]host[:port]", or of URLs, with commas between (ssh_config(5), ProxyJump). */
function readJump(text: string): Destination | null {
  const first = text.split(",", 1)[0]?.replace(/^ssh:\/\//i, "") ?? "";
  const [, user, bracketed, bare, port] =
    /^(?:([^@\s]+)@)?(?:\[([^\]]+)\]|([^:\s/]+))(?::(\d{1,5}))?\/?$/.exec(first) ?? [];
  const host = bracketed ?? bare;
  if (host === undefined) return null;
  return { user: user ?? null, host, port: port === undefined ? null : Number(port) };
}

async function read(
  run: RunBounded,
  { user, host, port }: Destination,
  signal: AbortSignal,
): Promise<Settings | null> {
  const to = user === null ? host : `${user}@${host}`;
  const ports = port === null ? [] : ["-p", String(port)];
  const { end, stdout } = await run({
    file: "ssh",
    args: ["-G", ...ports, "--", to],
    timeoutMs: TIMEOUT_MS,
    maxBytes: MAX_BYTES,
    signal,
  });
  if (end.kind !== "exited" || end.exitCode !== 0) return null;
  return readSettings(Buffer.from(stdout).toString("utf8"));
}

/** Lines of "name value", names in small letters; null where there is no host in them. */
export function readSettings(text: string): Settings | null {
  const setting = (keyword: string) =>
    text
      .split("\n")
      .find((line) => line.startsWith(`${keyword} `))
      ?.slice(keyword.length + 1)
      .trim();
  const host = hostOf(setting("hostname") ?? "");
  const port = Number(setting("port") ?? SSH_PORT);
  if (host === null || !Number.isInteger(port) || port < 1 || port > 65_535) return null;
  return {
    host,
    port,
    jump: unlessNone(setting("proxyjump")),
    command: unlessNone(setting("proxycommand")) !== null,
  };
}

function unlessNone(value: string | undefined): string | null {
  return value === undefined || value.toLowerCase() === "none" ? null : value;
}

function hostOf(text: string): string | null {
  try {
    return parseHost(text, text);
  } catch {
    return null;
  }
}

// What a program was told to reach, as far as its command line says it: what a connection's address is called.

import type { Target } from "../schema/events/run.ts";
import { parseTarget } from "../target.ts";

/** Programs whose arguments without a scheme are hosts of SSH (ssh(1), scp(1), rsync(1), git-clone(1)). */
const SSH_PROGRAMS = ["ssh", "scp", "sftp", "rsync", "git", "autossh", "mosh"];
/** Programs that take a bare host for one of HTTP. */
const WEB_PROGRAMS = ["curl", "wget", "http", "https"];
/** Options of ssh(1) whose value comes as an argument of its own. */
const WITH_VALUE = /^-[bcDEeFIiJLlmOoPpQRSWw]$/;
const URL_PATTERN =
  /\b(?:https?|ssh|git|ftp|smtps?|imaps?|pop3s?|postgres(?:ql)?|mysql):\/\/[^\s"'<>]+/gi;
const REMOTE = /^[\w.+-]+@(?:\[[0-9a-f:]+\]|[\w.-]+)(?::(?!\/\/).*)?$/i;
const HOST = /^(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?\.)+[a-z0-9-]{2,}(?::\d{1,5})?(?:\/.*)?$/i;
/** Beyond, nobody typed them one by one. */
const MOST = 16;

/**
 * Targets in the order in which they are worth a try, without users, passwords and queries.
 * @param commandLines each with the program first
 */
export function targetsIn(commandLines: readonly (readonly string[])[]): readonly Target[] {
  const found = commandLines.flatMap(([program = "", ...args]) => [
    ...args.flatMap(urlsIn),
    ...remotesIn(nameOf(program), args),
  ]);
  const targets = [...new Set(found)].flatMap((text) => targetOf(text) ?? []);
  const keys = new Map(
    targets.map((target) => [`${target.scheme} ${target.host}:${target.port}`, target]),
  );
  return [...keys.values()].slice(0, MOST);
}

function nameOf(program: string): string {
  return program.replace(/^.*\//, "");
}

function urlsIn(argument: string): readonly string[] {
  return (argument.match(URL_PATTERN) ?? []).map(withoutSecrets);
}

/** A password has no place in a trace, and neither has what stands behind a question mark. */
function withoutSecrets(url: string): string {
  return url.replace(/^([^:]+:\/\/)[^/@]*@/, "$1").replace(/[?#].*$/s, "");
}

function remotesIn(program: string, args: readonly string[]): readonly string[] {
  if (WEB_PROGRAMS.includes(program))
    return args.filter((one) => HOST.test(one)).map((one) => `http://${one}`);
  if (!SSH_PROGRAMS.includes(program)) return [];
  const remotes = args.filter((one) => REMOTE.test(one)).map(ofRemote);
  const isBare = remotes.length === 0 && program === "ssh";
  return isBare ? bareHost(args) : remotes.map((host) => `ssh://${host}${portIn(args)}`);
}

function ofRemote(remote: string): string {
  const [, host = ""] = /@(\[[^\]]*\]|[^:]*)/.exec(remote) ?? [];
  return host;
}

/** The first argument that is no option, nor an option's value. */
function bareHost(args: readonly string[]): readonly string[] {
  const host = args.find((one, n) => !one.startsWith("-") && !WITH_VALUE.test(args[n - 1] ?? ""));
  return host === undefined || host.includes("/") ? [] : [`ssh://${host}${portIn(args)}`];
}

function portIn(args: readonly string[]): string {
  const at = args.findIndex((one) => one === "-p" || one === "-P");
  const port = at === -1 ? "" : (args[at + 1] ?? "");
  return /^\d{1,5}$/.test(port) ? `:${port}` : "";
}

function targetOf(text: string): Target | null {
  try {
    return parseTarget(text, undefined);
  } catch {
    return null;
  }
}

/**
 * A target that is an address and a port.
 * @param scheme absent: what is spoken on such a port
 */
export function addressTarget(address: string, port: number, scheme?: "udp"): Target {
  const host = address.includes(":") ? `[${address}]` : address;
  const prefix = scheme === undefined ? "" : `${scheme}://`;
  return parseTarget(`${prefix}${host}:${port}`, undefined);
}

// What the user typed as a target, read as host, port, scheme and path.

import { TraceError } from "./errors.ts";
import type { Target } from "./schema/events/run.ts";
import type { Scheme } from "./schema/run-choices.ts";
import { portOf, schemeNamed, schemeOfPort, URL_SCHEMES } from "./schemes.ts";
import { badHost, parseHost } from "./target-host.ts";

const MAX_PORT = 65535;
/** What a bare host is asked for, and what packets to no port in particular carry. */
const DEFAULT_PORT = 443;

/**
 * A host, an address (IPv6 with zone or square brackets), either with a port, a URL, or git's "user@host:path".
 * @param port from --port; wins over the URL's
 * @throws TraceError that names the input and what is wrong with it
 */
export function parseTarget(input: string, port: string | undefined): Target {
  const requested = port === undefined ? null : parsePort(port);
  const text = input.trim();
  if (text.includes("://")) return fromUrl(input, text, requested);
  const remote = /^[^@/\s:]+@(\[[^\]]*\]|[^:/[\]]*):(.*)$/s.exec(text);
  if (remote !== null) return fromRemote(input, remote, requested);
  // "github.com/path", as people paste it: a program would take https.
  if (/^[^/?#\s]+\//.test(text)) return fromUrl(input, `https://${text}`, requested);
  const bracketed = /^\[([^\]]+)\](?::(.*))?$/.exec(text);
  const named = /^([^:[\]/]+):([^:]*)$/.exec(text);
  const [, name = text, ownPort] = bracketed ?? named ?? [];
  const host = parseHost(input, name);
  const chosen = requested ?? (ownPort === undefined ? null : parsePort(ownPort));
  const scheme = schemeOfPort(chosen ?? DEFAULT_PORT);
  return { input, host, ...portFor(chosen), scheme, path: "/" };
}

/** @throws TraceError for anything but a whole number from 1 to 65535 */
function parsePort(text: string): number {
  const port = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (port >= 1 && port <= MAX_PORT) return port;
  throw new TraceError("bad-port", `port "${text}" is not one: give a number from 1 to 65535`);
}

type Port = Pick<Target, "port" | "portOrigin">;

/** @param scheme whose own port stands in for one that was not given */
function portFor(given: number | null, scheme?: Scheme): Port {
  if (given !== null) return { port: given, portOrigin: "user" };
  const own = scheme === undefined ? null : portOf(scheme);
  return own === null
    ? { port: DEFAULT_PORT, portOrigin: "default" }
    : { port: own, portOrigin: "scheme" };
}

/** "git@host:path" (git-clone(1), "scp-like syntax"): SSH, to which the path is nothing. */
function fromRemote(
  input: string,
  [, name = "", path = ""]: readonly string[],
  requested: number | null,
): Target {
  const host = parseHost(input, name.replace(/^\[|\]$/g, ""));
  return { input, host, ...portFor(requested, "ssh"), scheme: "ssh", path };
}

function fromUrl(input: string, text: string, requested: number | null): Target {
  const authority = text.replace(/^[^:]*:\/\//, "").replace(/[/?#].*$/s, "");
  if (authority === "") throw badHost(input);
  const [, user = null, rest = ""] = /^(?:(.*)@)?(.*)$/s.exec(authority) ?? [];
  const [, written = "", ownPort = ""] = /^(\[[^\]]*\]|[^:[\]]*)(?::(.*))?$/s.exec(rest) ?? [];
  const prefix = text.slice(0, text.indexOf("://"));
  const scheme = schemeNamed(prefix);
  if (user !== null) refuseUser(user, scheme);
  const own = ownPort === "" ? null : parsePort(ownPort);
  if (scheme === null) throw badScheme(input, prefix);
  if (scheme === "https" || scheme === "http") return fromWebUrl(input, text, scheme, requested);
  const host = parseHost(input, written.replace(/^\[|\]$/g, ""));
  const path = /[/?].*$/s.exec(text.slice(prefix.length + "://".length))?.[0] ?? "/";
  return { input, host, ...portOfUrl(input, scheme, requested ?? own), scheme, path };
}

/** Of a web address what a browser would make, percent signs, dots and all. */
function fromWebUrl(
  input: string,
  text: string,
  scheme: "https" | "http",
  requested: number | null,
): Target {
  if (!URL.canParse(text)) {
    throw new TraceError("bad-url", `"${input}" is no URL: give one such as https://github.com/`);
  }
  const url = new URL(text);
  const host = parseHost(input, url.hostname.replace(/^\[|\]$/g, ""));
  // A parsed URL drops its scheme's own port, which is the same one.
  const own = url.port === "" ? null : parsePort(url.port);
  return {
    input,
    host,
    ...portFor(requested ?? own, scheme),
    scheme,
    path: `${url.pathname}${url.search}`,
  };
}

/** SSH and databases take a name of the user in their URLs, which does no harm; nobody needs a password. */
function refuseUser(user: string, scheme: Scheme | null): void {
  const isWeb = scheme === "https" || scheme === "http";
  if (!isWeb && !user.includes(":")) return;
  throw new TraceError(
    "url-with-user",
    "the URL holds a user name or password, which a trace does not need: leave it out",
  );
}

function portOfUrl(input: string, scheme: Scheme, given: number | null): Port {
  if (scheme === "icmp" && given !== null) {
    throw new TraceError(
      "bad-port",
      `"${input}" names port ${given}, and ICMP has none: give icmp:// without one`,
    );
  }
  if ((scheme === "tcp" || scheme === "udp") && given === null) {
    throw new TraceError(
      "no-port",
      `"${input}" names no port, and ${scheme} has none of its own: give one such as ${scheme}://192.0.2.1:53`,
    );
  }
  return portFor(given, scheme);
}

function badScheme(input: string, scheme: string): TraceError {
  const known = URL_SCHEMES.join(", ");
  return new TraceError(
    "bad-scheme",
    `"${input}" has the scheme ${scheme}, which no trace speaks: give a URL with one of ${known}, or a host and --port`,
  );
}

// Which proxy the environment names for a target, and whether no_proxy exempts it (as curl reads them).

import ipaddr from "ipaddr.js";
import type { ProxyConfig } from "../../schema/events/web.ts";

/** Variables by their names as they are written; undefined or empty ones name no proxy. */
export type ProxyEnvironment = Readonly<Record<string, string | undefined>>;

export interface ChosenProxy extends Omit<ProxyConfig, "kind"> {
  /** For the header of the request; never reported. */
  readonly credentials: string | null;
}

/** What is read of the environment; HTTP_PROXY in capitals is not: a server's request header may set it. */
export const PROXY_VARIABLES = [
  "http_proxy",
  "https_proxy",
  "HTTPS_PROXY",
  "all_proxy",
  "ALL_PROXY",
  "no_proxy",
  "NO_PROXY",
] as const;

/** What curl takes where a proxy without a port is named (CURLOPT_PROXY(3)). */
const PROXY_PORT = 1080;
const HTTPS_PROXY_PORT = 443;

/** Of those that curl knows (curl(1), --proxy); it fails with any other. */
const SCHEMES: readonly string[] = [
  "http",
  "https",
  "socks",
  "socks4",
  "socks4a",
  "socks5",
  "socks5h",
];

/** @returns null where no variable names a proxy */
export function proxyFor(
  target: { readonly scheme: "https" | "http"; readonly host: string },
  environment: ProxyEnvironment,
): ChosenProxy | null {
  const candidates =
    target.scheme === "https"
      ? ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]
      : ["http_proxy", "all_proxy", "ALL_PROXY"];
  const variable = candidates.find((name) => (environment[name] ?? "") !== "");
  if (variable === undefined) return null;
  const exempt = exemption(target.host, environment.no_proxy || (environment.NO_PROXY ?? ""));
  return {
    variable,
    ...readProxy(environment[variable] ?? ""),
    applies: exempt === null,
    because: exempt === null ? null : `no_proxy holds ${exempt}`,
  };
}

type Named = Pick<ChosenProxy, "scheme" | "host" | "port" | "credentials" | "problem">;

function readProxy(text: string): Named {
  const full = text.includes("://") ? text : `http://${text}`;
  const url = URL.canParse(full) ? new URL(full) : null;
  const host = url?.hostname.replace(/^\[|\]$/g, "") ?? "";
  // What it holds is not repeated: it may be a password.
  if (url === null || host === "") return unusable("it is no address of a proxy");
  const scheme = url.protocol.slice(0, -1);
  if (!SCHEMES.includes(scheme)) return unusable(`no program knows proxies of "${scheme}"`);
  // A parsed URL drops its scheme's own port, so what was written decides.
  const authority = full.replace(/^[^:]*:\/\/(?:[^@/]*@)?/, "");
  const written = /^(?:\[[^\]]*\]|[^:/]*):(\d{1,5})(?:\/|$)/.exec(authority)?.[1];
  const defaultPort = scheme === "https" ? HTTPS_PROXY_PORT : PROXY_PORT;
  return {
    scheme,
    host,
    port: written === undefined ? defaultPort : Number(written),
    credentials: url.username === "" ? null : credentialsOf(url),
  };
}

function unusable(problem: string): Named {
  return { scheme: "", host: "", port: 0, credentials: null, problem };
}

function credentialsOf(url: URL): string | null {
  try {
    return `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  } catch {
    return null;
  }
}

/** The entry of no_proxy that covers a host: "*" alone, a domain with or without a dot, an address, a network. */
function exemption(host: string, list: string): string | null {
  if (list.trim() === "*") return "*";
  const entries = list.split(/[,\s]+/).filter((entry) => entry !== "");
  return entries.find((entry) => covers(entry.toLowerCase(), host.toLowerCase())) ?? null;
}

function covers(entry: string, host: string): boolean {
  const address = host.replace(/%.*$/, "");
  if (ipaddr.isValid(address)) return coversAddress(entry.replace(/^\[|\]$/g, ""), address);
  const domain = entry.replace(/^\./, "").replace(/\.$/, "");
  const name = host.replace(/\.$/, "");
  return domain !== "" && (name === domain || name.endsWith(`.${domain}`));
}

function coversAddress(entry: string, address: string): boolean {
  const parsed = ipaddr.parse(address);
  if (ipaddr.isValid(entry)) {
    return ipaddr.parse(entry).toNormalizedString() === parsed.toNormalizedString();
  }
  if (!ipaddr.isValidCIDR(entry)) return false;
  const [network, length] = ipaddr.parseCIDR(entry);
  return network.kind() === parsed.kind() && parsed.match([network, length]);
}

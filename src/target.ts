// What the user typed as a target, read as host, port, scheme and path.

import { domainToASCII } from "node:url";
import ipaddr from "ipaddr.js";
import { TraceError } from "./errors.ts";
import type { Target } from "./schema/events/run.ts";

const PORTS = { https: 443, http: 80 } as const;
const MAX_PORT = 65535;
/** RFC 1035 s.2.3.4, without the trailing dot. */
const MAX_NAME = 253;
/** Labels as they are in use: letters, digits, hyphens, and underscores, which resolvers pass on. */
const LABEL = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/;

/**
 * A host, an address (IPv6 with zone or square brackets) or an http(s) URL.
 * @param port from --port; wins over the URL's
 * @throws TraceError that names the input and what is wrong with it
 */
export function parseTarget(input: string, port: string | undefined): Target {
  const requested = port === undefined ? undefined : parsePort(port);
  const text = input.trim();
  if (text.includes("://")) return fromUrl(input, text, requested);
  // "github.com/path", as people paste it: a program would take https.
  if (/^[^/?#\s]+\//.test(text)) return fromUrl(input, `https://${text}`, requested);
  const bracketed = /^\[([^\]]+)\](?::(.*))?$/.exec(text);
  const named = /^([^:[\]/]+):([^:]*)$/.exec(text);
  const [, host = text, ownPort] = bracketed ?? named ?? [];
  const chosen = requested ?? (ownPort === undefined ? undefined : parsePort(ownPort));
  const scheme = chosen === PORTS.http ? "http" : "https";
  return { input, host: parseHost(input, host), port: chosen ?? PORTS[scheme], scheme, path: "/" };
}

/** @throws TraceError for anything but a whole number from 1 to 65535 */
function parsePort(text: string): number {
  const port = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (port >= 1 && port <= MAX_PORT) return port;
  throw new TraceError("bad-port", `port "${text}" is not one: give a number from 1 to 65535`);
}

function fromUrl(input: string, text: string, requested: number | undefined): Target {
  const authority = text.replace(/^[^:]*:\/\//, "").replace(/[/?#].*$/s, "");
  if (authority === "") throw badHost(input);
  if (authority.includes("@")) {
    throw new TraceError(
      "url-with-user",
      "the URL holds a user name or password, which a trace does not need: leave it out",
    );
  }
  const port = /^(?:\[[^\]]*\]|[^:[\]]*):(.*)$/.exec(authority)?.[1];
  if (port !== undefined && port !== "") parsePort(port);
  if (!URL.canParse(text)) {
    throw new TraceError("bad-url", `"${input}" is no URL: give one such as https://github.com/`);
  }
  const url = new URL(text);
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw new TraceError(
      "bad-scheme",
      `"${input}" has the scheme ${url.protocol.slice(0, -1)}: give an https or http URL, or a host and --port`,
    );
  }
  const scheme = url.protocol === "https:" ? "https" : "http";
  const own = url.port === "" ? PORTS[scheme] : parsePort(url.port);
  const host = parseHost(input, url.hostname.replace(/^\[|\]$/g, ""));
  return { input, host, port: requested ?? own, scheme, path: `${url.pathname}${url.search}` };
}

function parseHost(input: string, host: string): string {
  // domainToASCII would drop what it does not like: a name that changes is not what was meant.
  if (/[\s\\/?#@<>^|"'`;&$(){}]/.test(host) || host.split("%").length > 2) throw badHost(input);
  const [bare, zone] = host.split("%", 2);
  if (
    bare !== undefined &&
    ipaddr.isValid(bare) &&
    (bare.includes(":") || ipaddr.IPv4.isValidFourPartDecimal(bare))
  ) {
    if (zone !== undefined && !/^[\w.-]{1,15}$/.test(zone)) throw badHost(input);
    const address = ipaddr.parse(bare).toString();
    return zone === undefined ? address : `${address}%${zone}`;
  }
  const ascii = domainToASCII(host).toLowerCase();
  const labels = ascii.replace(/\.$/, "").split(".");
  const isName =
    ascii.length > 0 && ascii.length <= MAX_NAME + 1 && labels.every((label) => LABEL.test(label));
  // All digits and dots, and no address: a mistyped one, not a name.
  if (!isName || /^[\d.]+$/.test(ascii)) throw badHost(input);
  return ascii;
}

function badHost(input: string): TraceError {
  return new TraceError(
    "bad-target",
    `"${input}" is neither a host name nor an address nor an http(s) URL: give one such as github.com`,
  );
}

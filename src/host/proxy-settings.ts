// The proxy that Windows' programs take, by its Internet settings.

import type { HostSnapshot } from "../schema/host-snapshot.ts";
import type { Scheme } from "../schema/run-choices.ts";
import { addressOf, isLoopback } from "./address.ts";
import { readHost } from "./host.ts";
import { whyUnread } from "./sources.ts";

export interface WindowsProxy {
  readonly host: string;
  readonly port: number;
  /** Only programs of Windows itself reach it, behind WSL's NAT. */
  readonly loopback: boolean;
}

export type WindowsProxySetting =
  | {
      readonly known: true;
      /** Null where none is set, or the target is exempt. */
      readonly proxy: WindowsProxy | null;
      /** A script decides (PAC); its result is not known. */
      readonly script: string | null;
    }
  | { readonly known: false; readonly reason: string };

/** What a target's scheme and host get: "proxy:8080", or "http=a:1;https=b:2" (WinINet), which is for the web alone. */
export function windowsProxyFor(
  snapshot: HostSnapshot,
  scheme: Scheme,
  target: string,
): WindowsProxySetting {
  const source = readHost(snapshot).proxies;
  if (source.state !== "rows") return { known: false, reason: whyUnread(source) ?? "" };
  const [wrong] = source.notUnderstood;
  if (wrong !== undefined)
    return { known: false, reason: `"proxy" is not understood: ${wrong.why}` };
  const [settings] = source.rows;
  if (settings === undefined) return { known: true, proxy: null, script: null };
  const { enabled, server, override, script } = settings;
  const isWeb = scheme === "https" || scheme === "http";
  const exempt = !isWeb || isExempt(override ?? "", target.toLowerCase());
  const text = enabled === true && !exempt ? serverFor(server ?? "", scheme) : "";
  return { known: true, proxy: parseServer(text), script };
}

function serverFor(list: string, scheme: string): string {
  if (!list.includes("=")) return list.split(";")[0]?.trim() ?? "";
  const entries = list.split(";").map((entry) => entry.trim().split("="));
  return entries.find(([name]) => name?.toLowerCase() === scheme)?.[1] ?? "";
}

const MAX_PORT = 65_535;

function parseServer(text: string): WindowsProxy | null {
  const plain = text
    .replace(/^[a-z]+:\/\//i, "")
    .replace(/\/.*$/, "")
    .replace(/^.*@/, "");
  const [, name = "", digits = "80"] = /^(\[[^\]]+\]|[^:]+)(?::(\d{1,5}))?$/.exec(plain) ?? [];
  const host = name.replace(/^\[|\]$/g, "").toLowerCase();
  const port = Number(digits);
  if (host === "" || port < 1 || port > MAX_PORT) return null;
  const address = addressOf(host);
  return {
    host,
    port,
    loopback: host === "localhost" || (address !== null && isLoopback(address)),
  };
}

/** ProxyOverride: names and addresses with "*", and "<local>" for names without a dot. */
function isExempt(list: string, target: string): boolean {
  return list.split(/[;\s]+/).some((entry) => {
    const pattern = entry.toLowerCase().replace(/^[a-z]+:\/\//, "");
    if (pattern === "<local>") return !target.includes(".") && !target.includes(":");
    return pattern !== "" && matches(pattern.split("*"), target);
  });
}

/** Whether the text is these parts in order, with anything between them. */
function matches([first = "", ...rest]: readonly string[], text: string): boolean {
  if (!text.startsWith(first)) return false;
  const last = rest.pop();
  if (last === undefined) return text === first;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}

// What `netsh interface portproxy` forwards, as the registry has it: "0.0.0.0/8080" is "172.24.25.20/8080".

import { addressOf } from "../address.ts";
import type { Host } from "../host.ts";
import type { Source } from "../sources.ts";
import { integerOf } from "../values.ts";
import type { RegistryRow } from "./registry.ts";

/** IPv4 in, IPv4 out. */
export interface PortProxyRow {
  /** Null for all addresses of Windows. */
  readonly listenAddress: string | null;
  readonly listenPort: number;
  /** An address, or "localhost" and other names. */
  readonly connectAddress: string;
  readonly connectPort: number;
}

const KEY = "\\portproxy\\v4tov4\\tcp";
const MAX_PORT = 65_535;

/** Of the registry's rows: none where there is no such key, unread where the registry was not read. */
export function portProxiesOf({ registry }: Host): Source<PortProxyRow> {
  if (registry.state !== "rows") return registry;
  const rows = registry.rows.flatMap(proxyOf);
  return { name: registry.name, state: "rows", rows, notUnderstood: [] };
}

function proxyOf({ path, name, value }: RegistryRow): readonly PortProxyRow[] {
  if (!path.toLowerCase().replace(/\\+$/, "").endsWith(KEY)) return [];
  const [listen = "", listenText] = (name ?? "").split("/");
  const [connectAddress = "", connectText] = (value?.[0] ?? "").split("/");
  const [listenPort, connectPort] = [portOf(listenText), portOf(connectText)];
  if (listenPort === null || connectPort === null || connectAddress === "") return [];
  const isOne = addressOf(listen) !== null && listen !== "0.0.0.0";
  return [{ listenAddress: isOne ? listen : null, listenPort, connectAddress, connectPort }];
}

function portOf(value: unknown): number | null {
  const port = integerOf(value);
  return port !== null && port > 0 && port <= MAX_PORT ? port : null;
}

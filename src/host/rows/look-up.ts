// "resolve" and "reach": what Windows itself resolved and reached.

import { plainName } from "../dns-name.ts";
import {
  addressesOf,
  addressFrom,
  amountOf,
  booleanOf,
  type Fields,
  field,
  integerOf,
  textOf,
} from "../values.ts";

/** A row of "resolve": Windows' answer for a name. */
export interface ResolveRow {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly servers: readonly string[];
  readonly ms: number | null;
  readonly error: string | null;
}

/** A row of "reach": a TCP connect from Windows. */
export interface ReachRow {
  readonly address: string;
  readonly port: number;
  readonly ok: boolean;
  readonly ms: number | null;
  readonly error: string | null;
}

export function resolveRow(fields: Fields): ResolveRow | string {
  const name = textOf(field(fields, "name"));
  if (name === null) return "it has no name";
  return {
    name: plainName(name),
    addresses: addressesOf(field(fields, "addresses", "address")),
    servers: addressesOf(field(fields, "servers", "server")),
    ms: amountOf(field(fields, "ms")),
    error: errorText(fields),
  };
}

const MAX_PORT = 65_535;

/** A row with neither a result nor an error is not understood. */
export function reachRow(fields: Fields): ReachRow | string {
  const address = addressFrom(field(fields, "address"));
  const port = integerOf(field(fields, "port"));
  const error = errorText(fields);
  const ok = booleanOf(field(fields, "ok")) ?? (error === null ? null : false);
  if (address === null) return "its address is no IP address";
  if (port === null || port < 1 || port > MAX_PORT) return "its port is none";
  if (ok === null) return "it does not say whether the connection worked";
  return { address: address.address, port, ok, ms: amountOf(field(fields, "ms")), error };
}

function errorText(fields: Fields): string | null {
  const error = field(fields, "error");
  return textOf(error) ?? (error === undefined ? null : "no reason given");
}

// What only `host --elevated` reads: the drops of Windows' filters, and what pktmon counted of the distro's packets.

import { amountOf, type Fields, field, fieldsOf, listOf, NO_NAME, textOf } from "../values.ts";

/** A drop of the Windows Filtering Platform, and the filter that made it. */
export interface FilterDropRow {
  /** Its name and what is said of it: with them a product names itself. */
  readonly filter: string;
  readonly description: string | null;
  readonly addresses: readonly string[];
}

export function filterDropRow(fields: Fields): FilterDropRow | string {
  const filter = textOf(field(fields, "Filter"));
  if (filter === null) return NO_NAME;
  const addresses = [field(fields, "LocalAddress"), field(fields, "RemoteAddress")];
  return {
    filter,
    description: textOf(field(fields, "Description")),
    addresses: addresses.flatMap((one) => textOf(one) ?? []),
  };
}

/** A component of Windows' network stack, and what it dropped. */
export interface CountedRow {
  readonly group: string;
  readonly name: string;
  readonly drops: readonly {
    readonly packets: number;
    readonly bytes: number;
    readonly way: "received" | "sent";
    readonly reason: string | null;
  }[];
}

export function countedRow(fields: Fields): CountedRow | string {
  const name = textOf(field(fields, "name"));
  if (name === null) return NO_NAME;
  const drops = listOf(field(fields, "drops")).flatMap((one) => {
    const drop = fieldsOf(one);
    const packets = drop === null ? null : amountOf(field(drop, "packets"));
    if (drop === null || packets === null || packets === 0) return [];
    const way = textOf(field(drop, "way")) === "sent" ? ("sent" as const) : ("received" as const);
    const bytes = amountOf(field(drop, "bytes")) ?? 0;
    return [{ packets, bytes, way, reason: textOf(field(drop, "reason")) }];
  });
  return { group: textOf(field(fields, "group")) ?? name, name, drops };
}

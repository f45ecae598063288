// What a text of an event holds, so that a report can be redacted by it. A plain z.string() is free text: nothing of it is kept that is not known to be harmless.

import * as z from "zod";

export type TextKind =
  /** An address, with a zone or a prefix length where it has one. */
  | "address"
  /** The name of a host or a domain; an address or a URL may stand in its place. */
  | "host"
  /** An interface of the distro, or an adapter of Windows. */
  | "adapter"
  | "mac"
  | "url"
  /** What the user typed as target. */
  | "target"
  /** Path and query of the target. */
  | "target-path"
  | "time"
  /** A hash, or another number that stands for one thing alone. */
  | "digest"
  /** An identifier that this tool gave. */
  | "id"
  /** Of a kernel, of WSL or of this tool: four numbers, as an address has, that name nobody. */
  | "version"
  | "text"
  /** The JSON of a host snapshot, whose properties have kinds of their own (host-kinds.ts). */
  | "snapshot";

const kinds = z.registry<{ readonly kind: TextKind }>();

/** What a schema's text holds; free text where nothing else is said. */
export function kindOf(schema: z.core.$ZodType): TextKind {
  return kinds.get(schema)?.kind ?? "text";
}

function textOf(kind: TextKind): z.ZodString {
  return z.string().register(kinds, { kind });
}

export const addressText = textOf("address");
export const hostText = textOf("host");
export const adapterText = textOf("adapter");
export const macText = textOf("mac");
export const urlText = textOf("url");
export const targetText = textOf("target");
export const targetPathText = textOf("target-path");
export const timeText = textOf("time");
export const digestText = textOf("digest");
export const idText = textOf("id");
export const versionText = textOf("version");
export const snapshotJson = z.unknown().register(kinds, { kind: "snapshot" });

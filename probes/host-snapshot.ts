// The Windows host's snapshot: from a file, or the reason why there is none.

import { messageOf, TraceError } from "../src/errors.ts";
import { parseHostSnapshotText } from "../src/model/host/schema.ts";
import type { Probe } from "../src/probe.ts";
import type { System } from "./system.ts";

export type SnapshotSource =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "none" }
  | { readonly kind: "auto" };

/**
 * The snapshot file as JSON, checked before anything is sent.
 * @throws TraceError when it is missing, empty, cut off, not JSON or of another schema
 */
export async function readSnapshotFile(system: System, path: string): Promise<unknown> {
  const text = await system.readText(path).catch((error: unknown) => {
    throw new TraceError(
      "snapshot-unreadable",
      `the host snapshot ${path} cannot be read (${messageOf(error)}): give another file, or --host-snapshot none`,
      { cause: error },
    );
  });
  return parseHostSnapshotText(text, path);
}

/** @param snapshot what readSnapshotFile gave, for a source of kind "file" */
export function createHostProbe(source: SnapshotSource, snapshot: unknown): Probe {
  return async ({ emit, path }) => {
    if (source.kind === "file") {
      emit({ kind: "host-snapshot", origin: "file", snapshot, reason: null });
      return;
    }
    const inWsl = path().vantage?.vantage !== "linux";
    const auto = inWsl
      ? "this version does not ask Windows itself: give a saved snapshot with --host-snapshot FILE"
      : "this is not WSL, and no snapshot was given (--host-snapshot FILE)";
    const reason = source.kind === "none" ? "left out on request (--host-snapshot none)" : auto;
    emit({ kind: "host-snapshot", origin: "none", snapshot: null, reason });
  };
}

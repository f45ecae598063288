// The Windows host's snapshot: from a file, from Windows itself, or the reason why there is none.

import { isIP } from "node:net";
import { messageOf, TraceError } from "../../src/errors.ts";
import type { Path } from "../../src/model/path.ts";
import type { Probe } from "../../src/probe.ts";
import { parseHostSnapshotText } from "../../src/schema/host-snapshot.ts";
import { NAMED_FILE } from "../input-file.ts";
import type { System } from "../system.ts";
import type { HostAnswer } from "./host.ts";
import type { HostQuestion } from "./questions.ts";

export type SnapshotSource =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "none" }
  | { readonly kind: "auto" };

/**
 * The snapshot file as JSON, checked before anything is sent.
 * @throws TraceError when it is missing, empty, cut off, not JSON or of another schema
 */
export async function readSnapshotFile(system: System, path: string): Promise<unknown> {
  const text = await system.readText(path, NAMED_FILE).catch((error: unknown) => {
    throw new TraceError(
      "snapshot-unreadable",
      `the host snapshot ${path} cannot be read (${messageOf(error)}): give another file, or --host-snapshot none`,
      { cause: error },
    );
  });
  return parseHostSnapshotText(text, path);
}

/** Queries Windows itself; never rejects. */
export type AskHost = (
  questions: readonly HostQuestion[],
  signal: AbortSignal,
) => Promise<HostAnswer>;

/** What a search gives where there is no Windows: that is no fault of a machine that is not WSL. */
const NO_WINDOWS = ["powershell-missing", "not-wsl"];

/** @param snapshot what readSnapshotFile gave, for a source of kind "file" */
export function createHostProbe(source: SnapshotSource, snapshot: unknown, ask: AskHost): Probe {
  return async ({ emit, path, signal }) => {
    if (source.kind === "file") {
      emit({ kind: "host-snapshot", origin: "file", snapshot, reason: null });
      return;
    }
    if (source.kind === "none") {
      const reason = "left out on request (--host-snapshot none)";
      emit({ kind: "host-snapshot", origin: "none", snapshot: null, reason });
      return;
    }
    const answer = await ask(questionsAbout(path()), signal);
    if (answer.kind === "snapshot") {
      const { snapshot: asked, note } = answer;
      emit({ kind: "host-snapshot", origin: "interop", snapshot: asked, reason: note });
      return;
    }
    const notWsl = path().vantage?.vantage === "linux" && NO_WINDOWS.includes(answer.code);
    const reason = notWsl
      ? "this is not WSL, and no snapshot was given (--host-snapshot FILE)"
      : answer.reason;
    emit({ kind: "host-snapshot", origin: "none", snapshot: null, reason });
  };
}

/** Whether Windows itself resolves and reaches the target. */
function questionsAbout({ run }: Path): readonly HostQuestion[] {
  // A run that only reads lets Windows send nothing either.
  if (run === null || run.command === "env") return [];
  const { host, port } = run.target;
  const reach = { kind: "reach", host, port } as const;
  return isIP(host) === 0 ? [{ kind: "resolve", name: host }, reach] : [reach];
}

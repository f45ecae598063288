// The Windows host's snapshot, from Windows itself: PowerShell, else the old programs, else the reason.

import { sourceStates } from "../../src/host/source-list.ts";
import type { HostSnapshot } from "../../src/schema/host-snapshot.ts";
import { type InteropState, interopState } from "../linux/interop.ts";
import type { System } from "../system.ts";
import { snapshotOfPrograms } from "./console-tools.ts";
import { failureBefore, failureWithoutProgram } from "./interop-failure.ts";
import { askPowerShell, type PowerShellAnswer } from "./powershell.ts";
import { findPowerShell, NO_POWERSHELL } from "./programs.ts";
import type { HostQuestion } from "./questions.ts";
import type { WindowsDeps } from "./windows-deps.ts";

export type HostAnswer =
  /** `note`: why it holds less than PowerShell would have given; null when PowerShell gave it. */
  | { readonly kind: "snapshot"; readonly snapshot: HostSnapshot; readonly note: string | null }
  | { readonly kind: "none"; readonly code: string; readonly reason: string };

const BY_HAND =
  "wsl-trace host --script prints the collector to run in Windows by hand, and --host-snapshot FILE reads its output";

/** Never rejects; ends within its time limits whatever Windows does. */
export async function collectHost(
  given: WindowsDeps,
  questions: readonly HostQuestion[],
  signal: AbortSignal,
): Promise<HostAnswer> {
  const deps = { ...given, system: withListings(given.system) };
  const interop = await interopState(deps.system);
  const drives = interop.drives.map(({ mountPoint }) => mountPoint).join(" ") || "none";
  deps.debug(
    `interop handler ${interop.handler}, drives ${drives}, ${interop.sockets.length} sockets`,
  );
  const answer = await byPowerShell(deps, interop, questions, signal);
  if (answer.kind === "snapshot") {
    describeSources(deps, answer.snapshot);
    if (answer.note !== null) deps.debug(answer.note);
    return answer;
  }
  deps.debug(`${answer.code}: ${answer.reason}`);
  if (answer.reachable && !signal.aborted) {
    const snapshot = await snapshotOfPrograms(deps, interop, signal);
    if (snapshot !== null) {
      describeSources(deps, snapshot);
      const note = `PowerShell gave no answer (${answer.reason}): read from ipconfig, route and netsh`;
      return { kind: "snapshot", snapshot, note };
    }
  }
  const reason = `${answer.reason}; ${BY_HAND}`;
  return { kind: "none", code: answer.code, reason };
}

/** PowerShell alone, with the script and the time limit that `deps` gives; what old programs print is no answer to it. */
export async function byPowerShell(
  deps: WindowsDeps,
  interop: InteropState,
  questions: readonly HostQuestion[],
  signal: AbortSignal,
): Promise<PowerShellAnswer> {
  const file = await findPowerShell(deps.system, interop, deps.searchPath);
  if (file === null) {
    const why = failureWithoutProgram(interop);
    const reason = NO_POWERSHELL;
    return why === null
      ? { kind: "failed", code: "powershell-missing", reason, reachable: true }
      : { kind: "failed", ...why, reachable: why.code !== "interop-off" };
  }
  deps.debug(`found ${file}`);
  const before = failureBefore(interop, file);
  if (before !== null) return { kind: "failed", ...before, reachable: false };
  return askPowerShell(deps, interop, file, questions, signal);
}

/** Every program is looked for in the same folders of PATH: each is listed once. */
function withListings(system: System): System {
  const known = new Map<string, Promise<readonly string[]>>();
  return {
    ...system,
    listDirectory: (path) => {
      const listing = known.get(path) ?? system.listDirectory(path);
      known.set(path, listing);
      return listing;
    },
  };
}

function describeSources({ debug }: WindowsDeps, snapshot: HostSnapshot): void {
  const states = sourceStates(snapshot);
  const read = states.flatMap((source) =>
    source.state === "read" ? [`${source.name} ${source.rows}`] : [],
  );
  debug(`rows: ${read.join(", ")}`);
  for (const source of states) {
    if (source.state === "unread") debug(`unread: ${source.name} (${source.error})`);
  }
}

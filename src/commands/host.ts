// `wsl-trace host`: the snapshot of Windows, as a list of its sources, as JSON or in a file.

import { EXIT, type ExitCode, TraceError } from "../errors.ts";
import { noWindowsEvidence } from "../facts/reasons.ts";
import { type SourceState, sourceStates } from "../host/source-list.ts";
import { printable } from "../report/escape.ts";
import type { HostSnapshot } from "../schema/host-snapshot.ts";
import { indentedJson } from "../schema/recording-lines.ts";
import type { Sink } from "./sink.ts";

export interface HostRequest {
  readonly json: boolean;
  /** --save. */
  readonly saveFile: string | null;
  /** Whether its JSON is; a file of --save never is, as a diagnosis reads it again. */
  readonly redacted: boolean;
  /** Print the collector and query nothing. */
  readonly script: boolean;
  /** Ask for an administrator's part too. */
  readonly elevated: boolean;
}

export interface HostDeps {
  /** Queries Windows; `note` is why the snapshot holds less than it could. */
  collect(
    elevated: boolean,
  ): Promise<
    | { readonly kind: "snapshot"; readonly snapshot: HostSnapshot; readonly note: string | null }
    | { readonly kind: "none"; readonly code: string; readonly reason: string }
  >;
  readScript(): Promise<string>;
  /** A file that only its owner can read. */
  openFile(path: string): Sink;
  print(text: string): void;
}

/** @throws TraceError with exit code 3 when Windows could not be queried; the file is not made then */
export async function host(request: HostRequest, deps: HostDeps): Promise<ExitCode> {
  if (request.script) {
    deps.print(await deps.readScript());
    return EXIT.healthy;
  }
  const answer = await deps.collect(request.elevated);
  if (answer.kind === "none") {
    const message = noWindowsEvidence(answer.reason);
    throw new TraceError(answer.code, message, { exitCode: EXIT.inconclusive });
  }
  if (request.saveFile !== null) {
    const file = deps.openFile(request.saveFile);
    file.write(indentedJson(answer.snapshot));
    file.close();
  }
  if (request.json) deps.print(indentedJson(await shown(answer.snapshot, request)));
  else deps.print(summary(answer.snapshot, answer.note, request.saveFile));
  return EXIT.healthy;
}

async function shown(snapshot: HostSnapshot, { redacted }: HostRequest): Promise<object> {
  if (!redacted) return { ...snapshot, redaction: { applied: false, replaced: [] } };
  const { redactSnapshot } = await import("../report/redact/redact.ts");
  return redactSnapshot(snapshot);
}

const NAME_WIDTH = 32;

function summary(snapshot: HostSnapshot, note: string | null, saveFile: string | null): string {
  const { collectedAt, languageMode, elevated } = snapshot;
  const head = [
    `Windows host, as it was ${printable(collectedAt ?? "just now")}`,
    ...(languageMode === null ? [] : [`PowerShell in ${printable(languageMode)}`]),
    ...(elevated === null ? [] : [elevated ? "as administrator" : "without administrator"]),
  ];
  const lines = [
    head.join(", "),
    ...(note === null ? [] : [printable(note)]),
    "",
    ...sourceStates(snapshot).map((source) => `  ${stateLine(source)}`),
    ...(saveFile === null
      ? []
      : ["", `Saved in ${printable(saveFile)}; it holds real names and addresses.`]),
  ];
  return `${lines.join("\n")}\n`;
}

function stateLine(source: SourceState): string {
  const name = printable(source.name).padEnd(NAME_WIDTH);
  switch (source.state) {
    case "read":
      return `${name}${source.rows === 1 ? "1 row" : `${source.rows} rows`}`;
    case "unread":
      return `${name}could not be read: ${printable(source.error)}`;
    case "not-collected":
      return `${name}not collected`;
  }
}

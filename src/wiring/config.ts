// ~/.config/wsl-trace/config.toml: options of `path` that the user wants in every run, each by its long name.

import { parse, TomlError } from "smol-toml";
import { MB, readInputSync } from "../../probes/input-file.ts";
import { EXIT, messageOf, TraceError } from "../errors.ts";

/** An option as commander has it. */
export interface KnownOption {
  /** "--timeout", "--no-names". */
  readonly long?: string | undefined;
  /** Whether a value has to follow it. */
  readonly required: boolean;
  /** Whether one may follow. */
  readonly optional: boolean;
}

/** @throws TraceError for what is no file, may not be read, or is larger than any settings are */
export function readSettings(file: string): string {
  try {
    return readInputSync(file, { mostBytes: MB });
  } catch (cause) {
    throw problem(`the settings ${file} cannot be read (${messageOf(cause)}): mend or remove it`);
  }
}

/**
 * The settings of a file as arguments, to stand before those that were typed.
 * @param text what the file holds
 * @param file what the messages call it
 * @throws TraceError that names the line, for a key that is no option, a value that it does not take, and for no TOML
 */
export function configuredOptions(
  text: string,
  file: string,
  options: readonly KnownOption[],
): readonly string[] {
  return Object.entries(parsed(text, file)).flatMap(([key, value]) => {
    const fail = (why: string) => problem(`${file}:${lineOf(text, key)}: ${why}`);
    const option = options.find(({ long }) => long === `--${key}`);
    if (option === undefined)
      throw fail(`there is no setting "${key}": wsl-trace path --help lists them`);
    const wrong = wrongValue(option, value);
    if (wrong !== null) throw fail(`"${key}" ${wrong}`);
    if (typeof value === "boolean") return value ? [`--${key}`] : [];
    return [`--${key}`, `${value}`];
  });
}

/** Null where the option takes it. */
function wrongValue({ required, optional }: KnownOption, value: unknown): string | null {
  if (typeof value === "boolean") return required ? "needs a value" : null;
  if (typeof value !== "string" && typeof value !== "number") {
    return "is neither text, a number nor true or false";
  }
  // It would be taken for a target.
  return required || optional ? null : "is either true or false";
}

function parsed(text: string, file: string): Readonly<Record<string, unknown>> {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [why = "not TOML"] = error.message.split("\n");
    throw problem(`${file}:${error.line}: ${why}`);
  }
}

function problem(message: string): TraceError {
  return new TraceError("config", message, { exitCode: EXIT.usage });
}

/** Of a key at the beginning of a line, or of a table with that name; counted from 1. */
function lineOf(text: string, key: string): number {
  const lines = text.split(/\r?\n/).map((line) => line.trim().replace(/^\[+|["']/g, ""));
  return 1 + lines.findIndex((line) => line.startsWith(key));
}

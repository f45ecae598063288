// Puts text on the clipboard: Windows' own from WSL, elsewhere that of the terminal.

import { interopState } from "../../probes/linux/interop.ts";
import type { System } from "../../probes/system.ts";
import { findSystemProgram } from "../../probes/windows/programs.ts";

interface Around {
  readonly system: System;
  readonly env: NodeJS.ProcessEnv;
  readonly stdout: {
    readonly isTTY?: boolean;
    write(text: string): unknown;
  };
}

/** What came of it, in words for a person. */
export interface Copied {
  readonly done: boolean;
  readonly note: string;
}

/**
 * All of the text or none of it.
 * @param around `system` runs clip.exe; what is no terminal is sent nothing
 */
export async function copyToClipboard(text: string, around: Around): Promise<Copied> {
  if (await windowsTook(text, around)) {
    return { done: true, note: "copied to Windows' clipboard" };
  }
  if (around.stdout.isTTY !== true)
    return { done: false, note: "no terminal here has a clipboard" };
  const bytes = Buffer.byteLength(text);
  if (bytes > TERMINAL_BYTES) {
    const note = `${bytes} bytes are more than the ${TERMINAL_BYTES} that a terminal's clipboard takes`;
    return { done: false, note };
  }
  around.stdout.write(clipboardSequence(text));
  return { done: true, note: "sent to the terminal's clipboard (OSC 52)" };
}

/** Terminals cut or ignore a sequence of more than 100,000 bytes (hterm): 8 frame it, and base64 makes 4 of 3. */
const TERMINAL_BYTES = 74_994;

/** clip.exe takes what has no byte order mark for text in the code page of the console. */
const BOM = "\uFEFF";

async function windowsTook(text: string, { system, env }: Around): Promise<boolean> {
  const { WSL_INTEROP, WSL_DISTRO_NAME, PATH = "" } = env;
  if (WSL_INTEROP === undefined && WSL_DISTRO_NAME === undefined) return false;
  const program = await findSystemProgram(system, await interopState(system), PATH, "clip.exe");
  if (program === null) return false;
  const input = Buffer.from(BOM + text, "utf16le");
  return (await system.run(program, [], { input })).exitCode === 0;
}

/** OSC 52 (xterm's ctlseqs): base64 holds nothing that could end it early. */
function clipboardSequence(text: string): string {
  return `\u001b]52;c;${Buffer.from(text).toString("base64")}\u0007`;
}

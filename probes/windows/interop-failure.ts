// Why a Windows program could not be run from here, each failure with its own remedy.

import type { InteropState } from "../linux/interop.ts";
import type { BoundedEnd } from "./run-bounded.ts";

export type InteropFailureCode =
  | "not-wsl"
  | "interop-off"
  | "interop-switched-off"
  | "interop-no-handler"
  | "interop-no-interpreter"
  | "interop-socket"
  | "interop-drive"
  | "interop-no-exec"
  | "interop-permission";

export interface InteropFailure {
  readonly code: InteropFailureCode;
  /** One sentence: what is wrong, then what to do. */
  readonly reason: string;
}

const REGISTER =
  "put the line :WSLInterop:M::MZ::/init:PF into /usr/lib/binfmt.d/WSLInterop.conf and run sudo systemctl restart systemd-binfmt (or wsl.exe --shutdown in Windows)";

/**
 * What is known before anything is started; null when nothing is known to be wrong. A program that is
 * no part of a Windows drive needs no interop.
 */
export function failureBefore(interop: InteropState, file: string): InteropFailure | null {
  const drive = interop.drives.find(({ mountPoint }) => file.startsWith(`${mountPoint}/`));
  if (drive === undefined) return null;
  if (interop.offByConfiguration && interop.handler !== "registered") return failure("interop-off");
  if (interop.handler === "switched-off") return failure("interop-switched-off");
  if (interop.handler === "missing") return failure("interop-no-handler");
  return drive.noExec ? failure("interop-no-exec") : null;
}

/** What the end of a program reports about interop; null when interop is not to blame. */
export function failureAfter(end: BoundedEnd, stderr: string): InteropFailure | null {
  if (end.kind === "not-started") {
    if (end.code === "ENOEXEC") return failure("interop-no-handler");
    return end.code === "EACCES" ? failure("interop-permission") : null;
  }
  if (/unable to find an interpreter/.test(stderr)) return failure("interop-no-interpreter");
  if (/cannot execute binary file|exec format error/i.test(stderr)) {
    return failure("interop-no-handler");
  }
  // "UtilConnectToInteropServer:300: connect failed 2", "UtilConnectUnix:467: connect failed 111"
  return /connect failed \d+|UtilConnect|UtilAcceptVsock/.test(stderr)
    ? failure("interop-socket")
    : null;
}

/** What the absence of every Windows drive means for a search that found nothing. */
export function failureWithoutProgram(interop: InteropState): InteropFailure | null {
  if (interop.offByConfiguration) return failure("interop-off");
  if (interop.drives.length > 0) return null;
  const isWsl = interop.handler === "registered" || interop.sockets.length > 0;
  return failure(isWsl ? "interop-drive" : "not-wsl");
}

/** Sources: microsoft/WSL issues 8843, 8952, 9722, 6799, 4148, 7174 and "Advanced settings configuration in WSL". */
const REASONS: Readonly<Record<InteropFailureCode, string>> = {
  "not-wsl":
    "this is not WSL, or a container inside WSL without its drives: no Windows is in reach",
  "interop-off":
    "starting Windows programs is switched off (enabled = false below [interop] in /etc/wsl.conf): set it to true and run wsl.exe --shutdown in Windows",
  "interop-switched-off":
    "the kernel's handler for Windows programs is switched off: run sudo sh -c 'echo 1 > /proc/sys/fs/binfmt_misc/WSLInterop'",
  "interop-no-handler": `the kernel does not know how to start Windows programs (its WSLInterop handler is gone, which systemd-binfmt or a qemu package can cause): ${REGISTER}`,
  "interop-no-interpreter": `binfmt-support has taken over Windows programs and cannot start them: run sudo update-binfmts --disable cli, or ${REGISTER}`,
  "interop-socket":
    "the socket by which WSL starts Windows programs does not answer (WSL_INTEROP is unset or stale, as in tmux, sudo, cron and ssh): run it in a new terminal window",
  "interop-drive":
    "no drive of Windows is mounted here: see enabled and root below [automount] in /etc/wsl.conf",
  "interop-no-exec":
    "the Windows drive is mounted with noexec: take noexec out of options below [automount] in /etc/wsl.conf, and run wsl.exe --shutdown in Windows",
  "interop-permission":
    "this user may not start the Windows program (permission denied): look at fmask below [automount] in /etc/wsl.conf, or at the rules of your organisation (AppLocker)",
};

function failure(code: InteropFailureCode): InteropFailure {
  return { code, reason: REASONS[code] };
}

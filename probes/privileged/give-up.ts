// Gives up root under sudo: what parses packets and files of others is the user's own process from then on.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { TraceError } from "../../src/errors.ts";
import { loadProcessCalls, type ProcessCalls } from "../native/fd-channel.ts";
import { createPrivileged } from "./client.ts";
import { handOver } from "./current.ts";
import { groupsOf, type SudoUser } from "./sudo-user.ts";

/** What of a process this needs. */
export type Owned = Pick<
  NodeJS.Process,
  "env" | "execPath" | "geteuid" | "getuid" | "setgid" | "setgroups" | "setuid"
>;

/** Loading the kernel's types and programs takes a slow machine a second. */
const ANSWER_LIMIT_MS = 10_000;

/**
 * Starts the helper, which keeps root and does the few things of `protocol.ts`, and becomes the user, with their groups
 * and their home and without a way back (setuid(2), prctl(2) PR_SET_NO_NEW_PRIVS).
 * @param helper the helper's program; null where nothing will need root any more
 * @throws TraceError where the kernel lets root go only in part
 */
export async function giveUpRoot(own: Owned, user: SudoUser, helper: string | null): Promise<void> {
  if (helper === null) return becomeUser(own, user);
  const calls = await loadProcessCalls();
  startHelper(own, helper, calls);
  becomeUser(own, user);
  calls.refuseNewPrivileges();
}

function startHelper(own: Owned, helper: string, calls: ProcessCalls): void {
  const [ours, theirs] = calls.pair("messages");
  if (ours === undefined || theirs === undefined)
    throw notGivenUp("there is no socket for its helper");
  const child = spawn(own.execPath, [helper], {
    stdio: ["ignore", "ignore", "ignore", theirs],
    // Of a group of its own: Ctrl-C ends this process, and the helper with it.
    detached: true,
    cwd: "/",
    env: librariesOf(own),
  });
  child.on("error", () => undefined);
  child.unref();
  calls.close(theirs);
  handOver(createPrivileged(calls.channel(ours, ANSWER_LIMIT_MS), calls, child.pid));
}

function becomeUser(own: Owned, { uid, gid, name, home }: SudoUser): void {
  own.setgroups?.([gid, ...groupsOf(name)]);
  own.setgid?.(gid);
  own.setuid?.(uid);
  if (own.getuid?.() !== uid || own.geteuid?.() !== uid) throw notGivenUp("setuid changed nothing");
  own.env.HOME = home;
  own.env.USER = name;
  own.env.LOGNAME = name;
}

/** Where Node's own libraries are, in a package that brings them. */
function librariesOf({ env }: Owned): NodeJS.ProcessEnv {
  const path = env.LD_LIBRARY_PATH;
  return path === undefined ? {} : { LD_LIBRARY_PATH: path };
}

function notGivenUp(why: string): TraceError {
  return new TraceError("root-kept", `root could not be given up (${why}): run it without sudo`);
}

/**
 * Beside the program in `dist`; null where the sources are run, which keep what they were started with.
 * @param home the program's URL
 */
export function helperOf(home: string): string | null {
  const path = fileURLToPath(new URL("privileged-helper.js", home));
  return existsSync(path) ? path : null;
}

// The script that holds a tracefs instance, started by this process or, where it has given up root, by its helper.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { Socket } from "node:net";
import type { Readable, Writable } from "node:stream";
import { messageOf } from "../../src/errors.ts";
import { privileged } from "../privileged/current.ts";
import { TRACEFS_PROGRAM } from "./tracefs-script.ts";

export interface TracefsProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** When it has printed all that it had to. Never rejects. */
  readonly ended: Promise<unknown>;
}

/** @returns the reason where it cannot be started */
export async function startTracefs(name: string): Promise<TracefsProcess | string> {
  const helper = privileged();
  return helper === null ? startHere(name) : ofHelper(helper.tracefs(name));
}

async function startHere(name: string): Promise<TracefsProcess | string> {
  const { file, args, env } = TRACEFS_PROGRAM;
  const child = spawn(file, [...args, name], {
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
    env,
  });
  const failed = once(child, "error").then(([error]) => messageOf(error));
  // Node gives a program that cannot be started for want of file descriptors no streams (lib/internal/child_process.js).
  if (child.pid === undefined) return failed;
  child.on("error", () => undefined);
  const { stdin, stdout, stderr } = child;
  return { stdin, stdout, stderr, ended: once(child, "close").catch(() => undefined) };
}

function ofHelper(ends: readonly number[]): TracefsProcess | string {
  const [stdin, stdout, stderr] = ends.map((fd) => new Socket({ fd }));
  if (stdin === undefined || stdout === undefined || stderr === undefined) {
    return "the helper process started none";
  }
  // Nothing is read from it, and nothing written to the others.
  stdin.resume();
  const closed = [stdout, stderr].map((stream) => once(stream, "close").catch(() => undefined));
  return { stdin, stdout, stderr, ended: Promise.all(closed) };
}

// What npm start does: the set-up, then one trace through the lab's VPN black hole.

import { runHere } from "./processes.mjs";
import { setUp } from "./setup.mjs";

const MAIN_JOB = ["dist/cli.js", "lab", "run", "wsl2-vpn", "--expect"];

/** Gives the exit code: 0 when the scenario's own verdict came. */
export async function main(args) {
  await setUp();
  return runHere(process.execPath, [...MAIN_JOB, ...args]);
}

// What npm start does: the set-up, then one trace through the lab's VPN black hole.

import { runHere } from "./processes.mjs";
import { notify, setUp } from "./setup.mjs";

const MAIN_JOB = ["dist/cli.js", "lab", "run", "wsl2-vpn", "--expect"];

/** Gives the exit code: 0 when the scenario's own verdict came. */
export async function main(args) {
  await setUp();
  const code = await runHere(process.execPath, [...MAIN_JOB, ...args]);
  if (code === 0) notify(NEXT);
  return code;
}

const NEXT = `
next, on your own network: npm run -s wsl-trace -- path github.com
what is missing here:      npm run -s wsl-trace -- doctor
the cause above:           npm run -s wsl-trace -- explain vpn-mtu-inbound-blackhole`;

// What npm pack does first: the part of the set-up that needs no Debian package.

import { setUp } from "./setup.mjs";

/** @returns the exit code */
export async function main() {
  await setUp({ packages: [] });
  return 0;
}

// What every test of real programs sets up: the programs once, and a network for each test.

import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import type { Net } from "./net.ts";
import type { OfficeOptions } from "./office.ts";
import { NO_SSHD, type ProgramName, type Programs, preparePrograms } from "./programs.ts";

export const ALL: readonly ProgramName[] = [
  "curl",
  "git over HTTPS",
  "git over SSH",
  "apt",
  "npm",
  "200",
];

/** Registers the hooks of a file. */
export function setUpPrograms(): {
  /** Once its tests run. */
  programs(): Programs;
  /** Removed with the test. */
  office(options?: Partial<OfficeOptions>): Promise<Net>;
} {
  let programs: Programs | undefined;
  let net: Net | undefined;
  beforeAll(async () => {
    programs = await preparePrograms();
  });
  beforeEach(({ skip, task }) =>
    skip(task.name.includes("SSH") && NO_SSHD !== null, NO_SSHD ?? ""),
  );
  afterEach(async () => {
    await net?.remove();
    net = undefined;
  });
  afterAll(() => programs?.remove());
  const prepared = () => {
    if (programs === undefined) throw new Error("the programs are made before the first test");
    return programs;
  };
  return {
    programs: prepared,
    office: async (options = {}) => {
      net = await prepared().office(options);
      return net;
    },
  };
}

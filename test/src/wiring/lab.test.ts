// What stops the lab ends the program as its own errors do.

import { expect, it } from "vitest";
import { TraceError } from "../../../src/errors.ts";
import { inLab } from "../../../src/wiring/lab.ts";
import type { Wiring } from "../../../src/wiring/wiring.ts";

const { signal } = new AbortController();

// Root's process: nothing is started again in a user namespace.
const wiring: Wiring = {
  own: { ...process, getuid: () => 0, env: {} },
  version: "0.0.0",
  home: import.meta.url,
  userPath: undefined,
  canDraw: false,
  ending: { signal, code: () => null, endEarly: () => undefined, handOver: () => undefined },
  print: () => undefined,
  notify: () => undefined,
  notices: { hold: () => undefined, release: () => undefined },
};

it("gives the lab's errors their code, exit code and sentence", async () => {
  const run = inLab(wiring, async ({ lab, notify }) => {
    await lab.build("wsl9", { signal, notify, begin: () => undefined });
    return 0;
  });
  await expect(run).rejects.toBeInstanceOf(TraceError);
  await expect(run).rejects.toMatchObject({ code: "unknown-scenario", exitCode: 2 });
  await expect(run).rejects.toThrow(/wsl9.*wsl-trace lab list/);
});

it("leaves every other error as it is", async () => {
  const error = new Error("no such program");
  await expect(inLab(wiring, () => Promise.reject(error))).rejects.toBe(error);
});

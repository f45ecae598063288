// The built-in lab: as root or in a user namespace, with this program once more inside it.

import { readFile } from "node:fs/promises";
import { realLabSystem } from "../../probes/lab/lab-system.ts";
import { prepareRootless, rootlessCommand } from "../../probes/lab/rootless.ts";
import { realSystem, runInherited } from "../../probes/system.ts";
import { systemClock } from "../clock.ts";
import type { LabDeps } from "../commands/lab-port.ts";
import { EXIT, TraceError } from "../errors.ts";
import { makeReport } from "../report/make.ts";
import { parseRecording } from "../schema/recording.ts";
import type { Wiring } from "./wiring.ts";

/** Set where this program started itself again as root of its own user namespace. */
const ROOTLESS = "WSL_TRACE_ROOTLESS";

/** The lab needs root: an ordinary user gets it in a user namespace, where the kernel allows one. */
export async function inLab(
  wiring: Wiring,
  work: (deps: LabDeps) => Promise<number>,
): Promise<number> {
  const { own, ending } = wiring;
  const inside = own.env[ROOTLESS] !== undefined;
  if (own.getuid?.() !== 0 && !inside) {
    await checkRootless();
    const [node = own.execPath, ...rest] = own.argv;
    const command = rootlessCommand(["env", `${ROOTLESS}=1`, node, ...rest]);
    return runInherited(command, ending.signal);
  }
  if (inside) await prepareRootless(realLabSystem);
  return work(await labDeps(wiring));
}

/** @throws TraceError where the kernel or a sandbox gives ordinary users no namespace of their own */
async function checkRootless(): Promise<void> {
  const unshared = await realSystem.run("unshare", ["--user", "--map-root-user", "--net", "true"]);
  if (unshared.exitCode === 0) return;
  const message =
    "the lab needs root or a user namespace, and this system gives neither: run it with sudo";
  throw new TraceError("lab-rootless", message, { exitCode: EXIT.inconclusive });
}

async function labDeps({ own, home, ending, print, notify }: Wiring): Promise<LabDeps> {
  const { createLab } = await import("../../probes/lab/lab.ts");
  const [node = own.execPath, script = ""] = own.argv;
  const program = (name: string) => ({ file: node, args: [new URL(name, home).pathname] });
  return {
    lab: createLab({
      system: realLabSystem,
      clock: systemClock,
      labHost: program("lab-host.js"),
      labWindows: program("lab-windows.js"),
    }),
    self: { file: node, args: [script] },
    shell: own.env.SHELL ?? "/bin/sh",
    signal: ending.signal,
    runInherited,
    readReport: (file) =>
      readFile(file, "utf8").then(
        (text) => makeReport(parseRecording(text, file)),
        () => null,
      ),
    print,
    notify,
  };
}

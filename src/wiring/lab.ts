// The built-in lab: as root or in a user namespace, with this program once more inside it.

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { realSystem, runInherited } from "../../probes/system.ts";
import { systemClock } from "../clock.ts";
import type { BuildingScreen, LabDeps, LabPort } from "../commands/lab-port.ts";
import { EXIT, TraceError } from "../errors.ts";
import { makeReport } from "../report/make.ts";
import { parseRecording } from "../schema/recording.ts";
import type { Wiring } from "./wiring.ts";

// A bundle of its own, in dist/lab.
const loadLab = async () => (await import("wsl-trace-lab")).loadBuilder();
type LabBuilder = Awaited<ReturnType<typeof loadLab>>;

/** Set where this program started itself again as root of its own user namespace. */
const ROOTLESS = "WSL_TRACE_ROOTLESS";

/** The lab needs root: an ordinary user gets it in a user namespace, where the kernel allows one. */
export async function inLab(
  wiring: Wiring,
  work: (deps: LabDeps) => Promise<number>,
): Promise<number> {
  const { own, ending } = wiring;
  const lab = await loadLab();
  const inside = own.env[ROOTLESS] !== undefined;
  if (own.getuid?.() !== 0 && !inside) {
    await checkRootless();
    const [node = own.execPath, ...rest] = own.argv;
    const command = lab.rootlessCommand(["env", `${ROOTLESS}=1`, node, ...rest]);
    return runInherited(command, ending.signal);
  }
  try {
    const system = lab.createLabSystem(realSystem);
    if (inside) await lab.prepareRootless(system);
    const port = lab.createLabPort({ system, clock: systemClock, ...programsOf(wiring) });
    return await work(labDeps(wiring, port));
  } catch (error) {
    throw asTraceError(error, lab);
  }
}

/** The lab has errors of its own, which nothing else here knows. */
function asTraceError(error: unknown, { LabError }: LabBuilder): unknown {
  if (!(error instanceof LabError)) return error;
  const { code, message, exitCode } = error;
  return new TraceError(code, message, { exitCode, cause: error });
}

/** @throws TraceError where the kernel or a sandbox gives ordinary users no namespace of their own */
async function checkRootless(): Promise<void> {
  const unshared = await realSystem.run("unshare", ["--user", "--map-root-user", "--net", "true"]);
  if (unshared.exitCode === 0) return;
  const message =
    "the lab needs root or a user namespace, and this system gives neither: run it with sudo";
  throw new TraceError("lab-rootless", message, { exitCode: EXIT.inconclusive });
}

/** What the lab runs inside its namespaces: bundles beside its own. */
function programsOf({ own, home }: Wiring) {
  const [node = own.execPath] = own.argv;
  const program = (name: string) => ({ file: node, args: [fileURLToPath(new URL(name, home))] });
  return { labHost: program("lab/lab-host.js"), labWindows: program("lab/lab-windows.js") };
}

function labDeps(wiring: Wiring, lab: LabPort): LabDeps {
  const { own, ending, print, notify } = wiring;
  const [node = own.execPath, script = ""] = own.argv;
  return {
    lab,
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
    building: wiring.canDraw ? buildingScreen(wiring) : null,
  };
}

/** What draws is loaded while the lab is built already. */
function buildingScreen(wiring: Wiring): BuildingScreen {
  let opened: Promise<BuildingScreen> | null = null;
  return {
    show: (seen) => {
      opened ??= import("./here.ts").then(({ openBuilding }) => openBuilding(wiring));
      opened.then((screen) => screen.show(seen)).catch(() => undefined);
    },
    end: async () => {
      await (await opened)?.end();
    },
  };
}

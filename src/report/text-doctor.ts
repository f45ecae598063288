// What is installed, which privileges are there, and whether Windows answers: one line for each, with what to type.

import type { EnvReport } from "../schema/env-report.ts";
import type { Installation, InstalledProgram } from "../schema/installation.ts";
import { duration } from "./duration.ts";
import { printable } from "./escape.ts";
import { privilegeLines, section } from "./text-env.ts";
import { hanging } from "./text-layout.ts";

/** @param windowsMs how long Windows took to answer; null where it was not asked, or did not */
export function doctorText(
  report: EnvReport,
  installation: Installation,
  windowsMs: number | null,
): string {
  const lines = [
    ...section("Installed", installedLines(installation)),
    ...section("Windows", windowsLines(report, windowsMs)),
    ...section("Privileges", privilegeLines(report)),
  ];
  return `${lines.slice(1).map(printable).join("\n")}\n`;
}

function installedLines(installation: Installation): string[] {
  const { version, node, execPath, platform, glibc } = installation;
  const libc = glibc === null ? "no glibc" : `glibc ${glibc}`;
  return [
    ...hanging("  + ", `wsl-trace ${version}, Node ${node} (${execPath}), ${platform}, ${libc}`),
    ...koffiLines(installation),
    ...(installation.hasRawSocketPackage
      ? ["  + raw-socket: --engine raw-socket, as root"]
      : [
          ...hanging("  ? ", "raw-socket is not here; without it: --engine raw-socket alone"),
          "      $ npm install -g raw-socket@npm:@neuralegion/raw-socket@1.8.6",
        ]),
    ...installation.programs.flatMap(programLines),
  ];
}

const BY_KOFFI = "sockets, error queues, eBPF";

function koffiLines({ koffiProblem, platform }: Installation): string[] {
  if (koffiProblem === null) return [`  + koffi: ${BY_KOFFI}`];
  const [, advice] = KOFFI_ADVICE.find(([pattern]) => pattern.test(koffiProblem)) ?? [];
  const again = `npm install --global --include=optional @koromix/koffi-${platform.replace(" ", "-")} wsl-trace`;
  return [
    ...hanging("  ? ", `koffi did not load: ${koffiProblem}; without it: ${BY_KOFFI}`),
    ...hanging("    ", advice ?? WITHOUT_NPM),
    ...(advice === undefined ? [`      $ ${again}`] : []),
  ];
}

const WITHOUT_NPM =
  "its binary is not installed, or not the one for this machine; the one file brings all it needs, and otherwise:";
/** By what the loader says. */
const KOFFI_ADVICE: readonly (readonly [RegExp, string])[] = [
  [
    /failed to map segment|Operation not permitted|Permission denied/,
    "it lies where nothing may be started from (mounted noexec): install wsl-trace, or unpack the one file (WSL_TRACE_CACHE), in another folder",
  ],
  [
    /GLIBC|ld-linux|ld-musl|libc\.so|symbol not found/,
    "its binary wants glibc: run it in a distro that has it, as Debian or Ubuntu; musl (Alpine) will not do",
  ],
];

function programLines({ name, path, without, install }: InstalledProgram): string[] {
  if (path !== null) return hanging("  + ", `${name}: ${path}`);
  return [...hanging("  ? ", `${name} is not here; without it: ${without}`), `      $ ${install}`];
}

function windowsLines({ host, vantage, settings }: EnvReport, windowsMs: number | null): string[] {
  if (host.origin === "file") return hanging("  + ", "a saved snapshot stands for it");
  if (host.origin === "interop") {
    const versions = [
      settings.windows === null ? "Windows" : `Windows ${settings.windows}`,
      ...(settings.wslOnWindows === null ? [] : [`WSL ${settings.wslOnWindows}`]),
    ];
    const time = windowsMs === null ? "" : ` ${duration(windowsMs)} after the start`;
    const lacks = host.missing.map(({ source, reason }) => `${source}: ${reason}`);
    return [
      ...hanging("  + ", `${versions.join(", ")} answers${time}`),
      ...lacks.flatMap((line) => hanging("  ? ", line)),
    ];
  }
  const why = host.reason ?? "it was not asked";
  if (vantage?.vantage === "linux") return hanging("  - ", `not asked: ${why}`);
  return [
    ...hanging("  ? ", `does not answer: ${why}`),
    ...hanging("    ", "a snapshot made by hand does as well: run in PowerShell what this prints,"),
    "      $ wsl-trace host --script",
  ];
}

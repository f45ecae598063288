// Whether this is WSL1, WSL2 or plain Linux, and the networking mode where WSL says it.

import os from "node:os";
import type { Vantage } from "../../src/model/events/guest.ts";
import type { System } from "../system.ts";

type Detected = Omit<Vantage, "kind">;

/** The marks and their order: knowledge of microsoft/WSL, src/linux/init/util.cpp and wslinfo.cpp. */
export async function detectVantage(system: System): Promise<Detected> {
  const kernel = os.release();
  // WSL1 emulates a kernel whose release ends in "-Microsoft"; WSL2's own is in lower case.
  if (/Microsoft/.test(kernel)) {
    return { vantage: "wsl1", networkingMode: "wsl1", kernel, basis: "the kernel's release" };
  }
  const exists = (path: string) =>
    system.listDirectory(path).then(
      () => true,
      () =>
        system.readText(path).then(
          () => true,
          () => false,
        ),
    );
  const interop = await exists("/proc/sys/fs/binfmt_misc/WSLInterop");
  const runtime = interop || (await exists("/run/WSL"));
  if (!runtime) {
    const basis = /microsoft/.test(kernel)
      ? "a WSL kernel without WSL's runtime: a container or chroot inside WSL"
      : "no mark of WSL";
    return { vantage: "linux", networkingMode: null, kernel, basis };
  }
  const said = await system.run("/usr/bin/wslinfo", ["--networking-mode"], { timeoutMs: 2000 });
  const mode = said.stdout.trim();
  const known = said.exitCode === 0 && /^[a-z0-9]{1,20}$/.test(mode);
  return {
    vantage: "wsl2",
    networkingMode: known ? mode : null,
    kernel,
    basis: interop ? "WSLInterop is registered" : "/run/WSL is there",
  };
}

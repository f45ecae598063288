// Where the distro sees the drives of Windows: the mounts that WSL makes, and no others.

/** A mount point of a Windows drive, and whether programs on it may be started. */
export interface WindowsDrive {
  readonly mountPoint: string;
  readonly noExec: boolean;
}

/**
 * The Windows drives in the text of /proc/mounts, C: first. WSL1 mounts them as drvfs, WSL2 as 9p or virtiofs
 * whose options name drvfs (microsoft/WSL, src/linux/init/drvfs.cpp).
 */
export function windowsDrives(mounts: string): readonly WindowsDrive[] {
  const drives = mounts.split("\n").flatMap((line) => {
    const [device = "", mountPoint = "", type = "", options = ""] = line.split(" ").map(unescaped);
    const shared = ["9p", "virtiofs"].includes(type) && /drvfs/.test(`${device} ${options}`);
    if (type !== "drvfs" && !shared) return [];
    const isC = /^c:/i.test(device) || /path=c:/i.test(options) || /\/c$/i.test(mountPoint);
    return [{ mountPoint, noExec: /(^|,)noexec(,|$)/.test(options), isC }];
  });
  return drives
    .sort((a, b) => Number(b.isC) - Number(a.isC))
    .map(({ mountPoint, noExec }) => ({ mountPoint, noExec }));
}

/** fstab(5) writes a space as \040 and a backslash as \134. */
function unescaped(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}

// A search path that has the system folders, which Debian leaves out of an ordinary user's: nft and ethtool are there.

/** Beside which folder each of them stands: a PATH of other folders alone was meant as it is. */
const BESIDE: readonly (readonly [folder: string, system: string])[] = [
  ["/usr/local/bin", "/usr/local/sbin"],
  ["/usr/bin", "/usr/sbin"],
  ["/bin", "/sbin"],
];

/** PATH, and at its end what it lacks of them. */
export function withSystemFolders(path = ""): string {
  const folders = path.split(":").filter((folder) => folder !== "");
  const missing = BESIDE.flatMap(([folder, system]) =>
    folders.includes(folder) && !folders.includes(system) ? [system] : [],
  );
  return [...folders, ...missing].join(":");
}

// The name of a file that nobody named.

/** "wsl-trace-20261129-200020.md", UTC. */
export function stampedFile(date: Date, extension: string): string {
  const stamp = date
    .toISOString()
    .slice(0, "2026-11-29T20:00:20".length)
    .replaceAll(/[-:]/g, "")
    .replace("T", "-");
  return `wsl-trace-${stamp}.${extension}`;
}

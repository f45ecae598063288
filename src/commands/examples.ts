// What to type for which task: the end of --help, and the examples of the man page.

export const EXAMPLES: readonly (readonly [task: string, command: string])[] = [
  ["a site does not load", "wsl-trace path github.com"],
  ["most sites load, not all", "wsl-trace path github.com example.com"],
  ["TLS hangs, or large answers", "wsl-trace mtu github.com"],
  ["names do not resolve", "wsl-trace dns github.com"],
  ["git over SSH hangs", "wsl-trace path git@github.com:owner/repository"],
  ["what is set here, nothing sent", "wsl-trace env"],
  ["what is missing here", "wsl-trace doctor"],
  ["a bug report to paste", "wsl-trace path github.com --report report.md"],
  ["what a cause means", "wsl-trace explain vpn-mtu-inbound-blackhole"],
];

const COLUMN = 2 + Math.max(...EXAMPLES.map(([task]) => task.length));

/** For --help. */
export function exampleLines(): string {
  const lines = EXAMPLES.map(([task, command]) => `  ${task.padEnd(COLUMN)}${command}`);
  return `\nBy task:\n${lines.join("\n")}\n`;
}

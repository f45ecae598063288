// `wsl-trace completion`: what a shell offers behind the Tab key, from the command line's own grammar.

import tab from "@bomb.sh/tab/commander";
import type { Command } from "commander";
import type { Shell } from "./shells.ts";

/** What stands for the arguments that the grammar only names. */
export interface CompletionValues {
  readonly shells: readonly Shell[];
  readonly causes: readonly string[];
  readonly schemas: readonly string[];
  readonly scenarios: readonly string[];
  /** Targets that were typed before, and names of the hosts file. */
  readonly targets: readonly string[];
}

/**
 * Prints the script that a shell loads: it runs `wsl-trace complete -- WORDS` for what it offers.
 * @param grammar a program of its own: the library adds commands to it
 */
export function printCompletionScript(grammar: Command, shell: Shell): void {
  completionOf(grammar).setup(grammar.name(), grammar.name(), shell);
}

/** Prints what fits behind `words`, the last of which may be half typed: a line for each, and one of directives for the script. */
export function printCompletions(
  grammar: Command,
  words: readonly string[],
  values: CompletionValues,
): void {
  const completion = completionOf(grammar);
  completion
    .command("completion", "print the completions of a shell")
    .argument("shell", (complete) => {
      for (const shell of values.shells) complete(shell, "");
    });
  for (const [command, argument, offered] of argumentsOf(values)) {
    const known = completion.commands.get(command)?.arguments.get(argument);
    if (known === undefined) continue;
    known.handler = (complete) => {
      for (const value of offered) complete(value, "");
    };
  }
  completion.parse([...words]);
}

function argumentsOf({ causes, schemas, scenarios, targets }: CompletionValues) {
  const traced = ["path", "mtu", "drops"].map((name) => [name, "target", targets] as const);
  return [
    ...traced,
    ["dns", "name", targets],
    ["explain", "cause", causes],
    ["fix", "cause", causes],
    ["schema", "name", schemas],
    ["lab run", "scenario", scenarios],
    ["lab shell", "scenario", scenarios],
  ] as const;
}

/** The library's own commands would stand in the way of ours: it gets names for them that nobody types. */
function completionOf(grammar: Command) {
  return tab(grammar, { completionCommandName: "completion-script" });
}

// Whatever else stands in a history is no target, and a shell would take it apart.
const TARGET = /^[\w.:@/[\]%-]+$/;
const TRACED = /\bwsl-trace\S*\s+(?:path|mtu|dns|drops)\s+([^#;&|<>]*)/;

/** The targets in the lines of a shell's history, the newest first. */
export function targetsInHistory(history: string): readonly string[] {
  const found = history.split("\n").flatMap((line) => {
    const [, words = ""] = TRACED.exec(line) ?? [];
    return words.split(/\s+/).filter((word) => !word.startsWith("-") && TARGET.test(word));
  });
  return [...new Set(found.reverse())];
}

/** The names of a hosts file, but for those of this machine and of multicast groups. */
export function namesInHosts(hosts: string): readonly string[] {
  const names = hosts.split("\n").flatMap((line) => {
    const [address = "", ...rest] = line.replace(/#.*/, "").trim().split(/\s+/);
    return /^(127\.|::1$|f[ef]|0\.0\.0\.0)/i.test(address) ? [] : rest;
  });
  return [...new Set(names)].filter((name) => TARGET.test(name));
}

// `wsl-trace completion`: what a shell offers behind the Tab key, from the command line's own grammar.

import type { Argument, Option } from "@bomb.sh/tab";
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
  /** The TCP ports that are listened on here. */
  readonly ports: readonly string[];
}

/**
 * Prints the script that a shell loads: it runs `wsl-trace complete -- WORDS` for what it offers.
 * @param grammar a program of its own: the library adds commands to it
 */
export function printCompletionScript(grammar: Command, shell: Shell): void {
  completionOf(grammar).setup(grammar.name(), grammar.name(), shell);
}

/**
 * Prints what fits behind `words`, the last of which may be half typed: a line for each, and one of directives for the script.
 * @param print for what the library, which prints by itself, cannot say
 */
export function printCompletions(
  grammar: Command,
  words: readonly string[],
  values: CompletionValues,
  print: (text: string) => void,
): void {
  const completion = completionOf(grammar);
  completion.command("completion", "print the completions of a shell").argument("shell");
  const offered = offeredFor(values);
  for (const [name, command] of completion.commands) {
    for (const argument of command.arguments.values()) {
      offer(argument, offered.get(`${name} ${argument.name}`));
    }
    for (const { long, flags } of commandOf(grammar, name)?.options ?? []) {
      const option = command.options.get(long?.slice(LONG) ?? "");
      offer(option, offered.get(/[<[].*/.exec(flags)?.[0] ?? ""));
    }
  }
  try {
    completion.parse([...words]);
  } catch (error) {
    if (!(error instanceof FileWanted)) throw error;
    print(NAMES_OF_FILES);
  }
}

/** The choices that the grammar itself has stay. */
function offer(known: Argument | Option | undefined, handler: Offer | undefined): void {
  if (known !== undefined && handler !== undefined) known.handler = handler;
}

/** The directive without a bit set: where nothing is offered, the shell completes the names of files. */
const NAMES_OF_FILES = ":0\n";
/** The library knows no way to ask for that: what stands for a file ends its search by this. */
class FileWanted extends Error {}
/** `--`, without which the library names an option. */
const LONG = 2;

type Offer = (complete: (value: string, description: string) => void) => void;

/** By command and argument, or by what an option's value is called. */
function offeredFor(values: CompletionValues): ReadonlyMap<string, Offer> {
  const { shells, causes, schemas, scenarios, targets, ports } = values;
  const each =
    (offered: readonly string[]): Offer =>
    (complete) => {
      for (const value of offered) complete(value, "");
    };
  const file: Offer = () => {
    throw new FileWanted();
  };
  const targetOf = ["path target", "mtu target", "drops target", "watch target", "dns name"];
  const fileOf = ["replay recording", "report recording", "diff before", "diff after"];
  return new Map([
    ...targetOf.map((key) => [key, each(targets)] as const),
    ...[...fileOf, "<file>", "<recording>", "<folder>"].map((key) => [key, file] as const),
    ["inbound port", each(ports)],
    ["explain cause", each(causes)],
    ["fix cause", each(causes)],
    ["schema name", each(schemas)],
    ["completion shell", each(shells)],
    ["lab run scenario", each(scenarios)],
    ["lab shell scenario", each(scenarios)],
    ["<scenario>", each(scenarios)],
  ]);
}

/** `lab run` by its two names. */
function commandOf(grammar: Command, name: string): Command | undefined {
  return name
    .split(" ")
    .reduce<Command | undefined>(
      (above, part) => above?.commands.find((one) => one.name() === part),
      grammar,
    );
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
    return words
      .split(/\s+/)
      .map(unquoted)
      .filter((word) => !word.startsWith("-") && TARGET.test(word));
  });
  return [...new Set(found.reverse())];
}

/** As a shell takes it: zsh wants the brackets of an IPv6 address quoted. */
function unquoted(word: string): string {
  const [, inside] =
    /^(?:'([^']*)'|"([^"$`]*)")$/.exec(word)?.filter((part) => part !== undefined) ?? [];
  return inside ?? word.replace(/\\([[\]])/g, "$1");
}

/** The names of a hosts file, but for those of this machine and of multicast groups. */
export function namesInHosts(hosts: string): readonly string[] {
  const names = hosts.split("\n").flatMap((line) => {
    const [address = "", ...rest] = line.replace(/#.*/, "").trim().split(/\s+/);
    return /^(127\.|::1$|f[ef]|0\.0\.0\.0)/i.test(address) ? [] : rest;
  });
  return [...new Set(names)].filter((name) => TARGET.test(name));
}

/** In /proc/net/tcp and tcp6 the local address, its port, the remote one, and the state: 0A is TCP_LISTEN (net/tcp_states.h). */
const LISTENING = /^\s*\d+: [0-9A-F]+:([0-9A-F]{4}) \S+ 0A /gm;

/** The TCP ports that are listened on, of the kernel's tables one after the other. */
export function portsListenedOn(tables: string): readonly string[] {
  const ports = [...tables.matchAll(LISTENING)].map(([, hex = ""]) => Number.parseInt(hex, 16));
  return [...new Set(ports)].sort((a, b) => a - b).map(String);
}

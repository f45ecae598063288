// What the shells' completions need: what was typed before, and what there is to explain and to run.

import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import {
  namesInHosts,
  portsListenedOn,
  printCompletionScript,
  printCompletions,
  targetsInHistory,
} from "../commands/completion.ts";
import type { Shell } from "../commands/shells.ts";
import { CAUSES } from "../diagnosis/causes/list.ts";
import type { Wiring } from "./wiring.ts";

export { printCompletionScript };

const HISTORIES = [".bash_history", ".zsh_history", ".local/share/fish/fish_history"];
const HOSTS = "/etc/hosts";
const TCP_TABLES = ["/proc/self/net/tcp", "/proc/self/net/tcp6"];

/** Handed in: to load them from here too would split the first packet's bundle. */
interface CompletionSources {
  readonly shells: readonly Shell[];
  readonly schemas: readonly string[];
  readonly scenarios: readonly { readonly name: string }[];
}

export async function complete(
  { own, print }: Wiring,
  grammar: Command,
  words: readonly string[],
  { shells, schemas, scenarios }: CompletionSources,
): Promise<void> {
  const { HISTFILE } = own.env;
  const files =
    HISTFILE === undefined ? HISTORIES.map((name) => join(homedir(), name)) : [HISTFILE];
  const [hosts = "", ...histories] = await Promise.all([HOSTS, ...files].map(readOrNothing));
  const values = {
    shells,
    schemas,
    causes: CAUSES.map(({ id }) => id),
    scenarios: scenarios.map(({ name }) => name),
    ports: portsListenedOn((await Promise.all(TCP_TABLES.map(readOrNothing))).join("\n")),
    targets: [...new Set([...histories.flatMap(targetsInHistory), ...namesInHosts(hosts)])],
  };
  printCompletions(grammar, words, values, print);
}

/** Nothing is lost where a file is not there: there is that much less to offer. */
const readOrNothing = (path: string) => readFile(path, "utf8").catch(() => "");

// How long what a fix does lasts, read from the commands that are printed.

import type { Fix } from "../../schema/verdict.ts";

export type Lasting =
  | "kept"
  | "until-restart"
  /** In a file that WSL or another program writes anew. */
  | "until-rewritten"
  | "this-shell"
  /** A setting of Windows that goes with its adapter or its VPN. */
  | "until-set-anew"
  /** An act, such as a restart: there is nothing to keep. */
  | "once"
  /** It changes nothing. */
  | "shows";

export const LASTS: Readonly<Record<Lasting, string>> = {
  kept: "stays after a restart",
  "until-restart": "until the next restart",
  "until-rewritten": "until the file is written anew",
  "this-shell": "in this shell alone",
  "until-set-anew": "until Windows sets it anew",
  once: "done once, and again where it comes back",
  shows: "only shows",
};

const SHOWS = new RegExp(
  [
    "^(sudo )?(ss|cat|grep|nft list|ip (-6 )?\\w+ (show|get))\\b",
    "^(Get|Find|Test|Start-Sleep|Format)\\b",
    "^netsh .*\\bshow\\b",
    "^(pktmon|curl|curl\\.exe|wsl -e true|wsl-trace)\\b",
  ].join("|"),
);
/** What is found goes on into something that changes it. */
const CHANGES = /\| *(Remove|Set|New|Disable|Enable|Restart|Stop|Start|Clear)-/;
const ACTS = new RegExp(
  [
    "^wsl --shutdown$",
    "^net (stop|start)\\b",
    "^Restart-",
    "^Start-Process\\b",
    "Get-HnsNetwork .*Remove-HnsNetwork$",
    "^sudo hwclock\\b",
    "^sudo ip (-6 )?route flush cache$",
  ].join("|"),
);
const SHELL = /^(export|unset) /;
/** Files that WSL, or what else runs the network, writes by itself. */
const REWRITTEN = /\/etc\/(resolv\.conf|hosts)\b/;

/** @param fix as it is published, or as the screen shows it: without `where` it is for Linux */
export function lastingOf({
  commands,
  persistent,
  where = "linux",
}: Pick<Fix, "commands" | "persistent"> & Partial<Pick<Fix, "where">>): Lasting {
  const shows = commands.filter((line) => SHOWS.test(line) && !CHANGES.test(line)).length;
  const acts = commands.filter((line) => ACTS.test(line)).length;
  if (shows > 0 && shows + acts === commands.length) return "shows";
  if (persistent) return "kept";
  if (acts === commands.length) return "once";
  if (commands.every((line) => SHELL.test(line))) return "this-shell";
  if (commands.some((line) => REWRITTEN.test(line))) return "until-rewritten";
  return where === "linux" ? "until-restart" : "until-set-anew";
}

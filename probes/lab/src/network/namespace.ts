// Network namespaces of the lab: their names, and how a program is run inside one.

import type { Role } from "../topology/topology.ts";
import type { Namespaces } from "./ip-batch.ts";

export const NAMESPACE_DIRECTORY = "/run/netns";

const LETTERS: Readonly<Record<Role, string>> = {
  guest: "g",
  host: "h",
  lan: "l",
  internet: "i",
  "vpn-gateway": "v",
  server: "s",
};

/** A program and its arguments. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
}

/** Unique for every lab of every process: wt, the process id, a letter, and a number from the second lab on. */
export function namespacesFor(roles: readonly Role[], pid: number, lab: number): Namespaces {
  const suffix = lab === 0 ? "" : String.fromCharCode("a".charCodeAt(0) + lab - 1);
  return Object.fromEntries(roles.map((role) => [role, `wt${pid}${LETTERS[role]}${suffix}`]));
}

/** How many labs one process can name. */
export const MAX_LABS = 27;

/** The process id in a namespace's name, null for any other name. */
export function pidOfNamespace(name: string): number | null {
  const match = /^wt([1-9]\d*)[ghlivs][a-z]?$/.exec(name);
  return match === null ? null : Number(match[1]);
}

/** nsenter and not `ip netns exec`: that one mounts /sys anew, which a user namespace may refuse. */
export function inNamespace(namespace: string, argv: readonly string[]): Command {
  return {
    file: "nsenter",
    args: [`--net=${NAMESPACE_DIRECTORY}/${namespace}`, "--", ...argv],
  };
}

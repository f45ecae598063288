// Options as a command inside the lab is given them: what was typed, but for the lab itself.

import type { Engine, MarkChoice } from "../schema/events/run.ts";

/** The options of commands that trace; the lab brings snapshot and authority of its own. */
export interface TypedFlags {
  readonly json?: true;
  readonly quiet?: true;
  readonly record?: string;
  readonly report?: string;
  readonly hostSnapshot?: string;
  readonly ca?: string;
  readonly port?: string;
  /** Milliseconds. */
  readonly timeout?: number;
  readonly maxHops?: number;
  readonly flows?: number;
  readonly engine?: Engine;
  readonly mark?: MarkChoice;
  /** Probes a second. */
  readonly rate?: number;
  readonly silentAddress?: string;
  /** Bytes; true where no number was given. */
  readonly transfer?: number | true;
  readonly interface?: string;
  /** Given as -n. */
  readonly names?: boolean;
  /** False: given as --no-ebpf. */
  readonly ebpf?: boolean;
  readonly allNetns?: true;
  readonly "4"?: true;
  readonly "6"?: true;
}

/** The same options as arguments; none that was left out. */
export function typedOptions(flags: TypedFlags): readonly string[] {
  const valued = [
    ["--report", flags.report],
    ["--record", flags.record],
    ["--host-snapshot", flags.hostSnapshot],
    ["--ca", flags.ca],
    ["--port", flags.port],
    ["--timeout", flags.timeout === undefined ? undefined : `${flags.timeout}ms`],
    ["--flows", flags.flows === undefined ? undefined : String(flags.flows)],
    ["--engine", flags.engine],
    ["--mark", flags.mark === undefined ? undefined : String(flags.mark)],
    ["--rate", flags.rate === undefined ? undefined : String(flags.rate)],
    ["--silent-address", flags.silentAddress],
    ["--transfer", typeof flags.transfer === "number" ? String(flags.transfer) : undefined],
    ["--interface", flags.interface],
    ["--max-hops", flags.maxHops === undefined ? undefined : String(flags.maxHops)],
  ] as const;
  const plain = [
    ["--json", flags.json],
    ["--quiet", flags.quiet],
    ["--no-names", flags.names === false],
    ["--no-ebpf", flags.ebpf === false],
    ["--all-netns", flags.allNetns],
    ["--transfer", flags.transfer === true],
    ["-4", flags["4"]],
    ["-6", flags["6"]],
  ] as const;
  return [
    ...valued.flatMap(([name, value]) => (value === undefined ? [] : [name, value])),
    ...plain.flatMap(([name, given]) => (given ? [name] : [])),
  ];
}

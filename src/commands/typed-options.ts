// Options as a command inside the lab is given them: what was typed, but for the lab itself.

import type { Engine, MarkChoice } from "../schema/events/run.ts";
import type { LanguageCode, VantagePoint } from "../schema/run-choices.ts";
import type { Theme } from "./themes.ts";

/** The options of commands that trace; the lab brings snapshot and authority of its own. */
export interface TypedFlags {
  readonly json?: true;
  readonly quiet?: true;
  readonly explainRun?: true;
  readonly record?: string;
  readonly report?: string;
  readonly pcap?: string;
  readonly otlp?: string;
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
  readonly watch?: true;
  readonly rounds?: number;
  readonly interface?: string;
  /** Given as -n. */
  readonly names?: boolean;
  /** False: given as --no-ebpf. */
  readonly ebpf?: boolean;
  readonly allNetns?: true;
  /** False: given as --no-wait. */
  readonly wait?: boolean;
  /** False: given as --no-redact. */
  readonly redact?: boolean;
  readonly redactTarget?: true;
  readonly theme?: Theme;
  readonly ascii?: true;
  readonly lang?: LanguageCode;
  readonly from?: VantagePoint;
  readonly "4"?: true;
  readonly "6"?: true;
}

/** The same options as arguments; none that was left out. */
export function typedOptions(flags: TypedFlags): readonly string[] {
  const valued = [
    ["--theme", flags.theme],
    ["--lang", flags.lang],
    ["--from", flags.from],
    ["--report", flags.report],
    ["--record", flags.record],
    ["--pcap", flags.pcap],
    ["--otlp", flags.otlp],
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
    ["--rounds", flags.rounds === undefined ? undefined : String(flags.rounds)],
    ["--max-hops", flags.maxHops === undefined ? undefined : String(flags.maxHops)],
  ] as const;
  const plain = [
    ["--json", flags.json],
    ["--ascii", flags.ascii],
    ["--watch", flags.watch],
    ["--quiet", flags.quiet],
    ["--explain-run", flags.explainRun],
    ["--no-names", flags.names === false],
    ["--no-ebpf", flags.ebpf === false],
    ["--all-netns", flags.allNetns],
    ["--no-wait", flags.wait === false],
    ["--no-redact", flags.redact === false],
    ["--redact-target", flags.redactTarget],
    ["--transfer", flags.transfer === true],
    ["-4", flags["4"]],
    ["-6", flags["6"]],
  ] as const;
  return [
    ...valued.flatMap(([name, value]) => (value === undefined ? [] : [name, value])),
    ...plain.flatMap(([name, given]) => (given ? [name] : [])),
  ];
}

// The grammar of the commands that read finished runs: `wsl-trace replay`, `wsl-trace report` and `wsl-trace diff`.

import { type Command, InvalidArgumentError, Option } from "commander";
import type { LanguageCode } from "../schema/run-choices.ts";
import type { DiffRequest } from "./diff.ts";
import { languageOption } from "./language-option.ts";
import { OPTION_TEXTS } from "./option-texts.ts";
import { checkReport, readRedaction } from "./readers.ts";
import type { ReplayOptions } from "./replay.ts";
import type { ReportRequest } from "./report.ts";
import { readLook, themeOption } from "./theme-option.ts";
import type { TypedFlags } from "./typed-options.ts";

interface ReportFlags extends Pick<TypedFlags, "redact" | "redactTarget"> {
  readonly to: ReportRequest["reader"];
  readonly out?: string;
  readonly copy?: true;
  readonly lang?: LanguageCode;
}

interface ReplayFlags extends TypedFlags {
  readonly explainRun?: true;
  readonly lang?: LanguageCode;
  readonly once?: true;
}

const READERS = [
  "wsl",
  "vpn-client",
  "issue",
] as const satisfies readonly ReportRequest["reader"][];

/** Adds the command; `run` gets its options, read and checked. */
export function addReport(
  program: Command,
  run: (files: readonly string[], request: ReportRequest) => Promise<void>,
): void {
  program
    .command("report <recording...>")
    .description("recordings or JSON reports as one bug report: Markdown, or what --out names")
    .addOption(
      new Option("--to <reader>", "whose form the Markdown follows")
        .choices(READERS)
        .default(READERS[0]),
    )
    .option("--out <file>", "write it to a file: .md, .html, .json or .txt", checkReport)
    .addOption(languageOption())
    .option("--copy", "put it on the clipboard, redacted: Windows' from WSL, else the terminal's")
    .option("--no-redact", OPTION_TEXTS.noRedact)
    .option("--redact-target", OPTION_TEXTS.redactTarget)
    .action((files: readonly string[], flags: ReportFlags) =>
      run(files, {
        reader: flags.to,
        outFile: flags.out ?? null,
        copy: flags.copy === true,
        lang: flags.lang ?? "en",
        redaction: readRedaction(flags),
      }),
    );
}

interface DiffFlags extends Pick<TypedFlags, "json" | "redact" | "redactTarget"> {
  readonly out?: string;
}

/** Adds the command; `run` gets its options, read and checked. */
export function addDiff(program: Command, run: (request: DiffRequest) => Promise<void>): void {
  program
    .command("diff <before> <after>")
    .description("what changed in the network between two runs: recordings, or reports in JSON")
    .option("--json", OPTION_TEXTS.json)
    .option("--out <file>", "write it to a file, too: .md, .json or .txt", checkDiff)
    .option("--no-redact", OPTION_TEXTS.noRedact)
    .option("--redact-target", OPTION_TEXTS.redactTarget)
    .addHelpText("after", DIFF_HELP)
    .action((before: string, after: string, flags: DiffFlags) =>
      run({
        before,
        after,
        json: flags.json === true,
        outFile: flags.out ?? null,
        redaction: readRedaction(flags),
      }),
    );
}

function checkDiff(file: string): string {
  if (/\.(md|json|txt)$/.test(file)) return file;
  throw new InvalidArgumentError("A comparison is a file of .md, .json or .txt.");
}

const DIFF_HELP = `
Times, ids, ports and numbers of packets do not matter; what one run did not see is no change.

Exit code: 0 nothing that matters changed, 1 something did, 2 usage or unreadable input.
`;

/** Adds the command; `run` gets its options, read. */
export function addReplay(
  program: Command,
  run: (file: string, options: ReplayOptions) => Promise<void>,
): void {
  program
    .command("replay <recording>")
    .description("diagnose a recording again")
    .option("--json", OPTION_TEXTS.json)
    .option("--explain-run", OPTION_TEXTS.explainRun)
    .addOption(languageOption())
    .option("--record <file>", "write the recording again, redacted")
    .option(
      "--pcap <file>",
      "write its probes and answers, rebuilt from its events, to a pcapng file",
    )
    .option("--otlp <url>", OPTION_TEXTS.otlp)
    .option("--once", "print the report, on a terminal too: no screen")
    .addOption(themeOption())
    .option("--ascii", OPTION_TEXTS.ascii)
    .option("--no-redact", OPTION_TEXTS.noRedact)
    .option("--redact-target", OPTION_TEXTS.redactTarget)
    .action(async (file: string, flags: ReplayFlags) => {
      const { json, record, pcap, explainRun, lang } = flags;
      const choice = { json: json === true, explainRun: explainRun === true };
      const options = {
        ...choice,
        lang: lang ?? "en",
        recordFile: record ?? null,
        pcapFile: pcap ?? null,
        otlp: flags.otlp ?? null,
        once: flags.once === true,
        ...readLook(flags),
        redaction: readRedaction(flags),
      };
      await run(file, options);
    });
}

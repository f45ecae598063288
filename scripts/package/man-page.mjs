// The man page, in the macros of man(7), from the command line's grammar.

/**
 * @param program commander's, with every command
 * @param about `version`, `date` (of the sources, YYYY-MM-DD), `examples` (task and command of each)
 */
export function manPage(program, { version, date, examples }) {
  const commands = visible(program);
  return `${[
    // A date is no text: its hyphens stay as they are.
    `.TH WSL-TRACE 1 ${date} ${quoted(`wsl-trace ${version}`)}`,
    ".SH NAME",
    text(`wsl-trace - ${lowerFirst(program.description().replace(/\.$/, ""))}`),
    ".SH SYNOPSIS",
    ".B wsl-trace",
    ".I command",
    "[\\fIoptions\\fR] [\\fIarguments\\fR]",
    ".SH DESCRIPTION",
    text(ABOUT),
    ".SH COMMANDS",
    ...commands.flatMap((command) => commandLines(program.createHelp(), command)),
    ".SH EXIT STATUS",
    ...EXIT_CODES.flatMap(([code, meaning]) => tagged(`.B ${code}`, meaning)),
    ".SH ENVIRONMENT",
    ...ENVIRONMENT.flatMap(([name, meaning]) => tagged(`.B ${name}`, meaning)),
    ".SH EXAMPLES",
    ...examples.flatMap(([task, command]) => [
      ".TP",
      text(sentence(task)),
      `.B ${escaped(command)}`,
    ]),
    ".SH SEE ALSO",
    ".BR traceroute (8),",
    ".BR tracepath (8),",
    ".BR mtr (8),",
    ".BR ip (8)",
  ].join("\n")}\n`;
}

const ABOUT =
  "Sends probes along the path to a target, sweeps packet sizes in both directions, reads what the Linux kernel and Windows report, and ends with the root cause, its evidence, what was ruled out, and the command that fixes it. No sudo is needed; what a privilege would add is printed with the command that gives it.";

const EXIT_CODES = [
  ["0", "healthy (notes do not change it)"],
  ["1", "fault or degraded"],
  ["2", "usage error or unreadable input"],
  ["3", "inconclusive, or it could not measure"],
  ["129, 130, 131, 143", "ended by SIGHUP, SIGINT, SIGQUIT, SIGTERM"],
];

const ENVIRONMENT = [
  [
    "HTTPS_PROXY, NO_PROXY, ALL_PROXY",
    "the proxy that programs take, read as curl reads it (lower case first)",
  ],
  ["SSL_CERT_FILE, NODE_EXTRA_CA_CERTS", "certificates that are trusted besides the system's"],
  ["NO_COLOR", "no colours on the terminal"],
  ["WSL_TRACE_CACHE", "where the self-contained file unpacks itself"],
];

/** A command, and behind it the commands below it. */
function commandLines(help, command, parents = []) {
  const names = [...parents, command.name()];
  const below = visible(command);
  if (below.length > 0) return below.flatMap((inner) => commandLines(help, inner, names));
  const words = command.registeredArguments.map((argument) => help.argumentTerm(argument));
  const usage = [...names, ...command.usage().replace("[options]", "").trim().split(/\s+/)].join(
    " ",
  );
  const options = help.visibleOptions(command);
  return [
    `.SS ${quoted(words.length === 0 ? names.join(" ") : usage)}`,
    text(sentence(help.commandDescription(command))),
    ...options.flatMap((option) =>
      tagged(`.B ${escaped(help.optionTerm(option))}`, help.optionDescription(option)),
    ),
  ];
}

function visible(command) {
  return command
    .createHelp()
    .visibleCommands(command)
    .filter((one) => one.name() !== "help");
}

function tagged(tag, meaning) {
  return [".TP", tag, text(meaning)];
}

function sentence(words) {
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}.`;
}

function lowerFirst(words) {
  return `${words.slice(0, 1).toLowerCase()}${words.slice(1)}`;
}

// mandoc's style; roff joins them again.
const LONGEST_LINE = 78;

/** Text for lines of its own. */
function text(words) {
  const lines = [""];
  for (const word of escaped(words).split(" ")) {
    const line = lines.at(-1);
    if (line !== "" && line.length + word.length >= LONGEST_LINE) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines.map((line) => line.replace(/^[.']/, "\\&$&")).join("\n");
}

/** roff reads backslashes anywhere, and makes a hyphen that nobody can copy of a minus. */
function escaped(words) {
  return words.replaceAll("\\", "\\e").replaceAll("-", "\\-");
}

function quoted(words) {
  return `"${escaped(words).replaceAll('"', '""')}"`;
}

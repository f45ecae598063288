// What the help says of options that several commands have, each once.

export const OPTION_TEXTS = {
  json: "the report as JSON on standard output",
  report: "write the report to a file (.json, or text)",
  record: "write every event to a file, raw, for replay",
  snapshot: 'a saved Windows snapshot, or "none"',
  lab: "run in the built-in lab (wsl-trace lab list)",
  quiet: "the verdict in one line",
  noRedact: "accepted: reports of this version hold real names",
  debug: "show where an error came from",
} as const;

// What the help says of options that several commands have, each once.

export const OPTION_TEXTS = {
  json: "the report as JSON on standard output",
  report: "write the report to a file: .md, .html, .json or .txt",
  record: "write every event to a file, raw, for replay",
  pcap: "write probes and answers to a pcapng file; true packets as root, else rebuilt",
  otlp: "send the run to a collector by OTLP, redacted, as http://localhost:4318",
  redactTarget: "replace the target's name and addresses in JSON and report files too",
  snapshot: 'a saved Windows snapshot, or "none"',
  watch: "go on after the verdict: rounds, and a new verdict where the network changes",
  rounds: "with --watch: end after so many rounds",
  lab: "run in the built-in lab (wsl-trace lab list)",
  explainRun: "print the argument step by step: tried, came back, proves, rules out",
  lang: "language of text, Markdown and HTML (default: en); JSON and the screen are English",
  theme: "colours of the screen",
  ascii: "draw the screen without lines, bars and arrows",
  quiet: "the verdict in one line",
  noRedact: "real names and addresses in JSON and report files too",
  debug: "show where an error came from",
} as const;

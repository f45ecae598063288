// The commands that are ended, and what their end may leave: what was asked for, and nothing else.

import { SITE } from "../../lab/independent/chain.ts";

export const AS = ["root", "user", "sudo"] as const;
export type As = (typeof AS)[number];

/** What a command may write: recordings, reports and journals that its options name. */
export const OUT = "/mnt/out";
/** A web server's, and one whose packets nobody answers. */
export const PORT = 8080;
export const SILENT_PORT = 8081;
const FREE_PORT = 8090;

const URL = `http://${SITE[4]}:${PORT}/`;
const RECORDED = ["--record", `${OUT}/run.ndjson`, "--report", `${OUT}/run.md`];
const NO_WINDOWS = ["--host-snapshot", "none"];
/** A program whose connection hangs. */
const HANGS = `require("node:net").connect(${SILENT_PORT}, "${SITE[4]}"); setTimeout(() => undefined, 12_000);`;
/** Its own, which no command line of the tool has in it. */
export const PROGRAM_MARK = "setTimeout(() => undefined, 12_000)";

export interface Row {
  readonly name: string;
  readonly as: readonly As[];
  readonly argv: readonly string[];
  /** Goes on until somebody ends it. */
  readonly endless?: boolean;
  /** Shell, before each start: what a fix has to mend, and the run that found it. */
  readonly before?: string;
  /** What takes back what a kill has left, which no process can do for itself any more. */
  readonly takesBack?: readonly string[];
  /** It changes settings, and keeps them where it ends well. */
  readonly changes?: boolean;
}

const traced = (argv: readonly string[], as: Row["as"] = AS): Omit<Row, "name"> => ({
  as,
  argv: [...argv, ...NO_WINDOWS, ...RECORDED],
});

export const ROWS: readonly Row[] = [
  { name: "path", ...traced(["path", URL]) },
  { name: "path --pcap", ...traced(["path", URL, "--pcap", `${OUT}/run.pcapng`], ["root"]) },
  { name: "path --no-ebpf", ...traced(["path", URL, "--no-ebpf"], ["root", "sudo"]) },
  { name: "path --engine", ...traced(["path", URL, "--engine", "raw-socket"], ["root"]) },
  { name: "mtu", ...traced(["mtu", URL]) },
  { name: "dns", ...traced(["dns", "name.example"]) },
  { name: "env", as: ["root", "user"], argv: ["env", ...NO_WINDOWS] },
  {
    name: "path --watch",
    as: AS,
    argv: ["path", URL, "--watch", ...NO_WINDOWS, ...RECORDED],
    endless: true,
  },
  {
    name: "run",
    as: AS,
    argv: ["run", ...NO_WINDOWS, ...RECORDED, "--", process.execPath, "-e", HANGS],
  },
  { name: "inbound", ...traced(["inbound", `${FREE_PORT}`]) },
  {
    name: "watch",
    as: AS,
    argv: ["watch", URL, "--every", "1s", "--dir", `${OUT}/watch`, ...NO_WINDOWS],
    endless: true,
  },
  { name: "drops", as: ["root", "sudo"], argv: ["drops", "--all"], endless: true },
  {
    name: "fix --apply",
    as: ["root"],
    argv: ["fix", "--apply", "--yes"],
    before: `ip route replace blackhole ${SITE[4]}/32 && "$NODE" "$CLI" path ${URL} ${NO_WINDOWS.join(" ")} > /dev/null; true`,
    takesBack: ["fix", "--undo"],
    changes: true,
  },
  {
    name: "lab run",
    as: ["root", "user"],
    argv: ["lab", "run", "wsl2-vpn", "-4"],
    takesBack: ["lab", "clean"],
  },
  {
    name: "lab run --fix",
    as: ["root", "user"],
    argv: ["lab", "run", "wsl2-vpn", "-4", "--fix"],
    takesBack: ["lab", "clean"],
  },
];

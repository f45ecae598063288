// The choices of a run's options, as plain values: the command line's help needs them and no schema.

/** More would take minutes: routers answer about one probe a second. */
export const MAX_FLOWS = 64;

/** How much of a long answer is read. */
export const TRANSFER_BYTES = 262_144;

/** What sends single-packet probes: the kernel's sockets through koffi, or raw packets. */
export const ENGINES = ["koffi", "raw-socket"] as const;

/** What a target is spoken to in; "unknown": the port has no protocol of its own, so that what it speaks is tried. */
export const SCHEMES = [
  "https",
  "http",
  "ssh",
  "git",
  "smtp",
  "smtps",
  "imap",
  "imaps",
  "pop3",
  "pop3s",
  "ftp",
  "postgres",
  "mysql",
  "tcp",
  "udp",
  "icmp",
  "unknown",
] as const;
export type Scheme = (typeof SCHEMES)[number];

/** Who chose a target's port. */
export const PORT_ORIGINS = ["user", "scheme", "default"] as const;

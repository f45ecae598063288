// The choices of a run's options, as plain values: the command line's help needs them and no schema.

/** More would take minutes: routers answer about one probe a second. */
export const MAX_FLOWS = 64;

/** How much of a long answer is read. */
export const TRANSFER_BYTES = 262_144;

/** The most that a user may ask for: of an answer some seconds of a fast line, of a stall five minutes. */
export const MAX_TRANSFER_BYTES = 67_108_864;
export const MAX_TIMEOUT_MS = 300_000;
/** Probes a second. */
export const MAX_RATE = 10_000;

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

/** Languages of reports, as `--lang` takes them (BCP 47); JSON is in none of them. */
export const LANGUAGES = ["en", "zh"] as const;
export type LanguageCode = (typeof LANGUAGES)[number];

/** From where a service of the distro may have to be reachable. */
export const VANTAGE_POINTS = ["windows", "lan", "vpn"] as const;
export type VantagePoint = (typeof VANTAGE_POINTS)[number];

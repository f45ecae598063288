// The choices of a run's options, as plain values: the command line's help needs them and no schema.

/** More would take minutes: routers answer about one probe a second. */
export const MAX_FLOWS = 64;

/** What sends single-packet probes: the kernel's sockets through koffi, or raw packets. */
export const ENGINES = ["koffi", "raw-socket"] as const;

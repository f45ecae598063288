// A drop as `wsl-trace drops` reports it, while it happens.

export interface LiveDrop {
  readonly kind: "drop";
  /** ISO 8601, by the kernel's clock. */
  readonly at: string;
  /** The kernel's own name without SKB_DROP_REASON_; null when it gave none. */
  readonly reason: string | null;
  readonly inferred: boolean;
  readonly meaning: string | null;
  /** The kernel's function that gave it up; null where addresses are hidden. */
  readonly symbol: string | null;
  readonly interface: string | null;
  /** Of another network namespace: its name, or its inode; null for the own one, or where it is not known. */
  readonly namespace: string | null;
  /** IP's protocol number; null for what is no IP packet, or where it is not known. */
  readonly protocol: number | null;
  readonly source: string | null;
  readonly destination: string | null;
  readonly sourcePort: number | null;
  readonly destinationPort: number | null;
  readonly ttl: number | null;
  readonly sizeBytes: number | null;
  /** An ICMP error: addresses and ports are those of its original datagram. */
  readonly quoted: boolean;
  /** The ICMP error that this host sent because of it, "3/3". */
  readonly icmpSent: string | null;
  /** The cookie of a probe, by which it is known in a recording. */
  readonly cookie: number | null;
  /** The mark of this tool's packet, or of the one that it answers, by which it is known in a recording too. */
  readonly mark: number | null;
}

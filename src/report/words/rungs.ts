// What is not seen without a privilege or a system call, and so what a verdict then leaves open.

/** By the names of probes/linux/privileges.ts and probes/kernel/privilege.ts. */
export const NOT_SEEN: Readonly<Record<string, string>> = {
  "udp-error-queue": "the routers on the path and the sizes that UDP passes",
  "ip-ttl": "the routers on the path, so that what is lost has no place",
  "reply-ttl": "how far away whoever answers is",
  "path-mtu": "a PMTU that this kernel has cached",
  "mtu-discovery": "outbound sizes by UDP, as every ICMP error would change the PMTU",
  timestamps: "when the kernel got an answer: times are those of this program",
  "tcp-maxseg": "which inbound sizes pass, so that a silent limit is no more than a hang",
  "tcp-info": "the size of what comes in, and what was sent again",
  "ping-socket": "what answers echo requests",
  "raw-socket": "what is behind a PMTU that this kernel has cached",
  netlink: "policy rules, and routes beside the main table's",
  "kernel-events": "what this kernel drops",
};

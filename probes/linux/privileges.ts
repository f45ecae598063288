// The privileges of this process that give evidence: each is checked, none is assumed.

import type { Privilege } from "../../src/schema/events/guest.ts";
import { probeKernelEvents } from "../kernel/privilege.ts";
import {
  AF_INET,
  IP_MTU,
  IP_MTU_DISCOVER,
  IP_RECVERR,
  IP_RECVTTL,
  IP_TTL,
  IPPROTO_ICMP,
  IPPROTO_IP,
  IPPROTO_TCP,
  PMTUDISC_PROBE,
  SO_TIMESTAMPNS,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
  SOCK_RAW,
  SOCK_STREAM,
  SOL_SOCKET,
  TCP_INFO,
  TCP_MAXSEG,
} from "../native/constants.ts";
import { errorQueueRefused } from "../native/error-queue-check.ts";
import { errnoName, type Libc } from "../native/libc.ts";
import { isPackageInstalled } from "../native/raw-socket.ts";

type ProbedPrivilege = Omit<Privilege, "kind">;

/**
 * @param libc the calls, or why there are none
 * @param ebpf false: it is not even tried
 * @param elsewhere where calls are to be had that are refused here
 */
export async function probePrivileges(
  libc: Libc | string,
  ebpf: boolean,
  elsewhere: string,
): Promise<readonly ProbedPrivilege[]> {
  const sockets =
    typeof libc === "string"
      ? SOCKET_PRIVILEGES.map(({ rung }) => ({
          rung,
          available: false,
          reason: libc,
          enable: null,
        }))
      : SOCKET_PRIVILEGES.map((tried) => probeSocket(libc, tried, elsewhere));
  return [
    { rung: "reading", available: true, reason: null, enable: null },
    ...sockets.map(rawPackage),
    await probeKernelEvents(ebpf),
  ];
}

interface SocketPrivilege {
  readonly rung: string;
  readonly domain?: number;
  readonly type: number;
  readonly protocol?: number;
  /** An option that must be accepted. */
  readonly option?: Option;
  /** Whether the error queue must be readable too. */
  readonly errorQueue?: boolean;
  readonly enable?: string;
}

interface Option {
  readonly name: string;
  readonly level: number;
  readonly number: number;
  /** What is set; absent where it is only read. */
  readonly value?: number;
}

/** linux/socket.h */
const AF_NETLINK = 16;
/** Any legal MSS. */
const SOME_MSS = 1200;
const SOME_TTL = 64;

/** What any socket takes is asked of one for TCP: UDP may be refused by itself. */
const SOCKET_PRIVILEGES: readonly SocketPrivilege[] = [
  {
    rung: "udp-error-queue",
    type: SOCK_DGRAM,
    option: { name: "IP_RECVERR", level: IPPROTO_IP, number: IP_RECVERR, value: 1 },
    errorQueue: true,
  },
  {
    rung: "ip-ttl",
    type: SOCK_STREAM,
    option: { name: "IP_TTL", level: IPPROTO_IP, number: IP_TTL, value: SOME_TTL },
  },
  {
    rung: "reply-ttl",
    type: SOCK_STREAM,
    option: { name: "IP_RECVTTL", level: IPPROTO_IP, number: IP_RECVTTL, value: 1 },
  },
  {
    rung: "path-mtu",
    type: SOCK_STREAM,
    option: { name: "IP_MTU", level: IPPROTO_IP, number: IP_MTU },
  },
  {
    rung: "mtu-discovery",
    type: SOCK_STREAM,
    option: {
      name: "IP_MTU_DISCOVER",
      level: IPPROTO_IP,
      number: IP_MTU_DISCOVER,
      value: PMTUDISC_PROBE,
    },
  },
  {
    rung: "timestamps",
    type: SOCK_STREAM,
    option: { name: "SO_TIMESTAMPNS", level: SOL_SOCKET, number: SO_TIMESTAMPNS, value: 1 },
  },
  {
    rung: "tcp-maxseg",
    type: SOCK_STREAM,
    option: { name: "TCP_MAXSEG", level: IPPROTO_TCP, number: TCP_MAXSEG, value: SOME_MSS },
  },
  {
    rung: "tcp-info",
    type: SOCK_STREAM,
    option: { name: "TCP_INFO", level: IPPROTO_TCP, number: TCP_INFO },
  },
  { rung: "netlink", domain: AF_NETLINK, type: SOCK_RAW },
  {
    rung: "ping-socket",
    type: SOCK_DGRAM,
    protocol: IPPROTO_ICMP,
    enable: 'sudo sysctl -w net.ipv4.ping_group_range="0 2147483647"',
  },
  {
    rung: "raw-socket",
    type: SOCK_RAW,
    protocol: IPPROTO_ICMP,
    enable: "run it with sudo, or give node CAP_NET_RAW",
  },
];

/** The privilege alone sends nothing: that needs the package too, which npm may have left out. */
function rawPackage(tried: ProbedPrivilege): ProbedPrivilege {
  if (tried.rung !== "raw-socket" || !tried.available || isPackageInstalled()) return tried;
  const reason = "the package raw-socket is not installed";
  return { ...tried, available: false, reason, enable: "npm install, with a C++ compiler at hand" };
}

const OPTION_BYTES = 512;

function probeSocket(
  libc: Libc,
  { rung, domain = AF_INET, type, protocol = 0, option, errorQueue, enable }: SocketPrivilege,
  elsewhere: string,
): ProbedPrivilege {
  const no = (reason: string): ProbedPrivilege => ({
    rung,
    available: false,
    reason,
    enable: enable ?? elsewhere,
  });
  const fd = libc.socket(domain, type | SOCK_CLOEXEC, protocol);
  if (fd < 0) return no(`socket: ${errnoName(libc.errno())}`);
  try {
    const error = option === undefined ? null : optionRefused(libc, fd, option);
    if (error !== null) return no(`${option?.name}: ${error}`);
    const unread = errorQueue === true ? errorQueueRefused(libc, fd) : null;
    if (unread !== null) return no(unread);
    return { rung, available: true, reason: null, enable: null };
  } finally {
    libc.close(fd);
  }
}

/** @returns errno's name, null where it is accepted */
function optionRefused(libc: Libc, fd: number, { level, number, value }: Option): string | null {
  const bytes = Buffer.alloc(OPTION_BYTES);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(bytes.length);
  bytes.writeInt32LE(value ?? 0);
  const result =
    value === undefined
      ? libc.getsockopt(fd, level, number, bytes, size)
      : libc.setsockopt(fd, level, number, bytes, 4);
  if (result >= 0) return null;
  const error = errnoName(libc.errno());
  // IP_MTU is known, and is that of a connection (ip(7)).
  return error === "ENOTCONN" ? null : error;
}

// The privileges of this process that give evidence: each is checked, none is assumed.

import type { Privilege } from "../../src/schema/events/guest.ts";
import { probeKernelEvents } from "../kernel/privilege.ts";
import {
  AF_INET,
  IP_RECVERR,
  IPPROTO_ICMP,
  IPPROTO_IP,
  IPPROTO_TCP,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
  SOCK_RAW,
  SOCK_STREAM,
  TCP_INFO,
  TCP_MAXSEG,
} from "../native/constants.ts";
import { errnoName, type Libc } from "../native/libc.ts";
import { isPackageInstalled } from "../native/raw-socket.ts";

type ProbedPrivilege = Omit<Privilege, "kind">;

/**
 * @param libc the calls, or why there are none
 * @param ebpf false: it is not even tried
 */
export async function probePrivileges(
  libc: Libc | string,
  ebpf: boolean,
): Promise<readonly ProbedPrivilege[]> {
  const sockets =
    typeof libc === "string"
      ? SOCKET_PRIVILEGES.map(({ rung }) => ({
          rung,
          available: false,
          reason: libc,
          enable: null,
        }))
      : SOCKET_PRIVILEGES.map((tried) => probeSocket(libc, tried));
  return [
    { rung: "reading", available: true, reason: null, enable: null },
    ...sockets.map(rawPackage),
    await probeKernelEvents(ebpf),
  ];
}

interface SocketPrivilege {
  readonly rung: string;
  readonly type: number;
  readonly protocol: number;
  /** An option that must be accepted, with the call that sets it. */
  readonly option: { readonly level: number; readonly name: number; readonly get: boolean } | null;
  readonly enable: string | null;
}

const SOCKET_PRIVILEGES: readonly SocketPrivilege[] = [
  {
    rung: "udp-error-queue",
    type: SOCK_DGRAM,
    protocol: 0,
    option: { level: IPPROTO_IP, name: IP_RECVERR, get: false },
    enable: null,
  },
  {
    rung: "tcp-maxseg",
    type: SOCK_STREAM,
    protocol: 0,
    option: { level: IPPROTO_TCP, name: TCP_MAXSEG, get: false },
    enable: null,
  },
  {
    rung: "tcp-info",
    type: SOCK_STREAM,
    protocol: 0,
    option: { level: IPPROTO_TCP, name: TCP_INFO, get: true },
    enable: null,
  },
  {
    rung: "ping-socket",
    type: SOCK_DGRAM,
    protocol: IPPROTO_ICMP,
    option: null,
    enable: 'sudo sysctl -w net.ipv4.ping_group_range="0 2147483647"',
  },
  {
    rung: "raw-socket",
    type: SOCK_RAW,
    protocol: IPPROTO_ICMP,
    option: null,
    enable: "run it with sudo, or give node CAP_NET_RAW",
  },
];

/** The privilege alone sends nothing: that needs the package too, which npm may have left out. */
function rawPackage(tried: ProbedPrivilege): ProbedPrivilege {
  if (tried.rung !== "raw-socket" || !tried.available || isPackageInstalled()) return tried;
  const reason = "the package raw-socket is not installed";
  return { ...tried, available: false, reason, enable: "npm install, with a C++ compiler at hand" };
}

/** The MSS that is set to see whether it can be: any legal one. */
const SOME_MSS = 1200;

function probeSocket(
  libc: Libc,
  { rung, type, protocol, option, enable }: SocketPrivilege,
): ProbedPrivilege {
  const no = (reason: string): ProbedPrivilege => ({ rung, available: false, reason, enable });
  const fd = libc.socket(AF_INET, type | SOCK_CLOEXEC, protocol);
  if (fd < 0) return no(`socket: ${errnoName(libc.errno())}`);
  try {
    if (option !== null) {
      const value = Buffer.alloc(512);
      value.writeInt32LE(option.name === TCP_MAXSEG ? SOME_MSS : 1);
      const size = Buffer.alloc(4);
      size.writeUInt32LE(value.length);
      const result = option.get
        ? libc.getsockopt(fd, option.level, option.name, value, size)
        : libc.setsockopt(fd, option.level, option.name, value, 4);
      if (result < 0) return no(`socket option: ${errnoName(libc.errno())}`);
    }
    return { rung, available: true, reason: null, enable: null };
  } finally {
    libc.close(fd);
  }
}

// System calls that a kernel, WSL1 or a sandbox refuses, as a seccomp filter (linux/seccomp.h, linux/filter.h).

/** asm/unistd.h of x86-64 and asm-generic/unistd.h, which arm64 has. */
const NUMBERS = {
  x64: { socket: 41, recvmsg: 47, setsockopt: 54, getsockopt: 55, bpf: 321, perf_event_open: 298 },
  arm64: {
    socket: 198,
    recvmsg: 212,
    setsockopt: 208,
    getsockopt: 209,
    bpf: 280,
    perf_event_open: 241,
  },
} as const;
type Call = keyof (typeof NUMBERS)["x64"];

/** linux/audit.h: AUDIT_ARCH_X86_64, AUDIT_ARCH_AARCH64. */
const ARCHITECTURES = { x64: 0xc000003e, arm64: 0xc00000b7 } as const;

/** asm-generic/errno.h */
const EPERM = 1;
const EACCES = 13;
const EINVAL = 22;
const ENOSYS = 38;
const ENOPROTOOPT = 92;
const EAFNOSUPPORT = 97;

/** The argument at `at` under the mask is the value. */
interface Match {
  readonly at: number;
  readonly mask?: number;
  readonly value: number;
}

interface Rule {
  readonly call: Call;
  readonly where: readonly Match[];
  readonly errno: number;
}

const IP = 0;
const SOL_SOCKET = 1;
const TCP = 6;
const IPV6 = 41;
const AF_INET = 2;
const AF_INET6 = 10;
const AF_NETLINK = 16;
const AF_PACKET = 17;
const STREAM = 1;
const DGRAM = 2;
const ANY_TYPE = 0xf;

/** Both ways of it: to set and to read. */
function option(level: number, name: number): readonly Rule[] {
  const where = [
    { at: 1, value: level },
    { at: 2, value: name },
  ];
  return (["setsockopt", "getsockopt"] as const).map((call) => ({
    call,
    where,
    errno: ENOPROTOOPT,
  }));
}

function socket(
  family: number,
  type: number | null,
  protocol: number | null,
  errno: number,
): readonly Rule[] {
  const where = [
    { at: 0, value: family },
    ...(type === null ? [] : [{ at: 1, mask: ANY_TYPE, value: type }]),
    ...(protocol === null ? [] : [{ at: 2, value: protocol }]),
  ];
  return [{ call: "socket", where, errno }];
}

const udp = [AF_INET, AF_INET6].flatMap((family) => [
  ...socket(family, DGRAM, 0, EACCES),
  ...socket(family, DGRAM, 17, EACCES),
]);
const MSG_ERRQUEUE = 0x2000;
const ENABLE_ERRORS = [...option(IP, 11), ...option(IPV6, 25)];
const READ_ERRORS: readonly Rule[] = [
  { call: "recvmsg", where: [{ at: 2, mask: MSG_ERRQUEUE, value: MSG_ERRQUEUE }], errno: EINVAL },
];
const TCP_INFO = option(TCP, 11);
const MAXSEG = option(TCP, 2);
const TIMESTAMPS = option(SOL_SOCKET, 35);
const MTU = [...option(IP, 14), ...option(IPV6, 24)];
const DISCOVER = [...option(IP, 10), ...option(IPV6, 23)];
const TTL = [...option(IP, 2), ...option(IPV6, 16)];
const RECEIVED_TTL = [...option(IP, 12), ...option(IPV6, 51)];
const PING = [...socket(AF_INET, DGRAM, 1, EACCES), ...socket(AF_INET6, DGRAM, 58, EACCES)];
const NETLINK = socket(AF_NETLINK, null, null, EAFNOSUPPORT);
const BPF: readonly Rule[] = [
  { call: "bpf", where: [], errno: EPERM },
  { call: "perf_event_open", where: [], errno: EPERM },
];

const WITHOUT_LINUX: readonly Rule[] = [
  ...TCP_INFO,
  ...MAXSEG,
  ...ENABLE_ERRORS,
  ...READ_ERRORS,
  ...TIMESTAMPS,
  ...MTU,
  ...DISCOVER,
  ...RECEIVED_TTL,
  ...PING,
  ...socket(AF_PACKET, null, null, EAFNOSUPPORT),
  ...BPF.map((rule) => ({ ...rule, errno: ENOSYS })),
];

/** What can be refused, by name. */
export const REFUSALS = {
  "tcp-info": TCP_INFO,
  "error-queue": ENABLE_ERRORS,
  "error-queue-reads": READ_ERRORS,
  timestamps: TIMESTAMPS,
  "path-mtu": MTU,
  "max-segment": MAXSEG,
  "mtu-discovery": DISCOVER,
  ttl: TTL,
  "received-ttl": RECEIVED_TTL,
  udp,
  tcp: [...socket(AF_INET, STREAM, 6, EACCES), ...socket(AF_INET6, STREAM, 6, EACCES)],
  ping: PING,
  netlink: NETLINK,
  packet: socket(AF_PACKET, null, null, EPERM),
  "raw-send": socket(AF_INET, 3, 255, EPERM),
  bpf: BPF,
  linger: option(SOL_SOCKET, 13),
  "shared-ports": [...option(SOL_SOCKET, 15), ...option(SOL_SOCKET, 2)],
  /** No Linux kernel: sockets without what Linux adds to them. */
  wsl1: WITHOUT_LINUX,
  "wsl1-without-netlink": [...WITHOUT_LINUX, ...NETLINK],
} satisfies Readonly<Record<string, readonly Rule[]>>;
export type Refusal = keyof typeof REFUSALS;

/** struct seccomp_data: int nr; u32 arch; u64 instruction_pointer; u64 args[6]; low halves on both machines. */
const NR_AT = 0;
const ARCH_AT = 4;
const ARGS_AT = 16;
const ARG_BYTES = 8;

/** linux/bpf_common.h: BPF_LD|BPF_W|BPF_ABS, BPF_JMP|BPF_JEQ|BPF_K, BPF_ALU|BPF_AND|BPF_K, BPF_RET|BPF_K. */
const LOAD = 0x20;
const JUMP_EQUAL = 0x15;
const AND = 0x54;
const RETURN = 0x06;
const ALLOW = 0x7fff0000;
const ERRNO = 0x00050000;

interface Instruction {
  readonly code: number;
  /** Instructions that are left out. */
  readonly ifEqual?: number;
  readonly ifNot?: number;
  readonly k: number;
}

/**
 * struct sock_filter, one after the other.
 * @param arch of the machine, as Node names it
 * @param errno that every refused call gives, in place of its usual one
 */
export function seccompFilter(refusals: readonly Refusal[], arch: string, errno?: number): Buffer {
  const machine = arch === "arm64" ? "arm64" : "x64";
  const rules = refusals.flatMap((name): readonly Rule[] => REFUSALS[name]);
  const program: readonly Instruction[] = [
    { code: LOAD, k: ARCH_AT },
    // Another machine's calls have other numbers: nothing of them is refused.
    { code: JUMP_EQUAL, ifEqual: 1, k: ARCHITECTURES[machine] },
    { code: RETURN, k: ALLOW },
    ...rules.flatMap((rule) =>
      refuse({ ...rule, errno: errno ?? rule.errno }, NUMBERS[machine][rule.call]),
    ),
    { code: RETURN, k: ALLOW },
  ];
  const bytes = Buffer.alloc(program.length * 8);
  for (const [n, { code, ifEqual = 0, ifNot = 0, k }] of program.entries()) {
    bytes.writeUInt16LE(code, n * 8);
    bytes.writeUInt8(ifEqual, n * 8 + 2);
    bytes.writeUInt8(ifNot, n * 8 + 3);
    bytes.writeUInt32LE(k, n * 8 + 4);
  }
  return bytes;
}

function refuse({ where, errno }: Rule, number: number): readonly Instruction[] {
  const blocks = [
    { at: NR_AT, mask: undefined, value: number },
    ...where.map(({ at, mask, value }) => ({ at: ARGS_AT + at * ARG_BYTES, mask, value })),
  ].map(({ at, mask, value }) => [
    { code: LOAD, k: at },
    ...(mask === undefined ? [] : [{ code: AND, k: mask }]),
    { code: JUMP_EQUAL, k: value },
  ]);
  const all: readonly Instruction[] = [...blocks.flat(), { code: RETURN, k: ERRNO | errno }];
  return all.map((one, n) =>
    one.code === JUMP_EQUAL ? { ...one, ifNot: all.length - n - 1 } : one,
  );
}

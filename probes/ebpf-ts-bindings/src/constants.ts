// Numbers of the bpf system call and of what it needs; each group names its source.

/** enum bpf_cmd, linux/bpf.h */
export const BPF_MAP_CREATE = 0;
export const BPF_MAP_LOOKUP_ELEM = 1;
export const BPF_MAP_UPDATE_ELEM = 2;
export const BPF_MAP_DELETE_ELEM = 3;
export const BPF_PROG_LOAD = 5;
export const BPF_PROG_GET_NEXT_ID = 11;
export const BPF_PROG_GET_FD_BY_ID = 13;
export const BPF_OBJ_GET_INFO_BY_FD = 15;
export const BPF_RAW_TRACEPOINT_OPEN = 17;
export const BPF_MAP_FREEZE = 22;
export const BPF_ENABLE_STATS = 32;

/** enum bpf_map_type, linux/bpf.h */
export const BPF_MAP_TYPE_HASH = 1;
export const BPF_MAP_TYPE_ARRAY = 2;
export const BPF_MAP_TYPE_PERCPU_ARRAY = 6;
export const BPF_MAP_TYPE_LRU_HASH = 9;
export const BPF_MAP_TYPE_RINGBUF = 27;

/** enum bpf_prog_type and enum bpf_attach_type, linux/bpf.h */
export const BPF_PROG_TYPE_RAW_TRACEPOINT = 17;
export const BPF_PROG_TYPE_TRACING = 26;
export const BPF_TRACE_RAW_TP = 23;
export const BPF_TRACE_FENTRY = 24;
export const BPF_TRACE_FEXIT = 25;

/** BPF_OBJ_NAME_LEN, linux/bpf.h: with the NUL at the end. */
export const OBJECT_NAME_BYTES = 16;

/** linux/bpf.h: the head of every ring-buffer record. */
export const BPF_RINGBUF_BUSY_BIT = 0x80000000;
export const BPF_RINGBUF_DISCARD_BIT = 0x40000000;
export const BPF_RINGBUF_HDR_SZ = 8;

/** Helpers, by the list in linux/bpf.h (___BPF_FUNC_MAPPER); see bpf-helpers(7). */
export const HELPERS = {
  map_lookup_elem: 1,
  map_update_elem: 2,
  ktime_get_ns: 5,
  get_smp_processor_id: 8,
  probe_read_kernel: 113,
  ringbuf_output: 130,
  ringbuf_reserve: 131,
  ringbuf_submit: 132,
  ringbuf_discard: 133,
} as const;

/** The number of bpf(2): asm/unistd_64.h of x86-64, asm-generic/unistd.h of the others. All little-endian. */
export const BPF_SYSCALL_NUMBERS: Readonly<Record<string, number>> = {
  x64: 321,
  arm64: 280,
  riscv64: 280,
  loong64: 280,
};

/** errno.h */
export const EPERM = 1;
export const ENOENT = 2;
export const EAGAIN = 11;
export const ENOSPC = 28;

/** sys/mman.h, sys/resource.h, poll.h, sys/eventfd.h */
export const PROT_READ = 1;
export const PROT_WRITE = 2;
export const MAP_SHARED = 1;
export const RLIMIT_MEMLOCK = 8;
export const POLLIN = 1;
export const EFD_CLOEXEC = 0o2000000;
export const EFD_NONBLOCK = 0o4000;

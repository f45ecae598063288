// Questions about the kernel's types: where a field lies, what an enum's numbers mean, what a hook's arguments are.

import { readFileSync } from "node:fs";
import { type Field, fieldAt } from "./btf-fields.ts";
import { pointee, sizeBytesOf, skipModifiers } from "./btf-resolve.ts";
import { BTF_KIND, type BtfTable, readTable } from "./btf-table.ts";
import { BtfError } from "./errors.ts";

/** Where the running kernel keeps its BTF (CONFIG_DEBUG_INFO_BTF). */
export const KERNEL_BTF_PATH = "/sys/kernel/btf/vmlinux";

/** One argument of a function or tracepoint. */
export interface Parameter {
  readonly name: string;
  readonly typeId: number;
  /** The struct or union that it points to; null for anything but a pointer to a named one. */
  readonly pointsTo: string | null;
}

/** A name that a program can be attached to. */
export interface BtfTarget {
  readonly name: string;
  /** attach_btf_id of bpf(2): the FUNC, or the typedef btf_trace_NAME of a tracepoint. */
  readonly typeId: number;
  /** In order; argument i is the u64 at 8 * i of a tracing program's context. */
  readonly parameters: readonly Parameter[];
}

export interface Enumerator {
  readonly name: string;
  readonly value: bigint;
}

/** Types by name. Everything is undefined or empty for a name that the kernel does not have. */
export interface Btf {
  /** How many types there are, void included. */
  readonly typeCount: number;
  /**
   * A field of a struct or union, by a path without pointer hops ("nd_net.net"). Members of anonymous
   * structs and unions count as the outer one's own, as in C.
   */
  field(struct: string, path: string): Field | undefined;
  /** The id of a struct or union, as kernel functions take it. */
  structId(name: string): number | undefined;
  /** sizeof in bytes of a struct, union, enum, typedef or base type. */
  sizeBytes(name: string): number | undefined;
  enumerators(name: string): readonly Enumerator[];
  /** A tracepoint by its name without the subsystem: "kfree_skb". */
  tracepoint(name: string): BtfTarget | undefined;
  /** A function that is not inlined everywhere. */
  func(name: string): BtfTarget | undefined;
}

/** What will be asked for. All of it is found in one pass; anything else costs a pass of its own when it is asked for. */
export interface BtfNames {
  /** Structs, unions, enums, typedefs, base types and functions. */
  readonly names?: readonly string[];
  readonly tracepoints?: readonly string[];
}

export interface KernelBtfOptions extends BtfNames {
  /** KERNEL_BTF_PATH by default. */
  readonly path?: string;
}

/**
 * The running kernel's BTF, read whole (some 5 MB, some 10 ms): ask Bpf.requireTracing first where it may be for nothing.
 * It is held in memory for as long as what is returned.
 * @throws BtfError when the kernel has none or it cannot be read
 */
export function readKernelBtf({ path = KERNEL_BTF_PATH, ...names }: KernelBtfOptions = {}): Btf {
  let data: Buffer;
  try {
    // Not by fs/promises: sysfs hands the file out so that many small reads take 150 ms in place of 10.
    data = readFileSync(path);
  } catch (error) {
    throw new BtfError(`${path} cannot be read`, {
      advice: "use a kernel built with CONFIG_DEBUG_INFO_BTF=y, with sysfs mounted at /sys",
      cause: error,
    });
  }
  return parseBtf(data, names);
}

/**
 * BTF of one whole kernel, as in /sys/kernel/btf/vmlinux; a module's, which continues another, is not read.
 * @param data must not be changed afterwards: it is read when questions are asked
 * @throws BtfError, also from the methods, when the data contradict the format
 */
export function parseBtf(data: Buffer, { names = [], tracepoints = [] }: BtfNames = {}): Btf {
  const table = readTable(data, [...names, ...tracepoints.map(tracepointType)]);
  const ids = new Map<string, number | undefined>();
  const find = (name: string, kinds: readonly number[]): number | undefined => {
    const key = `${kinds.join()} ${name}`;
    if (!ids.has(key)) ids.set(key, table.idsNamed(name, kinds)[0]);
    return ids.get(key);
  };
  return {
    typeCount: table.count,
    field: (struct, path) => {
      const id = find(struct, STRUCTS);
      return id === undefined ? undefined : fieldAt(table, id, path.split("."));
    },
    structId: (name) => find(name, STRUCTS),
    sizeBytes: (name) => {
      const id = find(name, SIZED);
      return id === undefined ? undefined : sizeBytesOf(table, id);
    },
    enumerators: (name) => {
      const id = find(name, ENUMS);
      return id === undefined ? [] : enumeratorsOf(table, id);
    },
    tracepoint: (name) => {
      const id = find(tracepointType(name), [BTF_KIND.TYPEDEF]);
      if (id === undefined) return undefined;
      const proto = pointee(table, id);
      // The first parameter, a `void *`, is the tracepoint's own data and no argument.
      const parameters = proto === undefined ? undefined : parametersOf(table, proto)?.slice(1);
      return parameters && { name, typeId: id, parameters };
    },
    func: (name) => {
      const id = find(name, [BTF_KIND.FUNC]);
      if (id === undefined) return undefined;
      const parameters = parametersOf(table, table.sizeOrType(id));
      return parameters && { name, typeId: id, parameters };
    },
  };
}

/** The typedef that the kernel makes for a tracepoint. */
const tracepointType = (name: string) => `btf_trace_${name}`;

const STRUCTS = [BTF_KIND.STRUCT, BTF_KIND.UNION];
const ENUMS = [BTF_KIND.ENUM, BTF_KIND.ENUM64];
const SIZED = [...STRUCTS, ...ENUMS, BTF_KIND.TYPEDEF, BTF_KIND.INT, BTF_KIND.FLOAT];
const PARAMETER_BYTES = 8;

/** undefined when the type is no FUNC_PROTO. */
function parametersOf(table: BtfTable, proto: number): Parameter[] | undefined {
  if (table.kind(proto) !== BTF_KIND.FUNC_PROTO) return undefined;
  return Array.from({ length: table.entryCount(proto) }, (_, i) => {
    const typeId = table.word(proto, i * PARAMETER_BYTES + 4);
    return {
      name: table.text(table.word(proto, i * PARAMETER_BYTES)),
      typeId,
      pointsTo: structPointedTo(table, typeId),
    };
  });
}

function structPointedTo(table: BtfTable, typeId: number): string | null {
  const target = pointee(table, typeId);
  if (target === undefined) return null;
  const id = skipModifiers(table, target);
  const named = [...STRUCTS, BTF_KIND.FWD].some((kind) => kind === table.kind(id));
  return named ? table.name(id) : null;
}

function enumeratorsOf(table: BtfTable, id: number): Enumerator[] {
  const wide = table.kind(id) === BTF_KIND.ENUM64;
  const stride = wide ? 12 : 8;
  // The kind flag of an enum means that its values are signed.
  const asValue = table.kindFlag(id) ? BigInt.asIntN : BigInt.asUintN;
  return Array.from({ length: table.entryCount(id) }, (_, i) => {
    const low = BigInt(table.word(id, i * stride + 4));
    const high = wide ? BigInt(table.word(id, i * stride + 8)) : 0n;
    return {
      name: table.text(table.word(id, i * stride)),
      value: asValue(wide ? 64 : 32, (high << 32n) | low),
    };
  });
}

// Where the running kernel keeps what the programs read: offsets in bytes from BTF.

import { type Btf, BtfError } from "ebpf-ts-bindings";

export interface KernelLayout {
  readonly skb: {
    readonly head: number;
    readonly data: number;
    readonly networkHeader: number;
    readonly mark: number;
    readonly len: number;
    readonly dev: number;
    readonly iif: number;
    readonly sk: number;
  };
  /** What turns an address into a pointer that may be read directly (Linux 6.2); null before. */
  readonly cast: {
    readonly function: number;
    /** struct tcphdr: three of its fields are at 0, 4 and 8 of whatever it is laid over. */
    readonly tcphdr: number;
    /** struct iphdr, for single bytes of both versions' headers. */
    readonly iphdr: number;
  } | null;
  readonly dev: { readonly name: number; readonly ifindex: number };
  /** Pointers to struct net and the inode in it; null in a kernel without network namespaces. */
  readonly netns: {
    readonly ofDev: number;
    readonly ofSock: number;
    readonly inode: number;
  } | null;
}

/** Every type that is looked up below. */
export const LAYOUT_NAMES: readonly string[] = [
  "sk_buff",
  "net_device",
  "sock_common",
  "net",
  "bpf_rdonly_cast",
  "tcphdr",
  "iphdr",
];

/** @throws BtfError when the kernel has no such field */
export function readLayout(btf: Btf): KernelLayout {
  const at = (struct: string, path: string): number => {
    const field = btf.field(struct, path);
    if (field === undefined) throw new BtfError(`this kernel's struct ${struct} has no ${path}`);
    return field.offsetBytes;
  };
  const ofDev = btf.field("net_device", "nd_net.net")?.offsetBytes;
  const ofSock = btf.field("sock_common", "skc_net.net")?.offsetBytes;
  const inode = btf.field("net", "ns.inum")?.offsetBytes;
  const cast = btf.func("bpf_rdonly_cast")?.typeId;
  const [tcphdr, iphdr] = [btf.structId("tcphdr"), btf.structId("iphdr")];
  const castable = cast !== undefined && tcphdr !== undefined && iphdr !== undefined;
  const known = ofDev !== undefined && ofSock !== undefined && inode !== undefined;
  return {
    skb: {
      head: at("sk_buff", "head"),
      data: at("sk_buff", "data"),
      networkHeader: at("sk_buff", "network_header"),
      mark: at("sk_buff", "mark"),
      len: at("sk_buff", "len"),
      dev: at("sk_buff", "dev"),
      iif: at("sk_buff", "skb_iif"),
      sk: at("sk_buff", "sk"),
    },
    cast: castable ? { function: cast, tcphdr, iphdr } : null,
    dev: { name: at("net_device", "name"), ifindex: at("net_device", "ifindex") },
    netns: known ? { ofDev, ofSock, inode } : null,
  };
}

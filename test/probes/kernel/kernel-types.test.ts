// What one pass over the running kernel's BTF finds, against a reader that makes an object of every type.

import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type Btf, KERNEL_BTF_PATH, parseBtf } from "../../../probes/ebpf-ts-bindings/src/index.ts";
import { findTypes, KERNEL_NAMES } from "../../../probes/kernel/kernel-types.ts";
import { readAllTypes } from "../../builders/btf-types.ts";

const whyNot = existsSync(KERNEL_BTF_PATH) ? null : "the kernel has no BTF";

describe.skipIf(whyNot !== null)(`the running kernel${whyNot ? ` (${whyNot})` : ""}`, () => {
  const data = whyNot === null ? readFileSync(KERNEL_BTF_PATH) : Buffer.alloc(0);
  const announced = () => parseBtf(data, KERNEL_NAMES);

  it("has the same layout, hooks and reasons whether names are announced or looked up", () => {
    expect(findTypes(announced())).toEqual(findTypes(parseBtf(data)));
  });

  it("is queried for no name that was not announced", () => {
    const asked = { names: new Set<string>(), tracepoints: new Set<string>() };
    findTypes(listening(announced(), asked));
    expect([...asked.names].sort()).toEqual([...new Set(KERNEL_NAMES.names)].sort());
    expect([...asked.tracepoints].sort()).toEqual([...new Set(KERNEL_NAMES.tracepoints)].sort());
  });

  it("has the fields, parameters and numbers that a reader of every type finds", () => {
    const all = readAllTypes(data);
    const { layout, reasons, hooks, drop } = findTypes(announced());
    expect(layout).toEqual({
      skb: {
        head: all.offsetBytes("sk_buff", "head"),
        data: all.offsetBytes("sk_buff", "data"),
        networkHeader: all.offsetBytes("sk_buff", "network_header"),
        mark: all.offsetBytes("sk_buff", "mark"),
        len: all.offsetBytes("sk_buff", "len"),
        dev: all.offsetBytes("sk_buff", "dev"),
        iif: all.offsetBytes("sk_buff", "skb_iif"),
        sk: all.offsetBytes("sk_buff", "sk"),
      },
      cast: all.has("FUNC", "bpf_rdonly_cast")
        ? {
            function: all.id("FUNC", "bpf_rdonly_cast"),
            tcphdr: all.id("STRUCT", "tcphdr"),
            iphdr: all.id("STRUCT", "iphdr"),
          }
        : null,
      dev: {
        name: all.offsetBytes("net_device", "name"),
        ifindex: all.offsetBytes("net_device", "ifindex"),
      },
      netns: {
        ofDev: all.offsetBytes("net_device", "nd_net", "net"),
        ofSock: all.offsetBytes("sock_common", "skc_net", "net"),
        inode: all.offsetBytes("net", "ns", "inum"),
      },
    });
    expect([...reasons]).toEqual(
      all
        .enumerators("skb_drop_reason")
        .map(([name, value]) => [value, name.replace(/^SKB_(DROP_REASON_)?/, "")]),
    );
    for (const { name, kind, target, skb } of hooks) {
      const [type, own] =
        kind === "tp_btf" ? (["TYPEDEF", `btf_trace_${name}`] as const) : (["FUNC", name] as const);
      // A tracepoint's own data come first.
      const parameters = all.parameters(type, own).slice(kind === "tp_btf" ? 1 : 0);
      expect(target).toEqual({ name, typeId: all.id(type, own), parameters });
      expect(parameters[skb]?.pointsTo).toBe("sk_buff");
    }
    expect(drop).toEqual(hooks[0]?.target);
  });
});

/** The same answers, with the names that were looked up written down. */
function listening(
  btf: Btf,
  asked: { readonly names: Set<string>; readonly tracepoints: Set<string> },
): Btf {
  const named =
    <Rest extends unknown[], Answer>(ask: (name: string, ...rest: Rest) => Answer) =>
    (name: string, ...rest: Rest): Answer => {
      asked.names.add(name);
      return ask(name, ...rest);
    };
  return {
    ...btf,
    field: named(btf.field),
    structId: named(btf.structId),
    enumerators: named(btf.enumerators),
    func: named(btf.func),
    tracepoint: (name) => {
      asked.tracepoints.add(name);
      return btf.tracepoint(name);
    },
  };
}

// Lines of trace_pipe as several kernels print them.

import { expect, it } from "vitest";
import { parseTracefsLine } from "../../../probes/kernel/tracefs-lines.ts";

const HEAD = "            node-10994   [001] .Ns.. 29873.112131: kfree_skb: ";
const SKB = "skbaddr=ffff88810af33e00";
const MS = 29_873_112.131;

it.each([
  [
    "6.18",
    `${SKB} rx_sk=0000000000000000 protocol=2048 location=neigh_invalidate+0x7e/0x140 reason: NEIGH_FAILED`,
    { reason: "NEIGH_FAILED", location: { symbol: "neigh_invalidate" } },
  ],
  [
    "6.12, in a module",
    `${SKB} protocol=2048 location=nft_do_chain+0x40f/0x630 [nf_tables] reason: NETFILTER_DROP`,
    { reason: "NETFILTER_DROP", location: { symbol: "nft_do_chain" } },
  ],
  [
    "6.1, with an address",
    `${SKB} protocol=34525 location=ffffffffa1b2c3d4 reason: NO_SOCKET`,
    { reason: "NO_SOCKET", location: { address: 0xffffa1b2c3d4 } },
  ],
  [
    "5.10, without a reason",
    `${SKB} protocol=2048 location=0xffffffffa1b2c3d4`,
    { reason: null, location: { address: 0xffffa1b2c3d4 } },
  ],
  [
    "6.1 of Debian, which leaves the name out",
    `${SKB} protocol=2048 location=ffffffffc045554f reason: `,
    { reason: null, location: { address: 0xffffc045554f } },
  ],
  ["nothing that is known", "something else", { reason: null, location: null }],
])("of Linux %s", (_, fields, expected) => {
  const parsed = parseTracefsLine(`${HEAD}${fields}`);
  expect(parsed).toEqual({ kind: "drop", monotonicMs: expect.closeTo(MS, 3), ...expected });
});

it("reports events that were lost", () => {
  expect(parseTracefsLine("CPU:1 [LOST 4711 EVENTS]")).toEqual({ kind: "lost", count: 4711 });
});

it.each(["", "wsl-trace-end", "node-1 [000] ..... 1.0: tracing_mark_write: wsl-trace-end"])(
  "takes %j for no drop",
  (line) => expect(parseTracefsLine(line)).toBeUndefined(),
);

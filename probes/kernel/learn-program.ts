// Learns the connections of any run of the tool: a packet that leaves with its mark names one, whose answers have no mark.

import { type Assembler, createAssembler } from "ebpf-ts-bindings";
import { COOKIE_MAGIC } from "../packet/cookie.ts";
import { FLOW_KEY, INBOUND } from "./flows.ts";
import type { Hook } from "./hooks.ts";
import type { KernelLayout } from "./layout.ts";
import { type Level, makeFlowKey, readIpHeader, readKernel, TCP, UDP } from "./packet-program.ts";
import type { ProgramSettings } from "./program-settings.ts";
import { L4_BYTES, STACK } from "./stack.ts";

const LEVEL: Level = { quoted: false, at: (name) => name };

/** For a hook that sees packets behind netfilter, as they leave: registers as in program.ts. */
export function buildLearningProgram(
  layout: KernelLayout,
  hook: Hook,
  { flows }: ProgramSettings,
  mark: NonNullable<ProgramSettings["mark"]>,
): Buffer {
  const a = createAssembler();
  a.mov("r6", "r1")
    .load("u64", "r7", "r6", hook.skb * 8)
    .load("u32", "r1", "r7", layout.skb.mark)
    .store("u32", "r10", STACK.id, "r1")
    .alu32("and", "r1", mark.mask)
    .jump32("ne", "r1", mark.value, "foreign")
    .load("u64", "r8", "r7", layout.skb.head)
    .load("u16", "r1", "r7", layout.skb.networkHeader)
    .alu("add", "r8", "r1");
  readIpHeader(a, LEVEL);
  readKernel(a, STACK.l4, L4_BYTES);
  a.load("u8", "r4", "r10", STACK.protocol)
    .jump("eq", "r4", TCP, "named")
    .jump("ne", "r4", UDP, "foreign")
    // A probe is known by its cookie, whoever answers it.
    .load("u32", "r1", "r10", STACK.l4 + 8)
    .toBigEndian("r1", 32)
    .jump("eq", "r1", COOKIE_MAGIC, "foreign")
    .label("named");
  makeFlowKey(a, LEVEL);
  remember(a, flows.byKey);
  turnAround(a);
  remember(a, flows.byKey);
  a.loadMapValue("r1", flows.count, 0)
    .store("u32", "r1", 0, 1)
    .label("foreign")
    .mov("r0", 0)
    .exit();
  return a.assemble();
}

function remember(a: Assembler, flows: ProgramSettings["flows"]["byKey"]): void {
  a.loadMap("r1", flows)
    .mov("r2", "r10")
    .alu("add", "r2", STACK.flowKey)
    .mov("r3", "r10")
    .alu("add", "r3", STACK.id)
    .mov("r4", 0)
    .call("map_update_elem");
}

/** The key and the value of the packets that answer. */
function turnAround(a: Assembler): void {
  const swap = (width: "u16" | "u64", one: number, other: number) =>
    a
      .load(width, "r1", "r10", STACK.flowKey + one)
      .load(width, "r2", "r10", STACK.flowKey + other)
      .store(width, "r10", STACK.flowKey + other, "r1")
      .store(width, "r10", STACK.flowKey + one, "r2");
  swap("u64", FLOW_KEY.source, FLOW_KEY.destination);
  swap("u64", FLOW_KEY.source + 8, FLOW_KEY.destination + 8);
  swap("u16", FLOW_KEY.ports, FLOW_KEY.ports + 2);
  a.load("u32", "r1", "r10", STACK.id)
    .alu32("or", "r1", INBOUND)
    .store("u32", "r10", STACK.id, "r1");
}

// The connections that the programs follow: a map of their keys, and how many there are.

import type { Bpf } from "ebpf-ts-bindings";
import { FLOW_MAX, FLOW_VALUE_BYTES, type Flow, flowKeys, INBOUND } from "./flows.ts";
import type { ProgramSettings } from "./program-settings.ts";
import { FLOW_KEY_BYTES } from "./stack.ts";

export interface FlowTable {
  readonly maps: ProgramSettings["flows"];
  /** @throws BpfSyscallError with E2BIG when the table is full */
  add(flow: Flow, number: number): void;
  remove(flow: Flow): void;
  close(): void;
}

/** Two keys for each of 512 connections. */
const KEYS = 1024;
const COUNT_BYTES = 4;
/** A bit for each port. */
const PORT_BITS = 65_536;

/**
 * @param learnt programs add connections themselves, so that old ones have to give way
 * @throws BpfSyscallError
 */
export function createFlowTable(bpf: Bpf, learnt: boolean): FlowTable {
  const bytes = { keyBytes: FLOW_KEY_BYTES, valueBytes: FLOW_VALUE_BYTES };
  const sizes = { ...bytes, entries: KEYS, evicts: learnt };
  const byKey = bpf.createHash({ name: "wt_flows", ...sizes });
  const count = bpf.createArray({ name: "wt_flow_count", valueBytes: COUNT_BYTES, entries: 1 });
  const ports = bpf.createArray({ name: "wt_ports", valueBytes: PORT_BITS / 8, entries: 1 });
  const known = new Set<string>();
  const bits = Buffer.alloc(PORT_BITS / 8);
  // Bits stay: one too many only costs a look-up.
  const writePort = (flowPort: number) => {
    const port = asOnTheWire(flowPort);
    bits[port >> 3] = (bits[port >> 3] ?? 0) | (1 << (port & 7));
    ports.set(0, bits);
  };
  const writeCount = () => {
    const value = Buffer.alloc(COUNT_BYTES);
    value.writeUInt32LE(known.size);
    count.set(0, value);
  };
  const remove = (key: Buffer) => {
    if (known.delete(key.toString("hex"))) byKey.delete(key);
  };
  return {
    maps: { byKey, count, ports },
    add: (flow, number) => {
      writePort(flow.localPort);
      const value = Buffer.alloc(FLOW_VALUE_BYTES);
      for (const [i, key] of flowKeys(flow).entries()) {
        value.writeUInt32LE(((number & FLOW_MAX) | (i === 0 ? 0 : INBOUND)) >>> 0);
        byKey.set(key, value);
        known.add(key.toString("hex"));
      }
      writeCount();
    },
    remove: (flow) => {
      for (const key of flowKeys(flow)) remove(key);
      writeCount();
    },
    close: () => {
      byKey.close();
      count.close();
      ports.close();
    },
  };
}

/** A little-endian processor reads a port with its bytes changed; the programs do not change them back. */
function asOnTheWire(port: number): number {
  return ((port & 0xff) << 8) | (port >> 8);
}

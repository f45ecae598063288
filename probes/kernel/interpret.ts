// From a program's record to an event: names for numbers, and no drop that is none.

import { isBenignDrop, isHarmless } from "./benign-drops.ts";
import { nameReason, type ReasonNames, reportedReason } from "./drop-reasons.ts";
import { FLOW_MAX, INBOUND } from "./flows.ts";
import { createHistory, type DeviceSeen } from "./history.ts";
import type { Hook } from "./hooks.ts";
import type { KernelAddress } from "./kallsyms.ts";
import type {
  DropEvent,
  IcmpNumbers,
  KernelDevice,
  KernelEvent,
  KernelPacket,
  ProbeMatch,
} from "./kernel-event.ts";
import type { NamespaceNames } from "./namespaces.ts";
import { type KernelRecord, MATCH } from "./record.ts";
import { baseName, type FindSymbol } from "./symbols.ts";

/** A drop before anything of it has a name. */
export type BareDrop = Pick<DropEvent, "match" | "monotonicMs">;

export interface InterpreterNames {
  readonly hooks: readonly Hook[];
  readonly reasons: ReasonNames;
  readonly findSymbol: FindSymbol;
  readonly namespaces: Pick<NamespaceNames, "nameOf">;
  /** Drops that are of no interest. */
  ignores(drop: BareDrop): boolean;
}

export interface Interpreter {
  /** The address inside the function that decides what a drop is; null where that is settled without it. May be looked up at any time. */
  locationOf(record: KernelRecord): KernelAddress | null;
  /** Called with each record in the order of the ring; null for what is no event, such as a drop that is none. */
  interpret(record: KernelRecord): KernelEvent | null;
}

export function createInterpreter(names: InterpreterNames): Interpreter {
  const history = createHistory();
  const deviceAt = createDevices(names.namespaces);
  const isSettled = (record: KernelRecord, hook: Hook, match: ProbeMatch) =>
    isHarmless(reportedReason(names.reasons, reasonOf(record, hook))) ||
    names.ignores({ match, monotonicMs: record.monotonicMs });
  return {
    locationOf: (record) => {
      const hook = names.hooks[record.hook];
      const match = matchOf(record);
      if (hook?.stage !== "drop" || match === null || record.location === 0) return null;
      return isSettled(record, hook, match) ? null : callOf(record);
    },
    interpret: (record) => {
      const hook = names.hooks[record.hook];
      const match = matchOf(record);
      if (hook === undefined || match === null) return null;
      history.add(record, hook);
      const { monotonicMs } = record;
      const device = deviceAt(history.locationOf(record), record.hook, hook);
      const packet = packetOf(record);
      if (hook.stage !== "drop") {
        return { kind: "stage", stage: hook.stage, match, monotonicMs, device, packet };
      }
      if (isSettled(record, hook, match)) return null;
      const icmpSent = history.answerTo(record);
      const drop = explainDrop(names, hook, record, packet, icmpSent);
      return drop && { kind: "drop", ...drop, icmpSent, match, monotonicMs, device, packet };
    },
  };
}

/** The record's address is the one after the call, which may be the next function's first. */
const callOf = ({ location }: KernelRecord): KernelAddress => location - 1;

const reasonOf = (record: KernelRecord, hook: Hook) =>
  hook.reason === null ? null : record.reason;

function explainDrop(
  names: InterpreterNames,
  hook: Hook,
  record: KernelRecord,
  packet: KernelPacket,
  icmpSent: IcmpNumbers | null,
): Pick<DropEvent, "reason" | "location"> | null {
  const called = names.findSymbol(callOf(record));
  const device = called === undefined ? null : baseName(called.symbol);
  const tcpFlags = record.quoted ? null : (packet.tcp?.flags ?? null);
  const reason = nameReason(names.reasons, {
    reason: reasonOf(record, hook),
    location: device,
    family: packet.family,
    icmpSent,
    tcpFlags,
  });
  const byCookie = record.match === MATCH.cookie && !record.quoted;
  const benign = isBenignDrop({
    reason: reason?.name ?? null,
    location: device,
    protocol: record.protocol,
    icmpType: packet.icmp?.type ?? null,
    tcpFlags,
    quoted: record.quoted,
    answersSyn: byCookie && ((tcpFlags ?? 0) & TCP_ACK) !== 0,
  });
  if (benign) return null;
  const location = called ? { symbol: called.symbol, offset: called.offset + 1 } : null;
  return { reason, location };
}

function matchOf({ match, id }: KernelRecord): ProbeMatch | null {
  switch (match) {
    case MATCH.cookie:
      return { by: "cookie", cookie: id };
    case MATCH.flow:
      return { by: "flow", flow: id & FLOW_MAX, direction: id >= INBOUND ? "in" : "out" };
    case MATCH.mark:
      return { by: "mark", mark: id };
    case MATCH.any:
      return { by: "address" };
    default:
      return null;
  }
}

const HOOKS_MAX = 16;
const IFINDEX_MAX = 1 << 16;
/** More locations than a system has. */
const PLACES_MAX = 4096;

/** Locations are few and events many: the same location is the same object. */
function createDevices(namespaces: Pick<NamespaceNames, "nameOf">) {
  const known = new Map<number, KernelDevice>();
  return (device: DeviceSeen, index: number, hook: Hook): KernelDevice => {
    const key = (device.netns * IFINDEX_MAX + (device.ifindex % IFINDEX_MAX)) * HOOKS_MAX + index;
    const name = device.interface === "" ? null : device.interface;
    const found = known.get(key);
    const netnsName = found?.netnsName ?? namespaces.nameOf(device.netns);
    // An interface may have got another name, and a namespace its first.
    if (found?.interface === name && found.netnsName === netnsName) return found;
    const made = {
      hook: hook.name,
      interface: name,
      interfaceIndex: device.ifindex === 0 ? null : device.ifindex,
      netns: device.netns === 0 ? null : device.netns,
      netnsName,
    };
    if (known.size > PLACES_MAX) known.clear();
    known.set(key, made);
    return made;
  };
}

const ICMP_PROTOCOLS = [1, 58];
const TCP_PROTOCOL = 6;
/** RFC 9293 */
const TCP_ACK = 0x10;

function packetOf(record: KernelRecord): KernelPacket {
  const { protocol, ttl, sizeBytes, quoted: original, version } = record;
  const isIcmp = ICMP_PROTOCOLS.includes(protocol);
  const isTcp = protocol === TCP_PROTOCOL;
  return {
    family: version === 4 || version === 6 ? version : null,
    protocol,
    ttl,
    sizeBytes,
    quoted: original,
    icmp: isIcmp ? { type: record.icmpType, code: record.icmpCode } : null,
    tcp: isTcp ? { seq: record.seq, ack: record.ack, flags: record.tcpFlags } : null,
  };
}

// What was seen of each probe before: where it came in, and the ICMP error that was sent because of it.

import type { Hook } from "./hooks.ts";
import type { IcmpNumbers } from "./kernel-event.ts";
import type { KernelRecord } from "./record.ts";

export interface DeviceSeen {
  readonly interface: string;
  readonly ifindex: number;
  readonly netns: number;
}

export interface History {
  /** Takes in the next record, in the order of the ring. */
  add(record: KernelRecord, hook: Hook): void;
  /** Where a packet is: as its record states, completed from where it was last seen. */
  locationOf(record: KernelRecord): DeviceSeen;
  /** The ICMP error that this host sent just before it gave the packet up. */
  answerTo(record: KernelRecord): IcmpNumbers | null;
}

interface ProbeState {
  /** Where it, or an error about it, last came in. */
  arrival: KernelRecord | null;
  /** The last answer that was about to be sent: reported by a hook, for a certain packet. */
  notified: KernelRecord | null;
  /** The last answer that was seen leaving: an ICMP error is sent by the processor that then drops the packet. */
  left: KernelRecord | null;
}

/** Probes of the last moments: what this is read for happens within microseconds. */
const REMEMBERED = 4096;

export function createHistory(): History {
  const states = new Map<number, ProbeState>();
  return {
    add: (record, hook) => {
      // Most stages change nothing, and they are many.
      if (hook.stage === "received") {
        const state = stateOf(states, record);
        state.arrival = record;
        state.notified = null;
        state.left = null;
      } else if (hook.stage === "icmp-sent") {
        stateOf(states, record).notified = record;
      } else if (hook.stage === "queued" && record.quoted) {
        // Not every kernel has a hook for ICMPv6; but an error that leaves without having come in was made here.
        const state = stateOf(states, record);
        if (!isPassing(state, record)) state.left = record;
      }
    },
    locationOf: (record) => {
      if (record.interface !== "") return record;
      const arrival = states.get(keyOf(record))?.arrival ?? null;
      return arrival !== null && isSamePacket(arrival, record) ? arrival : record;
    },
    answerTo: (record) => {
      const state = states.get(keyOf(record));
      // An error is never answered by an error (RFC 1122, 3.2.2).
      if (state === undefined || record.quoted) return null;
      const { notified, left } = state;
      state.notified = null;
      state.left = null;
      if (notified !== null && notified.skb === record.skb) {
        return { type: notified.icmpSentType, code: notified.icmpSentCode };
      }
      if (left !== null && left.cpu === record.cpu) {
        return { type: left.icmpType, code: left.icmpCode };
      }
      return null;
    },
  };
}

/**
 * The kernel gives the memory of a packet that is gone to the next one: under load a router's own ICMP error may lie where another
 * error about the same probe came in here a moment ago. What its socket tells of the namespace comes first, then what it is.
 */
function isSamePacket(arrival: KernelRecord, record: KernelRecord): boolean {
  return (
    arrival.skb === record.skb &&
    (record.netns === 0 || record.netns === arrival.netns) &&
    arrival.quoted === record.quoted &&
    arrival.protocol === record.protocol &&
    arrival.icmpType === record.icmpType &&
    arrival.icmpCode === record.icmpCode &&
    arrival.seq === record.seq
  );
}

/** True for an error that came in from elsewhere and is forwarded. */
function isPassing({ arrival }: ProbeState, record: KernelRecord): boolean {
  return arrival?.quoted === true && arrival.skb === record.skb && arrival.netns === record.netns;
}

const MATCH_FACTOR = 2 ** 32;

function keyOf({ match, id }: KernelRecord): number {
  return match * MATCH_FACTOR + id;
}

function stateOf(states: Map<number, ProbeState>, record: KernelRecord): ProbeState {
  const key = keyOf(record);
  const known = states.get(key);
  if (known !== undefined) return known;
  const state = { arrival: null, notified: null, left: null };
  states.set(key, state);
  if (states.size > REMEMBERED) {
    // The map keeps the order of insertion: the first key is the oldest.
    const [oldest] = states.keys();
    if (oldest !== undefined) states.delete(oldest);
  }
  return state;
}

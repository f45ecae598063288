// A TCP connection that is not the kernel's: the sockets and the clock around what raw-step.ts decides, as a stream.

import { randomBytes } from "node:crypto";
import type { Clock } from "../../../src/clock.ts";
import { messageOf, UnsupportedProbeError } from "../../../src/errors.ts";
import type { Connection, ConnectionOpen } from "../../native/connection.ts";
import type { Libc } from "../../native/libc.ts";
import { localEndpointFor } from "../../native/local-endpoint.ts";
import { rawInfo } from "./raw-info.ts";
import { openRawPackets, type RawDestination, type RawPackets } from "./raw-packets.ts";
import { type RawInput, type RawOffer, startRaw } from "./raw-state.ts";
import { stepRaw } from "./raw-step.ts";
import { RawStream } from "./raw-stream.ts";

export interface RawDeps {
  readonly libc: Libc;
  readonly clock: Clock;
}

const POLL_MS = 1;

/** What Linux offers where nobody has changed its settings (ip-sysctl); it asks for no ECN itself (tcp_ecn = 2). */
export const LINUX_OFFER: Omit<RawOffer, "mss"> = {
  timestamps: true,
  sack: true,
  windowScaling: true,
  ecn: false,
};

export interface RawConnection extends Connection {
  /** Has the far side say where it is. */
  keepAlive(): void;
  /** Segments without data that came, and how far ahead of what came their number was at most. */
  emptySegments(): { readonly count: number; readonly aheadBytes: number };
}

type RawOpen =
  | { readonly kind: "connecting"; readonly socket: RawConnection }
  | Extract<ConnectionOpen, { readonly kind: "failed" }>;

/** Starts a connection and returns at once, as `openTcp` does. */
export function openRaw({ libc, clock }: RawDeps, to: RawDestination, offer: RawOffer): RawOpen {
  let packets: RawPackets;
  try {
    packets = openRawPackets(libc, to, localEndpointFor(libc, to).source);
  } catch (error) {
    if (!(error instanceof UnsupportedProbeError)) throw error;
    return { kind: "failed", error: error.message };
  }
  let state = startRaw(offer, randomBytes(4).readUInt32BE());
  let isOpen = true;
  let acksHeld = false;
  // Before that nobody listens for its errors: they are told by takeError.
  let isTaken = false;

  const feed = (input: RawInput) => {
    if (!isOpen) return;
    const step = stepRaw(state, input, clock.now());
    state = step.state;
    for (const segment of step.segments) {
      if (!acksHeld || segment.payload.length > 0) packets.send(segment, state.agreed.ecn);
    }
    for (const bytes of step.delivered) stream.deliver(bytes);
    if (state.finReceived) stream.deliverEnd();
    if (state.error !== null && isTaken) stream.fail(state.error);
  };
  const close = () => {
    feed({ kind: "dropped" });
    isOpen = false;
    packets.close();
  };
  const stream = new RawStream({
    write: (bytes) => feed({ kind: "written", bytes }),
    finish: () => feed({ kind: "finished" }),
    close,
  });
  const follow = async () => {
    feed({ kind: "started" });
    while (isOpen) {
      for (const segment of packets.receive()) feed({ kind: "segment", ...segment });
      feed({ kind: "watched" });
      await clock.sleep(POLL_MS);
    }
  };

  // Ends with the connection; what fails in it is a fault of this program, and shows as the connection's.
  follow().catch((error: unknown) => {
    state = { ...state, phase: "over", error: messageOf(error) };
    if (isTaken) stream.fail(messageOf(error));
  });
  return {
    kind: "connecting",
    socket: {
      stream: () => {
        isTaken = true;
        if (state.error !== null) stream.fail(state.error);
        return stream;
      },
      takeError: () => state.error,
      info: () => rawInfo(state, to.family),
      accepted: () => state.phase === "open",
      negotiated: () => state.agreed,
      keepAlive: () => feed({ kind: "kept-alive" }),
      emptySegments: () => ({ count: state.counts.empty, aheadBytes: state.counts.aheadBytes }),
      holdAcks: (held) => {
        acksHeld = held;
      },
      close,
    },
  };
}

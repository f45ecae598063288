// What --pcap needs: captures of runs where this process may make them, and the packets that are made of events.

import { captureOrReason, type RunningCapture } from "../../probes/capture/packet-capture.ts";
import { rebuildPackets } from "../../probes/capture/rebuild/rebuild.ts";
import { redactPacket } from "../../probes/capture/redact-packet.ts";
import type { PacketTools } from "../captured-packet.ts";
import type { CaptureOrReason } from "../commands/pcap-output.ts";

export const packetTools: PacketTools = { rebuild: rebuildPackets, redact: redactPacket };

export interface Captures {
  /** Begins with a run. @param session the upper half of its cookies. @returns what sees its sockets; null where there is no capture */
  start(session: number): Promise<RunningCapture["observe"] | null>;
  /** Ends with it: what it brought is `taken` once. */
  end(): void;
  take(): CaptureOrReason;
}

export function createCaptures(): Captures {
  let running: RunningCapture | null = null;
  let made: CaptureOrReason = null;
  return {
    start: async (session) => {
      const started = await captureOrReason(session);
      running = typeof started === "string" ? null : started;
      made = typeof started === "string" ? { refused: started } : null;
      return running?.observe ?? null;
    },
    end: () => {
      if (running !== null) made = running.stop();
      running = null;
    },
    take: () => made,
  };
}

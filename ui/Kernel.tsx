// Draws at which places of this machine's kernel the packets were seen, for the whole run in one line.

import { Box } from "ink";
import type { KernelReport } from "../src/schema/kernel-report.ts";
import { Toned } from "./Toned.tsx";

interface KernelProps {
  /** Null draws nothing. */
  readonly kernel: KernelReport | null;
  readonly colour: boolean;
}

export function Kernel({ kernel, colour }: KernelProps) {
  if (kernel === null) return null;
  const sum = (place: "sent" | "netfilter" | "device" | "returned" | "answered") =>
    kernel.hops.reduce((total, hop) => total + hop[place], 0);
  const words = `${sum("sent")} sent, ${sum("netfilter")} past netfilter, ${sum("device")} on the device, ${sum("returned")} back`;
  return (
    <Box paddingLeft={1}>
      <Toned tone="dim" colour={colour} wrap="truncate-end">
        {`this kernel: ${words}, ${sum("answered")} answered`}
      </Toned>
    </Box>
  );
}

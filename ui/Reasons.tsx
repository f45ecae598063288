// Draws why parts of the chain are unknown or silent, each reason once.

import { Box } from "ink";
import { printable } from "../src/report/escape.ts";
import type { Segment } from "../src/schema/verdict.ts";
import { SEGMENT_LOOKS } from "./status.ts";
import { Toned } from "./Toned.tsx";

interface ReasonsProps {
  readonly chain: readonly Segment[];
  readonly colour: boolean;
}

export function Reasons({ chain, colour }: ReasonsProps) {
  return (
    <>
      {[...new Set(chain.map(({ reason }) => reason))].map((reason) =>
        reason === null ? null : (
          <Box key={reason} paddingLeft={1}>
            <Toned tone="dim" colour={colour}>
              {formatReasons(
                chain.filter((segment) => segment.reason === reason),
                reason,
              )}
            </Toned>
          </Box>
        ),
      )}
    </>
  );
}

function formatReasons(segments: readonly Segment[], reason: string): string {
  const unknown = segments.some(
    ({ outbound, inbound }) => outbound === "unknown" || inbound === "unknown",
  );
  const { sign } = SEGMENT_LOOKS[unknown ? "unknown" : "silent"];
  const kinds = [...new Set(segments.map(({ kind }) => kind))];
  return `${sign} ${kinds.join(", ")}: ${printable(reason)}`;
}

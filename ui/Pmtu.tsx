// Draws the path MTU of both directions: the size, how sure it is, and what happens to larger packets.

import { Box } from "ink";
import { printable } from "../src/report/escape.ts";
import type { Diagnosis, PmtuEstimate } from "../src/schema/verdict.ts";
import { formatBeyond, formatSize } from "./limit.ts";
import type { Tone } from "./status.ts";
import { Toned } from "./Toned.tsx";

interface PmtuProps {
  readonly pmtu: Diagnosis["pmtu"];
  readonly columns: number;
  readonly colour: boolean;
}

export function Pmtu({ pmtu, columns, colour }: PmtuProps) {
  return (
    <Box flexDirection="column" paddingLeft={1}>
      <Direction label="↓ outbound" estimate={pmtu.outbound} columns={columns} colour={colour} />
      <Direction label="↑ inbound " estimate={pmtu.inbound} columns={columns} colour={colour} />
    </Box>
  );
}

interface DirectionProps {
  readonly label: string;
  readonly estimate: PmtuEstimate;
  readonly columns: number;
  readonly colour: boolean;
}

const BAR_FROM = 76;

function Direction({ label, estimate, columns, colour }: DirectionProps) {
  const { words, tone } = pmtuLook(estimate);
  const bar = columns < BAR_FROM ? null : barOf(estimate);
  return (
    <Box columnGap={1}>
      <Box flexShrink={0}>
        <Toned tone="strong" colour={colour}>
          {columns < BAR_FROM ? label : `path MTU ${label}`}
        </Toned>
      </Box>
      {bar === null ? null : (
        <Box flexShrink={0}>
          <Toned tone={tone} colour={colour}>
            {bar}
          </Toned>
        </Box>
      )}
      <Toned tone={tone} colour={colour}>
        {words}
      </Toned>
    </Box>
  );
}

function pmtuLook(estimate: PmtuEstimate): { readonly words: string; readonly tone: Tone } {
  const size = formatSize(estimate);
  if (size === null) {
    const because = estimate.reason === null ? "" : `: ${printable(estimate.reason)}`;
    return { words: `unknown${because}`, tone: "dim" };
  }
  return { words: `${size}: ${formatBeyond(estimate)}`, tone: estimate.silent ? "bad" : "good" };
}

// One cell for 100 bytes up to Ethernet's 1500.
const BYTES_PER_CELL = 100;
const CELLS = 15;

function barOf({ bytes, atLeast, below, silent }: PmtuEstimate): string | null {
  const passed = bytes ?? atLeast;
  if (passed === null) {
    return null;
  }
  const filled = Math.min(CELLS, Math.round(passed / BYTES_PER_CELL));
  const end = below === null || filled === CELLS ? "" : silent ? "●" : "┤";
  return `${"━".repeat(filled)}${end}`.padEnd(CELLS, "┄");
}

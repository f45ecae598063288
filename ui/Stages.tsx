// Draws the stages of the default attempt on a line, and the error of a failed one.

import { Box } from "ink";
import { printable } from "../src/report/escape.ts";
import type { Stage } from "../src/schema/verdict.ts";
import { duration, STAGE_LOOKS } from "./status.ts";
import { Toned } from "./Toned.tsx";

interface StagesProps {
  readonly stages: readonly Stage[];
  /** Leaves out the error of a failed stage. */
  readonly short: boolean;
  readonly colour: boolean;
}

export function Stages({ stages, short, colour }: StagesProps) {
  const explained = stages.filter(
    ({ status, detail }) => !short && status === "failed" && detail !== "",
  );
  return (
    <Box flexDirection="column" paddingLeft={1}>
      <Box flexWrap="wrap" columnGap={2}>
        {stages.map((stage) => (
          <Toned key={stage.stage} tone={STAGE_LOOKS[stage.status].tone} colour={colour}>
            {formatStages(stage)}
          </Toned>
        ))}
      </Box>
      {explained.map(({ stage, detail }) => (
        <Toned key={stage} tone="bad" colour={colour}>
          {`${stage}: ${printable(detail)}`}
        </Toned>
      ))}
    </Box>
  );
}

// "ok" is drawn as its sign and its time; every other state is spelt out.
function formatStages({ stage, status, ms }: Stage): string {
  const { sign, word } = STAGE_LOOKS[status];
  const parts = [sign, stage, status === "ok" && ms !== null ? null : word];
  return [...parts, ms === null ? null : duration(ms)].filter((part) => part !== null).join(" ");
}

// Draws lines of spans, each on one row.

import { Box, Text } from "ink";
import type { Theme } from "../src/commands/themes.ts";
import type { Line } from "./lines.ts";
import { styleOf } from "./theme.ts";

interface LinesProps {
  readonly lines: readonly Line[];
  readonly theme: Theme;
}

export function Lines({ lines, theme }: LinesProps) {
  return (
    <Box flexDirection="column">
      {lines.map((spans, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line is its row.
        <Text key={row} wrap="truncate-end">
          {spans.length === 0
            ? " "
            : spans.map(({ text, tone }, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: and a span its place in it.
                <Text key={index} {...styleOf(tone, theme)}>
                  {text}
                </Text>
              ))}
        </Text>
      ))}
    </Box>
  );
}

// Text in one of the tones; without colour it is plain text.

import { Text, type TextProps } from "ink";
import type { ReactNode } from "react";
import type { Tone } from "./status.ts";

interface TonedProps {
  readonly tone: Tone;
  readonly colour: boolean;
  readonly wrap?: NonNullable<TextProps["wrap"]>;
  readonly children: ReactNode;
}

export function Toned({ tone, colour, wrap = "wrap", children }: TonedProps) {
  // Ink does not measure again when only the wrapping changes: another key makes another text.
  return (
    <Text key={wrap} wrap={wrap} {...(colour ? STYLES[tone] : {})}>
      {children}
    </Text>
  );
}

const STYLES: Readonly<Record<Tone, TextProps>> = {
  good: { color: "green" },
  warn: { color: "yellow" },
  bad: { color: "red", bold: true },
  dim: { dimColor: true },
  strong: { bold: true },
  plain: {},
};

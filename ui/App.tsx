// The whole screen for one snapshot: target, chain, stages, path MTU, verdict, keys.

import { Box, Spacer, useInput, useStdin } from "ink";
import { type ReactNode, useState } from "react";
import type { Snapshot } from "../src/model/snapshot.ts";
import { Chain } from "./Chain.tsx";
import { chainRows } from "./chain-rows.ts";
import { Header } from "./Header.tsx";
import { Help } from "./Help.tsx";
import { Kernel } from "./Kernel.tsx";
import { actionOf } from "./keys.ts";
import { Pmtu } from "./Pmtu.tsx";
import { Reasons } from "./Reasons.tsx";
import { Stages } from "./Stages.tsx";
import { Toned } from "./Toned.tsx";
import { Verdict } from "./Verdict.tsx";

interface AppProps {
  readonly snapshot: Snapshot;
  readonly columns: number;
  /** Height of the terminal, null when it has none. */
  readonly rows?: number | null;
  readonly colour: boolean;
  /** Null when the screen takes no keys. */
  readonly onQuit: ((how: "quit" | "interrupt") => void) | null;
}

export function App({ snapshot, columns, rows = null, colour, onQuit }: AppProps) {
  const [help, setHelp] = useState(false);
  const [details, setDetails] = useState(false);
  const { isRawModeSupported } = useStdin();
  const takesKeys = isRawModeSupported && onQuit !== null;
  useInput(
    (input, key) => {
      const action = actionOf(input, key);
      if (action === "quit" || action === "interrupt") {
        onQuit?.(action);
      } else if (action === "help") {
        setHelp((shown) => !shown);
      } else if (action === "details") {
        setDetails((shown) => !shown);
      }
    },
    { isActive: takesKeys },
  );
  const { diagnosis, kernel } = snapshot;
  const short = rows !== null && rows < ROOMY_FROM && !details;
  const limit = rows === null ? Number.POSITIVE_INFINITY : rows - restOf(short, kernel !== null);
  const chain = chainRows(diagnosis, limit);
  const crowded =
    details || help || chain.length > limit || diagnosis.findings.length > EXPECTED_FINDINGS;
  const measured = diagnosis.stages.length > 0;
  return (
    <Clipped height={rows !== null && crowded ? rows - 1 : null}>
      <Box flexDirection="column" width={columns} flexShrink={0}>
        <Header snapshot={snapshot} columns={columns} colour={colour} />
        <Chain chain={diagnosis.chain} rows={chain} columns={columns} colour={colour} />
        {short ? null : <Reasons chain={diagnosis.chain} colour={colour} />}
        {measured ? <Stages stages={diagnosis.stages} short={short} colour={colour} /> : null}
        {measured ? <Pmtu pmtu={diagnosis.pmtu} columns={columns} colour={colour} /> : null}
        <Kernel kernel={short ? null : kernel} colour={colour} />
        <Verdict snapshot={snapshot} details={details} short={short} colour={colour} />
        {help ? <Help colour={colour} /> : null}
        {takesKeys ? (
          <Toned tone="dim" colour={colour} wrap="truncate-end">
            {" ? help   d details   q quit"}
          </Toned>
        ) : null}
      </Box>
    </Clipped>
  );
}

/** Rows beside the chain. */
function restOf(short: boolean, watched: boolean): number {
  if (short) return SHORT_REST;
  return watched ? ROOMY_REST + 1 : ROOMY_REST;
}

interface ClippedProps {
  /** Null where everything fits. */
  readonly height: number | null;
  readonly children: ReactNode;
}

/**
 * Keeps the lower end of what does not fit: the verdict and its fix. Ink would otherwise clear the
 * terminal, and the user's scrollback with it.
 */
function Clipped({ height, children }: ClippedProps) {
  return height === null ? (
    children
  ) : (
    <Box height={height} overflowY="hidden" flexDirection="column" justifyContent="flex-end">
      {children}
      <Spacer />
    </Box>
  );
}

// A fault on a chain of a dozen segments, with every reason, takes about this many rows.
const ROOMY_FROM = 40;
// Rows beside the chain: header 2, frame 1, reasons 3, stages 4, path MTU 2, verdict 10, keys 1.
const ROOMY_REST = 23;
// Header 2, frame 1, stages 2, path MTU 2, verdict 6, keys 1, and the line the cursor waits on.
const SHORT_REST = 15;
// More than a fault inbound is rare enough to cost the upper end of the frame.
const EXPECTED_FINDINGS = 1;

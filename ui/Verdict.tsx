// Draws the verdict: what it is, why, and the command that fixes it.

import { Box, Text } from "ink";
import type { Snapshot } from "../src/model/snapshot.ts";
import { printable } from "../src/report/escape.ts";
import { fixHeading, placeOf, SHELLS } from "../src/report/words/finding.ts";
import type { Finding, Fix } from "../src/schema/verdict.ts";
import { SEVERITY_LOOKS, VERDICT_LOOKS } from "./status.ts";
import { Toned } from "./Toned.tsx";

interface VerdictProps {
  readonly snapshot: Snapshot;
  /** Evidence, what was ruled out and every fix, not the first fix alone. */
  readonly details: boolean;
  /** One line for each sentence. */
  readonly short: boolean;
  readonly colour: boolean;
}

export function Verdict({ snapshot, details, short, colour }: VerdictProps) {
  const { diagnosis, finished } = snapshot;
  const { sign, word, tone } = VERDICT_LOOKS[diagnosis.verdict];
  const settled = finished || diagnosis.findings.length > 0;
  return (
    <Box flexDirection="column" paddingLeft={1}>
      <Toned tone={settled ? tone : "dim"} colour={colour} wrap={short ? "truncate-end" : "wrap"}>
        {settled ? `${sign} ${word}${finished ? "" : " so far"}` : "… no verdict yet"}
        {diagnosis.reason === "" ? "" : ` – ${printable(diagnosis.reason)}`}
      </Toned>
      {diagnosis.findings.map((finding, index) => (
        <FindingLines
          // One cause may strike twice: two name servers, two branches.
          key={`${finding.cause} ${finding.summary}`}
          finding={finding}
          details={details}
          short={short}
          // The first fix of the root cause is what the user came for.
          fixes={details ? finding.fixes : index === 0 ? finding.fixes.slice(0, 1) : []}
          colour={colour}
        />
      ))}
    </Box>
  );
}

interface FindingProps {
  readonly finding: Finding;
  readonly details: boolean;
  readonly short: boolean;
  readonly fixes: readonly Fix[];
  readonly colour: boolean;
}

function FindingLines({ finding, details, short, fixes, colour }: FindingProps) {
  const { sign, word, tone } = SEVERITY_LOOKS[finding.severity];
  const hidden = finding.fixes.length - fixes.length;
  return (
    <Box flexDirection="column">
      <Toned tone={tone} colour={colour}>
        {`${sign} ${word} ${printable(finding.cause)}${formatLocation(finding)} (${percent(finding)})`}
      </Toned>
      <Box paddingLeft={2} flexDirection="column">
        <Toned tone="plain" colour={colour} wrap={short ? "truncate-end" : "wrap"}>
          {printable(finding.summary)}
        </Toned>
        {details ? <Evidence finding={finding} colour={colour} /> : null}
        {fixes.map((fix) => (
          <FixLines key={`${fix.where} ${fix.title}`} fix={fix} colour={colour} />
        ))}
        {hidden > 0 && fixes.length > 0 ? (
          <Toned tone="dim" colour={colour}>
            {hidden === 1 ? "and one more fix" : `and ${hidden} more fixes`}
          </Toned>
        ) : null}
      </Box>
    </Box>
  );
}

function formatLocation(finding: Finding): string {
  const { at, towards } = placeOf(finding);
  return `${at === null ? "" : ` ${at}`}${towards === null ? "" : `, ${towards}`}`;
}

const PERCENT = 100;

function percent({ confidence }: Finding): string {
  return `${Math.round(confidence * PERCENT)} % sure`;
}

function Evidence({ finding, colour }: { readonly finding: Finding; readonly colour: boolean }) {
  return (
    <>
      {finding.evidence.length === 0 ? null : (
        <Toned tone="dim" colour={colour}>
          {`evidence ${finding.evidence.map(printable).join(" ")}`}
        </Toned>
      )}
      {finding.ruledOut.map(({ cause, because, evidence }) => (
        <Toned key={`${cause} ${because}`} tone="dim" colour={colour}>
          {printable(`ruled out ${cause}: ${because} ${evidence.join(" ")}`.trimEnd())}
        </Toned>
      ))}
    </>
  );
}

function FixLines({ fix, colour }: { readonly fix: Fix; readonly colour: boolean }) {
  const { prompt } = SHELLS[fix.where];
  return (
    <Box flexDirection="column">
      <Text>{`→ ${printable(fixHeading(fix))}`}</Text>
      <Box paddingLeft={2}>
        <Toned tone="strong" colour={colour}>
          {fix.commands.map((command) => `${prompt} ${printable(command)}`).join("\n")}
        </Toned>
      </Box>
    </Box>
  );
}

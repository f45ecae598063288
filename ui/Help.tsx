// The keys and the signs, each with its meaning.

import { Box, Text } from "ink";
import { KEYS } from "./keys.ts";
import { SEGMENT_LOOKS } from "./status.ts";
import { Toned } from "./Toned.tsx";

interface HelpProps {
  readonly colour: boolean;
}

export function Help({ colour }: HelpProps) {
  return (
    <Box flexDirection="column" paddingLeft={1}>
      {KEYS.map(({ label, does }) => (
        <Row key={label} sign={label} meaning={does} colour={colour} />
      ))}
      <Row sign="↓ ↑" meaning="the lanes: outbound (from the guest) and inbound" colour={colour} />
      <Row sign="┊" meaning="beyond a black hole: small packets only" colour={colour} />
      <Row sign="~" meaning="named by Windows, never answered a probe itself" colour={colour} />
      <Box columnGap={2} flexWrap="wrap">
        {Object.values(SEGMENT_LOOKS).map(({ sign, word, tone }) => (
          <Toned key={word} tone={tone} colour={colour}>
            {`${sign} ${word}`}
          </Toned>
        ))}
      </Box>
    </Box>
  );
}

const SIGN_WIDTH = 8;

function Row({
  sign,
  meaning,
  colour,
}: HelpProps & { readonly sign: string; readonly meaning: string }) {
  return (
    <Box>
      <Box width={SIGN_WIDTH} flexShrink={0}>
        <Toned tone="strong" colour={colour}>
          {sign}
        </Toned>
      </Box>
      <Text>{meaning}</Text>
    </Box>
  );
}

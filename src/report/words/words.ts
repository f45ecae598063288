// Writes out what a rule says: the one place where a text report, a JSON report and the screen get their sentences.

import type { Words } from "../../diagnosis/words.ts";
import { APPLICATION_SENTENCES } from "./application.ts";
import { FIX_SENTENCES } from "./fixes.ts";
import { HOST_SENTENCES } from "./host.ts";
import { INBOUND_SENTENCES } from "./inbound.ts";
import { IPV6_SENTENCES } from "./ipv6.ts";
import { MIRRORED_SENTENCES } from "./mirrored.ts";
import { NAME_SENTENCES } from "./names.ts";
import { NEED_SENTENCES } from "./needs.ts";
import { PROXY_SENTENCES } from "./proxy.ts";
import { REACH_SENTENCES } from "./reach.ts";
import { RESOLVER_FILE_SENTENCES } from "./resolver-file.ts";
import { ROUTE_SENTENCES } from "./route.ts";
import type { Sentences } from "./sentence.ts";
import { SIZE_SENTENCES } from "./sizes.ts";
import { STACK_SENTENCES } from "./stack.ts";
import { WEB_SENTENCES } from "./web.ts";
import { WINDOWS_FILTER_SENTENCES } from "./windows-filter.ts";
import { WSL_DNS_SENTENCES } from "./wsl-dns.ts";
import { WSL_NETWORK_SENTENCES } from "./wsl-network.ts";

const OF_CAUSES: Readonly<Record<string, Sentences>> = {
  ...APPLICATION_SENTENCES,
  ...ROUTE_SENTENCES,
  ...MIRRORED_SENTENCES,
  ...SIZE_SENTENCES,
  ...PROXY_SENTENCES,
  ...IPV6_SENTENCES,
  ...WEB_SENTENCES,
  ...HOST_SENTENCES,
  ...REACH_SENTENCES,
  ...NAME_SENTENCES,
  ...RESOLVER_FILE_SENTENCES,
  ...WINDOWS_FILTER_SENTENCES,
  ...WSL_DNS_SENTENCES,
  ...WSL_NETWORK_SENTENCES,
  ...STACK_SENTENCES,
  ...INBOUND_SENTENCES,
};
const NEEDS: Sentences = NEED_SENTENCES;
const FIXES: Sentences = FIX_SENTENCES;

/** The sentence of a cause's rule, with its values. */
export function writtenOut(cause: string, { of, key, values }: Words): string {
  const table = { cause: OF_CAUSES[cause], needs: NEEDS, fixes: FIXES }[of];
  const sentence = table?.[key] ?? key;
  return typeof sentence === "string" ? sentence : sentence(values);
}

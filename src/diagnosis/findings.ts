// The causes this version can name: what each is called, where it sits, and what would make it a mere consequence.

import { NAME_CAUSES } from "./causes/dns.ts";
import { HOST_CAUSES } from "./causes/host.ts";
import { IPV6_CAUSES } from "./causes/ipv6.ts";
import { PROXY_CAUSES } from "./causes/proxy.ts";
import { REACH_CAUSES } from "./causes/reach.ts";
import { ROUTING_CAUSES } from "./causes/routing.ts";
import type { CauseRow } from "./causes/row.ts";
import { SIZE_CAUSES } from "./causes/sizes.ts";
import { STACK_CAUSES } from "./causes/stack.ts";
import { WEB_CAUSES } from "./causes/web.ts";
import { WSL_NAME_CAUSES } from "./causes/wsl-dns.ts";

const TABLE = {
  ...SIZE_CAUSES,
  ...NAME_CAUSES,
  ...WSL_NAME_CAUSES,
  ...ROUTING_CAUSES,
  ...STACK_CAUSES,
  ...REACH_CAUSES,
  ...IPV6_CAUSES,
  ...PROXY_CAUSES,
  ...HOST_CAUSES,
  ...WEB_CAUSES,
} as const;

export type CauseId = keyof typeof TABLE;

/** A row whose causes are known to be in the table. */
export type FindingRow = Omit<CauseRow, "dependsOn"> & { readonly dependsOn: readonly CauseId[] };

// The assignment is the check: an id that no table holds does not compile.
export const FINDINGS: Readonly<Record<CauseId, FindingRow>> = TABLE;

/** Whether the text is the id of a cause in the table. */
export function isCauseId(text: string): text is CauseId {
  return Object.hasOwn(FINDINGS, text);
}

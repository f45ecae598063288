// What the distro reports about itself beyond its files: kind, policy rules, and privileges.

import { messageOf } from "../../src/errors.ts";
import type { Probe, ProbeContext } from "../../src/probe.ts";
import type { Family } from "../../src/schema/events/common.ts";
import { loadLibc } from "../native/libc.ts";
import type { System } from "../system.ts";
import { parseRules } from "./policy-rules.ts";
import { probePrivileges } from "./privileges.ts";
import { detectVantage, linksOf } from "./vantage.ts";

/** @param ebpf false: privileges are checked without it */
export function createGuestProbe(system: System, ebpf: boolean): Probe {
  return async (context) => {
    const links = { ...linksOf(context), rules: reportRules(await readRules(system), context) };
    context.emit({ kind: "vantage", ...(await detectVantage(system, links)) });
    const libc = await loadLibc().catch((error: unknown) => messageOf(error));
    for (const rung of await probePrivileges(libc, ebpf)) context.emit({ kind: "rung", ...rung });
  };
}

const FAMILIES = [
  { family: 4, args: ["-4", "rule"] },
  { family: 6, args: ["-6", "rule"] },
] as const;

const NO_IPROUTE2 = {
  reason: "ip (of iproute2) is not here or prints nothing, so the main table alone was read",
  enable: "sudo apt-get install iproute2",
} as const;

type RuleTexts = readonly { readonly family: Family; readonly text: string | null }[];

/** One program a family: `ip` takes it for a whole batch, not for a line of it. */
function readRules(system: System): Promise<RuleTexts> {
  return Promise.all(
    FAMILIES.map(async ({ family, args }) => {
      const options = { timeoutMs: RULES_TIMEOUT_MS };
      const { exitCode, stdout } = await system.run("ip", args, options);
      return { family, text: exitCode === 0 ? stdout : null };
    }),
  );
}

/**
 * Without iproute2 one privilege is missing, and it is reported.
 * @returns the text of IPv4's rules, empty without
 */
function reportRules(shown: RuleTexts, { emit }: ProbeContext): string {
  if (shown.every(({ text }) => text === null)) {
    emit({ kind: "rung", rung: "routing-tables", available: false, ...NO_IPROUTE2 });
    return "";
  }
  const rules = shown.flatMap(({ family, text }) =>
    text === null ? [] : parseRules(text, family),
  );
  emit({ kind: "policy-rules", rules });
  return shown.find(({ family }) => family === 4)?.text ?? "";
}

const RULES_TIMEOUT_MS = 2000;

// What the distro reports about itself beyond its files: kind, policy rules, and privileges.

import { messageOf } from "../../src/errors.ts";
import type { Probe, ProbeContext } from "../../src/probe.ts";
import type { Family } from "../../src/schema/events/common.ts";
import type { Libc } from "../native/libc.ts";
import { hasOwnRulesAlone, hasSingleHopsAlone } from "../native/plain-tables.ts";
import { openLibc } from "../privileged/open.ts";
import type { System } from "../system.ts";
import { readDistribution } from "./distribution.ts";
import { parseMultipath } from "./multipath-routes.ts";
import { parseRules } from "./policy-rules.ts";
import { probePrivileges } from "./privileges.ts";
import { detectVantage, linksOf } from "./vantage.ts";

/** @param ebpf false: privileges are checked without it */
export function createGuestProbe(system: System, ebpf: boolean): Probe {
  return async (context) => {
    const libc = await openLibc().catch((error: unknown) => messageOf(error));
    const [rules] = await Promise.all([
      readRules(system, libc, context),
      reportMultipath(system, libc, context),
    ]);
    const links = { ...linksOf(context), rules };
    const vantage = await detectVantage(system, links);
    context.emit({ kind: "vantage", ...vantage, distribution: await readDistribution(system) });
    context.emit({ kind: "tcp-settings", ecn: await readSetting(system, "tcp_ecn") });
    const elsewhere = vantage.vantage === "wsl1" ? IN_WSL2 : OUT_OF_SANDBOX;
    const rungs = await probePrivileges(libc, ebpf, elsewhere);
    for (const rung of rungs) context.emit({ kind: "rung", ...rung });
  };
}

/** A number below /proc/sys/net/ipv4 (ip-sysctl); null where there is none, as in WSL1. */
async function readSetting(system: System, name: string): Promise<number | null> {
  const text = await system.readText(`/proc/sys/net/ipv4/${name}`).catch(() => "");
  return /^\d+\n?$/.test(text) ? Number(text) : null;
}

/** WSL1 has no Linux kernel (https://learn.microsoft.com/windows/wsl/compare-versions). */
const IN_WSL2 = 'wsl.exe --set-version "$WSL_DISTRO_NAME" 2';
const OUT_OF_SANDBOX = "run it outside of the sandbox that refuses it, or on a newer kernel";

const FAMILIES = [
  { family: 4, args: ["-4", "rule"] },
  { family: 6, args: ["-6", "rule"] },
] as const;

async function reportMultipath(
  system: System,
  libc: Libc | string,
  { emit }: ProbeContext,
): Promise<void> {
  if (typeof libc !== "string" && hasSingleHopsAlone(libc)) return;
  const found = await Promise.all(
    ([4, 6] as const).map(async (family) => {
      const options = { timeoutMs: RULES_TIMEOUT_MS };
      const { exitCode, stdout } = await system.run("ip", ["-o", `-${family}`, "route"], options);
      return exitCode === 0 ? parseMultipath(stdout, family) : [];
    }),
  );
  const routes = found.flat();
  if (routes.length > 0) emit({ kind: "multipath-routes", routes });
}

const MAIN_ALONE = "so the main table alone was read";
const NO_IPROUTE2 = {
  reason: `ip (of iproute2) is not here or prints nothing, ${MAIN_ALONE}`,
  enable: "sudo apt-get install iproute2",
} as const;

interface RuleText {
  readonly family: Family;
  /** Null where the program failed, or is not here. */
  readonly text: string | null;
  /** Of the program, or of who could not start it. */
  readonly complaint: string;
}
type RuleTexts = readonly RuleText[];

/**
 * Reported, and the text of IPv4's rules; empty without, and where the kernel has its own alone.
 */
async function readRules(
  system: System,
  libc: Libc | string,
  context: ProbeContext,
): Promise<string> {
  if (typeof libc === "string" || !hasOwnRulesAlone(libc)) {
    return reportRules(await showRules(system), context);
  }
  context.emit({ kind: "policy-rules", rules: [] });
  return "";
}

/** One program a family: `ip` takes it for a whole batch, not for a line of it. */
function showRules(system: System): Promise<RuleTexts> {
  return Promise.all(
    FAMILIES.map(async ({ family, args }) => {
      const options = { timeoutMs: RULES_TIMEOUT_MS };
      const { exitCode, stdout, stderr } = await system.run("ip", args, options);
      return { family, text: exitCode === 0 ? stdout : null, complaint: stderr.trim() };
    }),
  );
}

/**
 * Without iproute2 one privilege is missing, and it is reported.
 * @returns the text of IPv4's rules, empty without
 */
function reportRules(shown: RuleTexts, { emit }: ProbeContext): string {
  if (shown.every(({ text }) => text === null)) {
    emit({ kind: "rung", rung: "routing-tables", available: false, ...whyNoRules(shown) });
    return "";
  }
  const rules = shown.flatMap(({ family, text }) =>
    text === null ? [] : parseRules(text, family),
  );
  emit({ kind: "policy-rules", rules });
  return shown.find(({ family }) => family === 4)?.text ?? "";
}

/** Another `ip` helps neither where netlink is refused to it, nor where no program can be started. */
function whyNoRules([first]: RuleTexts) {
  const [complaint = ""] = first?.complaint.split("\n") ?? [];
  if (!/netlink|EMFILE|EAGAIN|EPERM/i.test(complaint)) return NO_IPROUTE2;
  return { reason: `ip: "${complaint}", ${MAIN_ALONE}`, enable: null };
}

const RULES_TIMEOUT_MS = 2000;

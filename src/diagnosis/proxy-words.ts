// What the trace says about a proxy: which one there is, whether it is for this target, and how far it let us.

import { proxyName } from "../facts/connection/proxy-state.ts";
import type { Path } from "../model/path.ts";
import type { ProgramProxy, ProxyConfig } from "../schema/events/web.ts";

/** A sentence to add to a stage, empty where the environment names no proxy. */
export function formatProxy(path: Path): string {
  return `${formatEnvironment(path)}${formatPrograms(path)}`;
}

/** What git and apt take in place of it. */
function formatPrograms({ proxy, programProxies }: Path): string {
  const own = proxy === null || proxy.origin === "windows" ? null : proxyName(proxy);
  const others = programProxies.filter((one) => one.proxy !== own);
  const listed = others.map(formatProgramProxy);
  return listed.length === 0 ? "" : `; ${listed.join("; ")}`;
}

/** "git takes http://proxy:3128 (http.proxy in /etc/gitconfig)". */
export function formatProgramProxy({ program, proxy, setting, where }: ProgramSetting): string {
  return `${program} takes ${proxy ?? "no proxy"} (${setting} in ${where})`;
}

type ProgramSetting = Omit<ProgramProxy, "kind">;

function formatEnvironment(path: Path): string {
  const { proxy, proxyAttempt } = path;
  if (proxy === null) return "";
  if (path.requested !== null) return formatThrough(path, proxy);
  const { variable, host, port, applies, because } = proxy;
  if (proxy.problem !== undefined && applies) {
    return `; this is the direct way, and programs that heed ${variable} fail: ${proxy.problem}`;
  }
  if (proxy.origin === "windows") return formatWindows(proxyAttempt, `${host}:${port}`);
  const name = `${variable} names ${proxyName(proxy)}`;
  if (!applies) return `; ${name}, which does not apply (${because})`;
  const direct = "; this is the direct way, and programs that heed";
  if (proxyAttempt === null) return `${direct} ${variable} take another: ${name}, not tried`;
  const last = proxyAttempt.steps.at(-1);
  const through = last === undefined ? "not tried" : `${STEPS[last.step]} ${last.detail}`;
  const result = last?.ok === true ? `works (${through})` : `fails (${through})`;
  return `${direct} ${variable} take another: ${name}, and through it the request ${result}`;
}

/** The attempt went to the proxy itself: what that said, and what the direct way does. */
function formatThrough({ proxyAnswers, directAttempt }: Path, proxy: ProxyConfig): string {
  const [answer] = proxyAnswers;
  const said = answer === undefined ? "" : `, which answers: ${answer.detail}`;
  const last = directAttempt?.steps.at(-1);
  const direct =
    last === undefined
      ? ""
      : `; without it the request ${last.ok ? "works" : `fails (${DIRECT_STEPS[last.step]} ${last.detail})`}`;
  return `; this is the proxy that ${proxy.variable} names, ${proxyName(proxy)}${said}${direct}`;
}

function formatWindows(attempt: Path["proxyAttempt"], name: string): string {
  const last = attempt?.steps.at(-1);
  if (last === undefined) return "";
  const how = `${last.ok ? "works" : "fails"} (${STEPS[last.step]} ${last.detail})`;
  return `; Windows' programs take the proxy ${name}, and through it the request ${how}`;
}

const DIRECT_STEPS = {
  resolve: "its name:",
  connect: "connecting:",
  proxy: "connecting:",
  tls: "the TLS handshake:",
  http: "answer:",
} as const;

const STEPS = {
  resolve: "its name:",
  connect: "connecting to it:",
  proxy: "its answer:",
  tls: "the TLS handshake through it:",
  http: "answer:",
} as const;

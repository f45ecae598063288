// What the trace says about a proxy: which one there is, whether it is for this target, and how far it let us.

import type { Path } from "../model/path.ts";

/** A sentence to add to a stage, empty where the environment names no proxy. */
export function formatProxy({ proxy, proxyAttempt }: Path): string {
  if (proxy === null) return "";
  const { variable, scheme, host, port, applies, because } = proxy;
  if (proxy.origin === "windows") return formatWindows(proxyAttempt, `${host}:${port}`);
  const name = `${variable} names ${scheme}://${host.includes(":") ? `[${host}]` : host}:${port}`;
  if (!applies) return `; ${name}, which does not apply (${because})`;
  const direct = "; this is the direct way, and programs that heed";
  if (proxyAttempt === null) return `${direct} ${variable} take another: ${name}, not tried`;
  const last = proxyAttempt.steps.at(-1);
  const through = last === undefined ? "not tried" : `${STEPS[last.step]} ${last.detail}`;
  const result = last?.ok === true ? `works (${through})` : `fails (${through})`;
  return `${direct} ${variable} take another: ${name}, and through it the request ${result}`;
}

function formatWindows(attempt: Path["proxyAttempt"], name: string): string {
  const last = attempt?.steps.at(-1);
  if (last === undefined) return "";
  const how = `${last.ok ? "works" : "fails"} (${STEPS[last.step]} ${last.detail})`;
  return `; Windows' programs take the proxy ${name}, and through it the request ${how}`;
}

const STEPS = {
  resolve: "its name:",
  connect: "connecting to it:",
  proxy: "its answer:",
  tls: "the TLS handshake through it:",
  http: "answer:",
} as const;

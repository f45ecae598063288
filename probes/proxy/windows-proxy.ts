// The proxy of Windows' settings, which is probed where the environment names none and nothing else connects.

import { attemptState } from "../../src/facts/connection/attempt.ts";
import type { ChosenProxy } from "../../src/facts/connection/proxy.ts";
import { defaultAttempt } from "../../src/facts/connection/subject.ts";
import { windowsProxyFor } from "../../src/host/proxy-settings.ts";
import type { ProbeContext } from "../../src/probe.ts";
import type { Target } from "../../src/schema/events/run.ts";

/** Null where the default attempt got its connection, or Windows has no proxy that could be reached. */
export async function windowsProxyUnlessConnected(
  context: ProbeContext,
  connected: Promise<void>,
  target: Target,
): Promise<ChosenProxy | null> {
  await connected;
  const attempt = defaultAttempt(context.path());
  const connects = attempt === undefined || attemptState(attempt, "connect") === "passed";
  return connects ? null : windowsProxy(context, target);
}

/** One on Windows' own loopback cannot be reached from behind its NAT. */
function windowsProxy({ path }: ProbeContext, { scheme, host }: Target): ChosenProxy | null {
  const snapshot = path().host?.snapshot ?? null;
  const setting = snapshot === null ? null : windowsProxyFor(snapshot, scheme, host);
  if (setting?.known !== true || setting.proxy === null || setting.proxy.loopback) return null;
  const { host: name, port } = setting.proxy;
  return {
    variable: "Windows",
    origin: "windows",
    scheme: "http",
    host: name,
    port,
    applies: true,
    because: null,
    credentials: null,
  };
}

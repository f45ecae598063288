// What the environment's proxy did, and what Windows reports about its own.

import { type WindowsProxySetting, windowsProxyFor } from "../../host/proxy-settings.ts";
import type { Path } from "../../model/path.ts";
import type { Seen } from "../../model/seen.ts";
import type { ProxyAttempt, ProxyConfig } from "../../schema/events/web.ts";

/** The proxy that programs of the distro take for this target; null where there is none. */
export function environmentProxy({ proxy }: Path): Seen<ProxyConfig> | null {
  return proxy?.applies && proxy.origin !== "windows" ? proxy : null;
}

export type ProxyState =
  | { readonly kind: "works" }
  /** It answers, and its answer is no. */
  | { readonly kind: "answers"; readonly words: string }
  /** Nothing of it answers. */
  | { readonly kind: "dead"; readonly words: string }
  | { readonly kind: "open" };

/** How far the request through a proxy came. */
export function proxyState(attempt: ProxyAttempt | null): ProxyState {
  const last = attempt?.steps.at(-1);
  if (attempt === null || last === undefined) return { kind: "open" };
  if (last.ok) return { kind: "works" };
  const met = attempt.steps.some(({ step, ok }) => step === "proxy" && ok);
  const reported = /^(?:HTTP\/|SOCKS 5:|answered)/.test(last.detail);
  if (met || reported || last.step === "tls") return { kind: "answers", words: last.detail };
  return { kind: "dead", words: last.detail };
}

/** "http://proxy:3128", for people. */
export function proxyName({ scheme, host, port }: ProxyConfig): string {
  return `${scheme}://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** Windows' setting for the target of this run. */
export function windowsSetting({ host, run }: Path): WindowsProxySetting {
  const snapshot = host?.snapshot ?? null;
  if (snapshot === null || run === null) {
    return { known: false, reason: host?.reason ?? "there is no host snapshot" };
  }
  return windowsProxyFor(snapshot, run.target.scheme, run.target.host);
}

export function isLoopbackName(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\./.test(host);
}

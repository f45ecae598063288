// What the environment's proxy did, and what Windows reports about its own.

import { type WindowsProxySetting, windowsProxyFor } from "../../host/proxy-settings.ts";
import type { Path } from "../../model/path.ts";
import type { Seen } from "../../model/seen.ts";
import { CLOSED_UNANSWERED, noAddressOf, noAnswerIn } from "../../schema/constants.ts";
import type { TcpStage } from "../../schema/events/tcp.ts";
import type { ProxyAttempt, ProxyConfig } from "../../schema/events/web.ts";
import { NO_SNAPSHOT } from "../reasons.ts";
import { PROXY_NOT_SPOKEN, PROXY_REFUSED } from "./attempt.ts";
import { defaultEnding, type Ending, hasFailed } from "./ending.ts";
import { defaultAttempt } from "./subject.ts";

/** The proxy that programs of the distro take for this target; null where there is none. */
export function environmentProxy({ proxy }: Path): Seen<ProxyConfig> | null {
  return proxy?.applies && proxy.origin !== "windows" ? proxy : null;
}

export type ProxyState =
  | { readonly kind: "works" }
  /** It answers, and its answer is no. */
  | { readonly kind: "answers"; readonly words: string }
  /** It says that it connected, and what is behind it does not speak as the target would. */
  | { readonly kind: "behind"; readonly how: "not-tls" | "silent" | "closed" }
  /** Nothing of it answers. */
  | { readonly kind: "dead"; readonly words: string }
  | { readonly kind: "open" };

/** How far programs come through the proxy of the environment. */
export function environmentProxyState(path: Path): ProxyState {
  const problem = path.proxy?.problem;
  if (problem !== undefined) return { kind: "dead", words: problem };
  return path.requested === null ? proxyState(path.proxyAttempt) : defaultAttemptState(path);
}

/** The default attempt goes through the proxy: how it ended, and at whom. */
function defaultAttemptState(path: Path): ProxyState {
  const { run, ended } = path;
  if (ended === null || ended.interrupted !== null) return OPEN;
  if (defaultAttempt(path) === undefined) {
    const isNamed = path.addresses === null && path.dns.length > 0;
    return isNamed ? { kind: "dead", words: noAddressOf(run?.target.host ?? "the proxy") } : OPEN;
  }
  const ending = defaultEnding(path);
  return hasFailed(ending) ? failedState(path, ending) : passedState(ending);
}

/** A wait that the user cut short shows nothing. */
function passedState({ kind }: Ending): ProxyState {
  return kind === "answered" ? { kind: "works" } : OPEN;
}

function failedState(path: Path, ending: Ending): ProxyState {
  switch (ending.kind) {
    // What comes in TLS comes from the far side, or from what stands in for it.
    case "refused":
    case "corrupted":
      return { kind: "works" };
    case "error":
      return PROXY_CODES.includes(ending.code)
        ? { kind: "answers", words: answerOf(path)?.detail ?? "answered in another protocol" }
        : { kind: "dead", words: ending.code };
    case "not-tls":
      return { kind: "behind", how: "not-tls" };
    case "silent":
      return isTaken(path, ending.stage)
        ? { kind: "behind", how: "silent" }
        : { kind: "dead", words: noAnswerIn(ending.waitedMs) };
    case "closed":
      return isTaken(path, ending.stage)
        ? { kind: "behind", how: "closed" }
        : { kind: "dead", words: CLOSED_UNANSWERED };
    default:
      return OPEN;
  }
}

/** What the proxy said to the default attempt. */
function answerOf(path: Path) {
  const name = defaultAttempt(path)?.attempt;
  return path.proxyAnswers.find(({ attempt }) => attempt === name);
}

/** Whether the proxy took the request; one in plain HTTP is answered by the target's answer alone. */
function isTaken(path: Path, stage: TcpStage): boolean {
  const forwards = path.run?.target.scheme === "http" && !path.proxy?.scheme.startsWith("socks");
  return answerOf(path)?.ok === true || (forwards && stage !== "connect");
}

const OPEN: ProxyState = { kind: "open" };
const PROXY_CODES: readonly string[] = [PROXY_REFUSED, PROXY_NOT_SPOKEN];

/** Whether the same request is answered without the proxy; null where it was not sent. */
export function directWorks({ directAttempt }: Path): boolean | null {
  return directAttempt?.steps.at(-1)?.ok ?? null;
}

/** How far the request through a proxy came, where it was sent beside the default attempt. */
export function proxyState(attempt: ProxyAttempt | null): ProxyState {
  const last = attempt?.steps.at(-1);
  if (attempt === null || last === undefined) return { kind: "open" };
  if (last.ok) return { kind: "works" };
  const met = attempt.steps.some(({ step, ok }) => step === "proxy" && ok);
  const reported = /^(?:HTTP\/|SOCKS 5:|answered)/.test(last.detail);
  if (met || reported || last.step === "tls") return { kind: "answers", words: last.detail };
  return { kind: "dead", words: last.detail };
}

/** The events that show what the proxy did. */
export function proxyAttemptIds(path: Path): readonly string[] {
  const { proxyAttempt, proxyAnswers, directAttempt } = path;
  const through = path.requested === null ? undefined : defaultAttempt(path);
  const seen = [proxyAttempt, through, through?.stages.at(-1), ...proxyAnswers, directAttempt];
  return seen.flatMap((one) => (one == null ? [] : [one.id]));
}

/** "http://proxy:3128", for people. */
export function proxyName({ scheme, host, port, problem }: ProxyConfig): string {
  if (problem !== undefined) return "a proxy that cannot be used";
  return `${scheme}://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** Windows' setting for the target of this run. */
export function windowsSetting({ host, run, requested }: Path): WindowsProxySetting {
  const snapshot = host?.snapshot ?? null;
  if (snapshot === null || run === null) {
    return { known: false, reason: host?.reason ?? NO_SNAPSHOT };
  }
  const target = requested ?? run.target;
  return windowsProxyFor(snapshot, target.scheme, target.host);
}

export function isLoopbackName(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\./.test(host);
}

// How a trace ends: cause, place, direction, the fix, and the commands whose result changes with it.

import { type CauseId, causeOf } from "../../diagnosis/causes/list.ts";
import type { DiagnosisData, FindingData, SegmentData } from "../../diagnosis/diagnosis.ts";
import { proxyName } from "../../facts/connection/proxy-state.ts";
import { silenceFacts } from "../../facts/connection/silence.ts";
import { tracedAddress } from "../../facts/connection/subject.ts";
import type { Probe } from "../../model/hop.ts";
import type { Path } from "../../model/path.ts";
import type { DatagramAttempt } from "../../schema/events/datagram.ts";
import type { Target } from "../../schema/events/run.ts";
import type { TraceConclusion, TraceStep } from "../../schema/trace-step.ts";
import type { SegmentKind } from "../../schema/verdict.ts";
import type { Language } from "./language.ts";
import type { Whom } from "./phrases.ts";

/** @param failing the first step that failed; undefined where none did */
export function conclusionOf(
  path: Path,
  data: DiagnosisData,
  failing: TraceStep | undefined,
  language: Language,
): TraceConclusion {
  const root = rootOf(data);
  const { phrases } = language;
  if (root === undefined) {
    const title = data.verdict === "healthy" ? phrases.noFault : phrases.open;
    return { ...NOTHING, title, place: placeOf(path, data, undefined, language) };
  }
  const [fix] = root.fixes;
  const whom = whomOf(root);
  const { run, requested } = path;
  const isOthers = fix === undefined && !OWN.includes(whom);
  return {
    cause: root.cause,
    title: language.title(root.cause),
    place: placeOf(path, data, root, language),
    direction: root.direction,
    confidence: root.confidence,
    fix: fix === undefined ? null : { ...fix, title: language.writtenOut(root.cause, fix.title) },
    mendedBy: fix === undefined ? phrases.mendedBy({ whom, cause: root.cause }) : null,
    ...(isOthers && run !== null
      ? { send: `${ownCommand(path, requested ?? run.target)} --report report.html` }
      : {}),
    checks: checksOf(path, data, failing, language),
  };
}

const NOTHING = {
  cause: null,
  direction: null,
  confidence: null,
  fix: null,
  mendedBy: null,
  checks: [],
} as const;

/** The finding that stops the user first; notes stop nobody. */
export function rootOf({ findings }: DiagnosisData): FindingData | undefined {
  return findings.find(({ severity }) => severity !== "note");
}

/** "vpn-adapter (MSFTVPN)", "between nat and vpn-gateway". */
export function placeOf(
  path: Path,
  { chain }: DiagnosisData,
  root: FindingData | undefined,
  { phrases }: Language,
): string {
  if (root === undefined) return phrases.place({ segment: null, between: null, name: null });
  const { proxy, requested, probes } = path;
  const { segment, between, evidence, cause } = root;
  const area = causeOf(cause)?.area;
  const isOfProxy = segment === null && between === null && area === "proxy";
  if (isOfProxy && proxy !== null && requested !== null) {
    return phrases.atProxy({ proxy: proxyName(proxy) });
  }
  // The distro's own files are no name server.
  if (area === "resolver-file") return phrases.place({ segment, between, name: null });
  const sameKind = chain.filter(({ kind }) => kind === segment);
  const reports = new Set(probes.flatMap((probe) => reporterOf(probe, evidence)));
  const accepting = acceptingTtl(path, evidence);
  const alike = sameKind.filter(
    (one) =>
      mayBeNamed(one) ||
      reports.has(one.address ?? "") ||
      (accepting !== null && accepting === one.ttl),
  );
  const shown = alike.find((one) => one.evidence.some((id) => evidence.includes(id)));
  const own = shown ?? (alike.length === 1 ? alike[0] : undefined);
  return phrases.place({ segment, between, name: own?.name ?? null });
}

/** Who sent an ICMP error that the finding rests on. */
function reporterOf({ id, outcome }: Probe, evidence: readonly string[]): readonly string[] {
  return outcome.kind === "unreachable" && evidence.includes(id) ? [outcome.from] : [];
}

/** The distance of who accepts a connection in the target's place, where the finding rests on that. */
function acceptingTtl(path: Path, evidence: readonly string[]): number | null {
  const silence = silenceFacts(path);
  if (silence === null || !silence.evidence.some((id) => evidence.includes(id))) return null;
  return silence.acceptedAtTtl;
}

/** Routers that work are not the one that is meant, even where no other of their kind was seen. */
function mayBeNamed({ kind, outbound, inbound }: SegmentData): boolean {
  return !ROUTERS.includes(kind) || outbound !== "ok" || inbound !== "ok";
}

const ROUTERS: readonly SegmentKind[] = ["lan-gateway", "vpn-gateway", "internet-hop"];

/** Who has to act where the place does not say it. */
const WHOM_OF_CAUSE: Partial<Record<CauseId, Whom>> = {
  "attempt-failed": "open",
  "connection-closed": "far-end",
  "dns-answer-forged": "path",
  "dns-name-does-not-exist": "domain",
  "proxy-set-but-dead": "proxy",
  "tls-inspection-untrusted-ca": "filter",
  "tls-middlebox-reset": "filter",
};

/** Who silently drops or answers in another's place is found by whoever runs the far end first. */
const WHOM_OF_NO_PLACE: Partial<Record<CauseId, Whom>> = { "server-silent": "far-end" };

const OWN: readonly Whom[] = ["user", "windows", "link"];

function whomOf({ cause, segment, between }: FindingData): Whom {
  const id = causeOf(cause)?.id;
  const known = id === undefined ? undefined : WHOM_OF_CAUSE[id];
  if (known !== undefined) return known;
  if (segment !== null) return WHOM[segment];
  const ends = (between ?? []).map((kind) => WHOM[kind]);
  // Between two parts of Windows everything is Windows.
  if (ends.length > 0 && ends.every((one) => OWN.includes(one))) return "windows";
  return (id === undefined ? undefined : WHOM_OF_NO_PLACE[id]) ?? "path";
}

/** Who owns a part of the chain. */
const WHOM: Readonly<Record<SegmentKind, Whom>> = {
  resolver: "resolver",
  "linux-stack": "user",
  "linux-nic": "user",
  vswitch: "windows",
  "windows-stack": "windows",
  nat: "windows",
  "physical-nic": "link",
  "vpn-adapter": "vpn",
  "vpn-gateway": "vpn",
  "lan-gateway": "lan",
  "internet-hop": "provider",
  destination: "server",
};

type Check = TraceConclusion["checks"][number];

function checksOf(
  path: Path,
  data: DiagnosisData,
  failing: TraceStep | undefined,
  { phrases }: Language,
): readonly Check[] {
  const { run, requested } = path;
  if (run === null) return [];
  const target = requested ?? run.target;
  const plain = failing === undefined ? null : plainCommand(path, target, failing.kind);
  const now = phrases.verdictNow({
    verdict: data.verdict,
    cause: rootOf(data)?.cause ?? null,
  });
  return [
    ...(plain === null || failing === undefined
      ? []
      : [
          {
            command: plain,
            now: failing.cameBack,
            afterwards: phrases.afterwards({ stage: failing.kind }),
          },
        ]),
    {
      command: ownCommand(path, target),
      now,
      afterwards: phrases.afterwards({ stage: null }),
    },
  ];
}

const SECONDS = 10;

/** A command that everybody has and that does what the failing stage does; null where none does. */
function plainCommand(path: Path, target: Target, stage: TraceStep["kind"]): string | null {
  const { host } = target;
  const address = tracedAddress(path);
  if (stage === "resolve") return `getent ahosts ${quoted(host)}`;
  if (stage === "route") return address === undefined ? null : `ip route get ${quoted(address)}`;
  if (!isOfAttempt(stage)) return null;
  return path.datagram === null ? connectCommand(path, target, stage) : pingCommand(path.datagram);
}

function isOfAttempt(stage: TraceStep["kind"]): boolean {
  return stage === "connect" || stage === "tls" || stage === "http";
}

function pingCommand({ port, address }: DatagramAttempt): string | null {
  return port === null ? `ping -c 3 ${quoted(address)}` : null;
}

function connectCommand(
  path: Path,
  { host, port, scheme }: Target,
  stage: TraceStep["kind"],
): string | null {
  const bracketed = host.includes(":") ? `[${host}]` : host;
  if (scheme === "https" || scheme === "http") {
    const isDefault = port === DEFAULT_PORTS[scheme];
    const url = quoted(`${scheme}://${bracketed}${isDefault ? "" : `:${port}`}/`);
    const family = path.run?.options.family ?? null;
    const only = family === null ? "" : `-${family} `;
    return `curl ${only}-sS -m ${SECONDS} -o /dev/null -w '%{http_code}\\n' ${url}`;
  }
  if (stage !== "connect" || !PLAIN.test(host)) return null;
  return `timeout ${SECONDS} bash -c 'exec 3<>/dev/tcp/${host}/${port}' && echo open`;
}

const DEFAULT_PORTS = { https: 443, http: 80 } as const;

/** The same run again. */
function ownCommand({ run }: Path, { input, port, portOrigin }: Target): string {
  const { options, command = "path" } = run ?? {};
  const isPortTyped = command !== "inbound" && portOrigin === "user" && !input.includes(`:${port}`);
  return [
    "wsl-trace",
    command === "env" || command === "run" ? "path" : command,
    quoted(input),
    ...(options?.family == null ? [] : [`-${options.family}`]),
    ...(isPortTyped ? ["--port", String(port)] : []),
    ...(options?.reachableFrom === undefined ? [] : ["--from", options.reachableFrom]),
    ...((options?.flows ?? 1) > 1 ? ["--flows", String(options?.flows)] : []),
    ...(options?.interface === undefined ? [] : ["--interface", quoted(options.interface)]),
  ].join(" ");
}

/** What a shell takes as it is. */
const PLAIN = /^[\w.:/@%][\w.:/@%-]*$/;

function quoted(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

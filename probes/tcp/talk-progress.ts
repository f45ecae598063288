// What has been said on a connection in a protocol of its own, and the event that tells it in the end.

import { REFUSED, receivedBytes, sentBytes } from "../../src/facts/connection/attempt.ts";
import type { EventBody } from "../../src/schema/event.ts";
import type { Family } from "../../src/schema/events/common.ts";
import type { ProtocolAnswer, TcpInfo, TcpResult } from "../../src/schema/events/tcp.ts";
import type { Scheme } from "../../src/schema/run-choices.ts";
import type { TalkStep } from "./exchange-events.ts";

export interface Talk {
  /** Null where nothing is spoken. */
  readonly scheme: Scheme | null;
  /** The server's first line, null while there is none. */
  readonly line: string | null;
  readonly wanted: { readonly inbound: boolean; readonly outbound: boolean };
  /** Acknowledgements are held back: the far side may not go on. */
  readonly held: boolean;
}

export function startTalk(scheme: Scheme | null): Talk {
  return { scheme, line: null, wanted: { inbound: false, outbound: false }, held: false };
}

export function talkOn(talk: Talk, step: TalkStep): Talk {
  switch (step.kind) {
    case "spoken":
      return { ...talk, scheme: step.scheme };
    case "greeting":
      return { ...talk, line: step.line };
    case "large":
      return { ...talk, wanted: { ...talk.wanted, [step.direction]: true } };
    case "held":
      return { ...talk, held: step.held };
    case "tls":
      return talk;
  }
}

/** Those whose servers answer a request; all others speak first, or may. */
const CLIENT_FIRST: readonly Scheme[] = ["https", "http", "git", "postgres"];

export function isExpectingGreeting({ scheme, line }: Talk): boolean {
  return scheme !== null && line === null && !CLIENT_FIRST.includes(scheme);
}

interface Subject {
  readonly phase: "connecting" | "exchanging" | "over";
  readonly subject: { readonly name: string; readonly family: Family };
  readonly talk: Talk;
  readonly answered: boolean;
  readonly latest: TcpInfo | null;
}

/** Nothing where no connection was made, or the web's protocols were spoken. @param result of the stage that ended last */
export function reportTalk(
  { phase, subject, talk, answered, latest: info }: Subject,
  result: TcpResult | null,
): readonly EventBody[] {
  const { scheme: protocol, line, wanted } = talk;
  const isWeb = protocol === "https" || protocol === "http";
  if (protocol === null || isWeb || phase === "connecting") return [];
  const outcome = answered ? "answered" : outcomeOf(result);
  const seen = {
    inbound: receivedBytes(info, subject.family),
    outbound: wanted.outbound ? acknowledgedBytes(info, subject.family) : null,
  };
  return [
    { kind: "protocol-answer", attempt: subject.name, protocol, outcome, line, wanted, seen },
  ];
}

function outcomeOf(result: TcpResult | null): ProtocolAnswer["outcome"] {
  if (result?.kind === "other-protocol") return "other-protocol";
  return result?.kind === "failed" && result.code === REFUSED ? "refused" : "unfinished";
}

/** What goes before the large message is smaller than a segment. */
function acknowledgedBytes(info: TcpInfo | null, family: Family): number | null {
  return info === null || (info.bytesAcked ?? 0) < info.sndMss ? null : sentBytes(info, family);
}

// Reads what the host answered to a question as a probe result: outcomes in our words, details in Windows' own.

import type { HostProbeResult } from "../../src/schema/events/host-probe.ts";
import { ECHO_HEADERS } from "./echo-headers.ts";
import type { HelperAnswer, HelperQuestion } from "./helper-protocol.ts";

/** Null for what is no probe, and for an answer that lacks what the question asks for. */
export function readHostProbe(
  question: HelperQuestion,
  answer: HelperAnswer,
): HostProbeResult | null {
  switch (question.ask) {
    case "hello":
    case "watch":
    case "counters":
    case "unwatch":
      return null;
    case "resolve": {
      const { name, type, server = null } = question;
      const addresses = [...(answer.addresses ?? [])];
      return { ask: "resolve", name, type, server, addresses, error: answer.error };
    }
    case "connect": {
      const { address, port } = question;
      return {
        ask: "connect",
        address,
        port,
        outcome: connectOutcome(answer),
        detail: answer.error,
      };
    }
    case "tls": {
      const { address, port, name } = question;
      const detail = answer.error ?? answer.detail ?? null;
      return { ask: "tls", address, port, name, outcome: tlsOutcome(answer), detail };
    }
    case "echo":
      return echoProbe(question, answer);
    case "neighbour":
      return { ask: "neighbour", address: question.address, ...neighbourOutcome(answer) };
  }
}

/** Names of System.Net.Sockets.SocketError; their numbers are Winsock's, as WSAECONNREFUSED. */
const CONNECT_OUTCOMES: Readonly<Record<string, Outcome<"connect">>> = {
  ConnectionRefused: "refused",
  TimedOut: "no-reply",
  HostUnreachable: "unreachable",
  NetworkUnreachable: "unreachable",
  HostDown: "unreachable",
  NetworkDown: "unreachable",
  AddressNotAvailable: "unreachable",
  AccessDenied: "denied",
};

type Outcome<A extends HostProbeResult["ask"]> = Extract<
  Extract<HostProbeResult, { readonly ask: A }>,
  { readonly outcome: unknown }
>["outcome"];

function connectOutcome({ ok, code }: Pick<HelperAnswer, "ok" | "code">): Outcome<"connect"> {
  return ok ? "connected" : (CONNECT_OUTCOMES[code ?? ""] ?? "failed");
}

function tlsOutcome({ ok, code }: HelperAnswer): Outcome<"tls"> {
  if (ok) return "answered";
  return code === "TimedOut" ? "no-reply" : "failed";
}

function echoProbe(
  { address, payloadBytes, ttl }: Extract<HelperQuestion, { readonly ask: "echo" }>,
  { status, from = null, detail, error, code }: HelperAnswer,
): HostProbeResult | null {
  const sizeBytes = payloadBytes + ECHO_HEADERS[address.includes(":") ? 6 : 4];
  const unsent = connectOutcome({ ok: false, code }) === "unreachable";
  const outcome = status ?? (unsent ? "unreachable" : null);
  if (outcome === null) return null;
  return { ask: "echo", address, sizeBytes, ttl, outcome, from, detail: error ?? detail ?? null };
}

// State of MSFT_NetNeighbor, by name or number (Microsoft: "MSFT_NetNeighbor class").
const UNREACHABLE = ["unreachable", "incomplete", "0", "1"];
const ANSWERS = ["reachable", "5"];

function neighbourOutcome({ states = [], error }: HelperAnswer) {
  const known = states.map((state) => state.toLowerCase());
  const detail = known.length === 0 ? error : states.join(", ");
  const outcome: Outcome<"neighbour"> = known.some((state) => ANSWERS.includes(state))
    ? "answers"
    : known.length === 0
      ? "absent"
      : known.every((state) => UNREACHABLE.includes(state))
        ? "no-answer"
        : "unsure";
  return { outcome, detail };
}

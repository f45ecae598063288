// Sends echo requests from Windows through ping.exe alone, where there is no PowerShell to be had.

import { decodeOutput } from "./decode.ts";
import type { HelperReply } from "./helper.ts";
import type { HelperAnswer, HelperQuestion } from "./helper-protocol.ts";
import type { HostProber, ProberDeps } from "./prober.ts";
import type { BoundedResult } from "./run-bounded.ts";

type Echo = Extract<HelperQuestion, { readonly ask: "echo" }>;

/** Start of the program, and the time until it has printed its summary. */
const SLACK_MS = 3000;
const MAX_BYTES = 20_000;
const SHOWN_CHARS = 300;

/** @param file the absolute path of ping.exe */
export function createPingProber(
  { run, debug }: Pick<ProberDeps, "run" | "debug">,
  file: string,
  signal: AbortSignal,
): HostProber {
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  const echo = async (question: Echo): Promise<HelperReply> => {
    const result = await run({
      file,
      args: argumentsOf(question),
      maxBytes: MAX_BYTES,
      signal: either,
      timeoutMs: question.timeoutMs + SLACK_MS,
    });
    const { end } = result;
    if (end.kind !== "exited") {
      debug(`${file}: ${end.kind}`);
      return { kind: "failed", reason: `ping.exe gave no answer (${end.kind})` };
    }
    return { kind: "answered", answer: pingAnswer(question, result) };
  };
  const other: HelperReply = {
    kind: "failed",
    reason: "only ping.exe is to be had on the host: it can try echoes alone",
  };
  return {
    by: "ping.exe",
    languageMode: null,
    elevated: false,
    ask: (questions) =>
      questions.map((question) =>
        question.ask === "echo" ? echo(question) : Promise.resolve(other),
      ),
    close: () => over.abort(),
  };
}

function argumentsOf({ address, payloadBytes, ttl, timeoutMs }: Echo): readonly string[] {
  // IPv6 routers never fragment: there is no such flag for it.
  const dontFragment = address.includes(":") ? [] : ["-f"];
  const numbers = ["-n", 1, "-w", timeoutMs, "-l", payloadBytes, "-i", ttl].map(String);
  return [...numbers, ...dontFragment, address];
}

/**
 * Its exit code and counters call an error message of a router a reply: only a line with "TTL=" is one, in every
 * language. IPv6 replies have no TTL; there the time in ms decides, which no other line has.
 */
function pingAnswer({ address }: Echo, { stdout, elapsedMs }: BoundedResult): HelperAnswer {
  const lines = decodeOutput(stdout, null)
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const sign = address.includes(":") ? /[=<]\s*\d+\s*ms/ : /TTL=\d/;
  const reply = lines.find((line) => sign.test(line));
  return {
    token: null,
    ok: true,
    ms: Math.round(elapsedMs),
    error: null,
    by: "program",
    status: reply === undefined ? "no-reply" : "reply",
    from: reply === undefined ? null : address,
    detail: (reply ?? lines.join(" / ")).slice(0, SHOWN_CHARS),
  };
}

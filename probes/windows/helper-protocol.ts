// The questions to helper.ps1 and its answers: one JSON line each, matched by a token.

import * as z from "zod";

export type HelperQuestion =
  | { readonly ask: "hello" }
  | {
      readonly ask: "resolve";
      readonly name: string;
      readonly type: "A" | "AAAA";
      /** The server to query; Windows' own choice, NRPT included, when absent. */
      readonly server?: string;
    }
  | {
      readonly ask: "connect";
      readonly address: string;
      readonly port: number;
      readonly timeoutMs: number;
    }
  | {
      readonly ask: "tls";
      readonly address: string;
      readonly port: number;
      readonly name: string;
      readonly timeoutMs: number;
    }
  /** An echo with DF set; its packet is larger by ECHO_HEADERS (echo-headers.ts) than its payload. */
  | {
      readonly ask: "echo";
      readonly address: string;
      readonly payloadBytes: number;
      readonly ttl: number;
      readonly timeoutMs: number;
    }
  /** What ARP or neighbour discovery last reported of an address on the link. */
  | { readonly ask: "neighbour"; readonly address: string }
  /** Has pktmon count the packets of these addresses, which needs an administrator. */
  | { readonly ask: "watch"; readonly addresses: readonly string[] }
  | { readonly ask: "counters" }
  /** Ends what "watch" began; so does the end of the input. */
  | { readonly ask: "unwatch" };

const echoStatus = z.enum(["reply", "too-big", "ttl-expired", "unreachable", "no-reply"]);

/** One answer; what a question of another kind would bring is absent. */
export const helperAnswer = z.object({
  /** Null when the line was no JSON. */
  token: z.string().nullable(),
  ok: z.boolean(),
  /** As Windows' clock saw it, in whole milliseconds. */
  ms: z.number().nonnegative(),
  /** In the words of Windows; null when it went well. */
  error: z.string().nullable(),
  /** .NET's name of a socket's error, such as ConnectionRefused; null without one. */
  code: z.string().nullable().optional(),
  version: z.number().optional(),
  languageMode: z.string().optional(),
  elevated: z.boolean().optional(),
  /** What `pktmon counters --json` printed. */
  counters: z.string().optional(),
  addresses: z.array(z.string()).optional(),
  protocol: z.string().nullable().optional(),
  /** Of the certificate, by what Windows trusts; false also when the server sent an alert. */
  trusted: z.boolean().optional(),
  /** Of an address as a neighbour, one for each interface: "Reachable", "Unreachable", or the enum's number. */
  states: z.array(z.string()).optional(),
  /** "no-reply" from ping.exe may also be a packet that is too big or expired: it prints those in words only. */
  status: echoStatus.optional(),
  from: z.string().nullable().optional(),
  by: z.enum(["class", "program"]).optional(),
  detail: z.string().optional(),
});
export type HelperAnswer = Readonly<z.infer<typeof helperAnswer>>;

/** The answer in a line; null for a line that is none. */
export function readAnswer(line: string): HelperAnswer | null {
  try {
    const parsed = helperAnswer.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

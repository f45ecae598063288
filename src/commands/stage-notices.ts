// One line for each stage of the default attempt as it ends, for whoever waits at the other end of a pipe.

import { printable } from "../report/escape.ts";
import { noAnswerIn } from "../schema/constants.ts";
import type { ProbeEvent } from "../schema/event.ts";
import type { TcpResult } from "../schema/events/tcp.ts";

/** Called for every event of a run, in order. */
export function createStageNotices(notify: (line: string) => void): (event: ProbeEvent) => void {
  let attempt: string | null = null;
  const say = (stage: string, what: string) => notify(printable(`${stage}: ${what}`));
  return (event) => {
    if (event.kind === "target-addresses" && event.server !== null) {
      const found = event.addresses.map(({ address }) => address).join(", ");
      say("resolve", `${found}, ${Math.round(event.atMs)} ms after the beginning`);
    }
    if (event.kind === "tcp-started" && event.purpose === "default") attempt = event.attempt;
    if (event.kind === "tcp-stage" && event.attempt === attempt) {
      say(event.stage, formatResult(event.result, event.ms));
    }
    if (event.kind === "tcp-stalled" && event.attempt === attempt) {
      say(event.stage, "no more data for longer than round trips explain; waiting");
    }
  };
}

function formatResult(result: TcpResult, ms: number): string {
  switch (result.kind) {
    case "ok":
      return `ok in ${Math.round(ms)} ms`;
    case "no-reply":
      return noAnswerIn(result.waitedMs);
    case "failed":
      return `failed after ${Math.round(ms)} ms: ${result.detail}`;
    default:
      return `another protocol: ${result.detail}`;
  }
}

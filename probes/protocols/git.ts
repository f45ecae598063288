// git's own protocol: the list of refs of a repository, or the line that refuses it (gitprotocol-pack(5)).

import type { Ending, Talk, Terms } from "./conversation.ts";
import { answered, greeting, notSpoken, readBytes, send } from "./talk.ts";

/** Where the URL names none: no server has it, and the line that says so is an answer. */
const NO_REPOSITORY = "/wsl-trace-no-such-repository";
/** The refusal repeats the name: longer than a segment, and within what a path may have (PATH_MAX of Linux: 4096). */
const NAME_BYTES = 2000;
const LENGTH_DIGITS = 4;
/** gitprotocol-common(5): the longest pkt-line. */
const MAX_PACKET = 65_520;
/** Of the list: enough to have seen full-size segments. */
const ENOUGH_BYTES = 32_768;
const FLUSH = "0000";
/** What a server begins with: a ref by its object's name (SHA-1 or SHA-256), a version, or why not. */
const LINE = /^(ERR |version |[0-9a-f]{40}([0-9a-f]{24})? )/;

export function* git({ inbox, host, path, padBytes, long }: Terms): Talk<Ending> {
  const wanted = long
    ? `${NO_REPOSITORY}-${"n".repeat(NAME_BYTES)}`
    : path === "/"
      ? NO_REPOSITORY
      : path;
  const padding = padBytes === null ? "" : `/${"p".repeat(Math.min(padBytes, MAX_PADDING))}`;
  if (padBytes !== null) yield { kind: "large", direction: "outbound" };
  if (long || path !== "/") yield { kind: "large", direction: "inbound" };
  yield send(packet(`git-upload-pack ${wanted}${padding}\0host=${host}\0`));
  const first = yield* readPacket({ inbox });
  if (first === null || !LINE.test(first)) return notSpoken("git's protocol", firstOf(inbox));
  yield greeting(first);
  if (first.startsWith("ERR ")) return answered(first);
  for (let seen = first; seen !== "" && inbox.total() < ENOUGH_BYTES; ) {
    const next = yield* readPacket({ inbox });
    if (next === null) return notSpoken("git's protocol", firstOf(inbox));
    seen = next;
  }
  yield send(FLUSH);
  return answered("refs");
}

function firstOf(inbox: Terms["inbox"]): string {
  return inbox.firstLine() ?? "";
}

/** With the rest of the request, and room to spare. */
const MAX_PADDING = MAX_PACKET - 4096;

function packet(text: string): string {
  const length = Buffer.byteLength(text, "latin1") + LENGTH_DIGITS;
  return `${length.toString(16).padStart(LENGTH_DIGITS, "0")}${text}`;
}

/** A pkt-line without its line feed, "" for a flush; null where there is none. */
function* readPacket({ inbox }: Pick<Terms, "inbox">): Talk<string | null> {
  const digits = (yield* readBytes(inbox, LENGTH_DIGITS)).toString("latin1");
  const length = /^[0-9a-f]{4}$/i.test(digits) ? Number.parseInt(digits, 16) : Number.NaN;
  if (length === 0) return "";
  if (!(length >= LENGTH_DIGITS && length <= MAX_PACKET)) return null;
  return (yield* readBytes(inbox, length - LENGTH_DIGITS)).toString("latin1").replace(/\n$/, "");
}

// What a fix changes on this machine, as data: read from printed commands, kept in the journal, done and taken back by probes/fixing.

import * as z from "zod";

/** Files that fixes for Linux write; nothing else is ever written or restored. */
const FILE =
  /^\/etc\/(resolv\.conf|wsl\.conf|hosts|gai\.conf|nsswitch\.conf|environment|docker\/daemon\.json|sysctl\.d\/90-[a-z-]+\.conf|NetworkManager\/conf\.d\/90-wsl\.conf|systemd\/network\/00-wsl\.network|systemd\/resolved\.conf\.d\/90-wsl-trace\.conf|systemd\/system\/(multi-user\.target\.wants\/)?wsl-trace-fix\.service)$/;
/** The folders of those files. */
const FOLDER =
  /^\/etc\/(docker|sysctl\.d|NetworkManager(\/conf\.d)?|systemd(\/(network|resolved\.conf\.d|system(\/multi-user\.target\.wants)?))?)$/;
/** Where WSL and systemd-resolved keep the file that resolv.conf is a link to. */
const LINKED = /^\/(mnt\/wsl|run\/systemd\/resolve|run\/resolvconf)\/[a-z-]*resolv\.conf$/;
const INTERFACE = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,14}$/);
/** An argument of `ip`: no blanks, nothing that a shell or `ip` itself would take as an option. */
const ARGUMENT = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.:/-]*$/);

const file = z.string().regex(FILE);

/** How the text of a file becomes another. */
const edit = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("write"), text: z.string() }),
  z.object({ kind: z.literal("append"), text: z.string() }),
  z.object({ kind: z.literal("first-line"), text: z.string() }),
  /** Lines that hold the text. */
  z.object({ kind: z.literal("delete-lines"), text: z.string() }),
  /** The word and the blank before it. */
  z.object({ kind: z.literal("delete-word"), text: z.string() }),
  /** Whole lines that begin with the text. */
  z.object({ kind: z.literal("replace-lines"), begin: z.string(), text: z.string() }),
]);
export type Edit = z.infer<typeof edit>;

export const change = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("link-mtu"),
    device: INTERFACE,
    mtu: z.number().int().min(68).max(65_535),
  }),
  z.object({
    kind: z.literal("ip"),
    family: z.union([z.literal(4), z.literal(6)]),
    object: z.enum(["route", "rule", "address"]),
    args: z.array(ARGUMENT).readonly(),
  }),
  z.object({ kind: z.literal("flush-cache") }),
  z.object({
    kind: z.literal("sysctl"),
    key: z.string().regex(/^net(\.[A-Za-z0-9_-]+)+$/),
    value: z.string().regex(/^[0-9a-z ]{1,40}$/),
  }),
  z.object({ kind: z.literal("edit"), path: file, edit }),
  z.object({ kind: z.literal("remove"), path: file }),
  z.object({
    kind: z.literal("link"),
    path: file,
    target: z.union([file, z.string().regex(LINKED)]),
  }),
  z.object({ kind: z.literal("mutable"), path: file }),
  z.object({ kind: z.literal("folder"), path: z.string().regex(FOLDER) }),
]);
export type Change = z.infer<typeof change>;

const owner = { mode: z.number().int(), uid: z.number().int(), gid: z.number().int() };

/** What a change would touch, as it is before or after. */
export const state = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("nothing") }),
  /** `path`: behind a link of that name, where the file itself is. */
  z.object({ kind: z.literal("absent"), path: z.string() }),
  z.object({ kind: z.literal("file"), path: z.string(), base64: z.string(), ...owner }),
  z.object({ kind: z.literal("link"), path: z.string(), target: z.string() }),
  z.object({ kind: z.literal("folder"), path: z.string() }),
  z.object({ kind: z.literal("immutable"), path: z.string(), isSet: z.boolean() }),
  z.object({ kind: z.literal("setting"), value: z.string() }),
  /** Lines of `ip`, as they go back into it. */
  z.object({ kind: z.literal("lines"), lines: z.array(z.string()).readonly() }),
]);
export type State = z.infer<typeof state>;

/** Whether a file behind a link may be written: that of resolv.conf, wherever WSL or systemd keeps it. */
export function mayWrite(path: string): boolean {
  return FILE.test(path) || LINKED.test(path);
}

/** Whether it is gone after a restart by itself. */
export function isTransient({ kind }: Change): boolean {
  return kind === "link-mtu" || kind === "ip" || kind === "sysctl" || kind === "flush-cache";
}

/** The text after an edit. */
export function edited(text: string, how: Edit): string {
  switch (how.kind) {
    case "write":
      return how.text;
    case "append":
      return text + how.text;
    case "first-line":
      return `${how.text}\n${text}`;
    case "delete-lines":
      return linesOf(text)
        .filter((line) => !line.includes(how.text))
        .join("");
    case "delete-word":
      return linesOf(text)
        .map((line) => line.replace(new RegExp(`[ \\t]${how.text}(?=\\s|$)`), ""))
        .join("");
    case "replace-lines":
      return linesOf(text)
        .map((line) => (line.startsWith(how.begin) ? `${how.text}\n` : line))
        .join("");
  }
}

/** Each with its line feed, so that joined they are the text again. */
function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

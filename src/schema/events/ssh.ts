// What ssh's own settings make of the host that the user named (ssh -G).

import * as z from "zod";
import { hostText } from "../text-kinds.ts";
import { count, text } from "./common.ts";

/** Only where it is something else than the name and its port. */
export const sshSettings = z.object({
  kind: z.literal("ssh-settings"),
  /** Where ssh connects to: the host itself, or the first of those that it goes through. */
  host: hostText,
  port: count,
  /** The hosts that it goes through (ProxyJump), as written; null: none. */
  jump: text.nullable(),
  /** Whether a program takes the connection's place (ProxyCommand). */
  command: z.boolean(),
});
export type SshSettings = z.infer<typeof sshSettings>;

export const SSH_EVENTS = [sshSettings] as const;

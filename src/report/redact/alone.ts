// What is shown outside of a run: the snapshot of Windows by itself, and drops as they come.

import type { HostSnapshot } from "../../schema/host-snapshot.ts";
import type { LiveDrop } from "../../schema/live-drop.ts";
import { createAddressPseudonyms } from "./addresses.ts";
import { redactEvents } from "./events.ts";
import { createNames } from "./names.ts";
import { createPseudonyms, type Replaced } from "./pseudonyms.ts";
import { createValues } from "./values.ts";

interface Redacted {
  readonly redaction: { readonly applied: true; readonly replaced: readonly Replaced[] };
}

/** As it stands in a redacted report whose run read it, with what was replaced in it. */
export function redactSnapshot(snapshot: HostSnapshot): object & Redacted {
  const alone = {
    kind: "host-snapshot",
    id: "e1",
    atMs: 0,
    origin: "file",
    snapshot,
    reason: null,
  } as const;
  const { events, replaced } = redactEvents([alone], { target: false });
  const [event] = events;
  const shown = event?.kind === "host-snapshot" ? event.snapshot : null;
  const redaction = { applied: true, replaced } as const;
  return typeof shown === "object" ? { ...shown, redaction } : { redaction };
}

export interface DropRedactor {
  redact(drop: LiveDrop): LiveDrop;
  replaced(): readonly Replaced[];
}

/** A scan has as many addresses as there are, and each pseudonym is kept for as long as the watch. */
const MOST_ADDRESSES = 10_000;
/** In the place of those that come later. */
const UNLISTED = "unlisted";

/** Nothing is known of drops to come: pseudonyms are numbered as they appear. @param kept addresses that stay */
export function createDropRedactor(kept: readonly string[]): DropRedactor {
  const pseudonyms = createPseudonyms();
  const names = createNames([], pseudonyms);
  const addresses = createAddressPseudonyms([], kept, true);
  const { replace } = createValues(addresses, names, null, pseudonyms);
  const shown = new Map<string, string>();
  const address = (text: string | null): string | null => {
    if (text === null) return null;
    if (!shown.has(text) && shown.size >= MOST_ADDRESSES) return UNLISTED;
    const replaced = replace("address", text);
    shown.set(text, replaced);
    return replaced;
  };
  const other = (kind: "adapter" | "text", text: string | null): string | null =>
    text === null ? null : replace(kind, text);
  return {
    redact: (drop) => ({
      ...drop,
      interface: other("adapter", drop.interface),
      namespace: other("text", drop.namespace),
      source: address(drop.source),
      destination: address(drop.destination),
    }),
    replaced: pseudonyms.replaced,
  };
}

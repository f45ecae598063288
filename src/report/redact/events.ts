// A run's events with everything replaced that says whose network it is; what is left replays to the same diagnosis.

import { addressOf, prefixOf } from "../../host/address.ts";
import { type ProbeEvent, probeEvent } from "../../schema/event.ts";
import { type AddressPseudonyms, createAddressPseudonyms } from "./addresses.ts";
import { keptOf, resolvedAddresses } from "./kept-target.ts";
import { createNames, type NamePseudonyms } from "./names.ts";
import { createPseudonyms, type Pseudonyms, type Replaced } from "./pseudonyms.ts";
import { createValues, type Replace } from "./values.ts";
import { walk } from "./walk.ts";

export interface RedactOptions {
  /** Whether the target is replaced too. */
  readonly target: boolean;
}

export interface RedactedEvents {
  readonly events: readonly ProbeEvent[];
  readonly replaced: readonly Replaced[];
  /** The same for any other text of this run. */
  readonly replace: Replace;
}

/** @param relocate see createAddressPseudonyms */
export function redactEvents(
  events: readonly ProbeEvent[],
  options: RedactOptions,
  relocate = true,
): RedactedEvents {
  const kept = options.target ? { host: null, addresses: [] } : keptOf(events);
  const pseudonyms = createPseudonyms();
  const names = createNames(kept.host === null ? [] : [kept.host], pseudonyms);
  // First all that appears is collected: a text may name what an event behind it is about.
  const { addresses: seen, collect } = collector(names, kept.host, pseudonyms);
  for (const event of events) walk(probeEvent, event, collect);
  pseudonyms.forgetCounts();
  const known = [...resolvedAddresses(events), ...seen];
  const addresses = createAddressPseudonyms(known, kept.addresses, relocate);
  const { replace: each } = createValues(addresses, names, kept.host, pseudonyms);
  const replace = pseudonyms.remembering(each);
  return {
    events: events.map((event) => probeEvent.parse(walk(probeEvent, event, replace))),
    replaced: pseudonyms.replaced(),
    replace,
  };
}

function collector(
  names: NamePseudonyms,
  keptHost: string | null,
  pseudonyms: Pseudonyms,
): { readonly addresses: readonly string[]; readonly collect: Replace } {
  const addresses: string[] = [];
  const seen: AddressPseudonyms = {
    replace: (text) => {
      if (addressOf(text) === null && prefixOf(text) === null) return null;
      addresses.push(text);
      return text;
    },
  };
  const noted: NamePseudonyms = {
    ...names,
    replace: (name) => {
      names.domain(name);
      return name;
    },
  };
  const { replace } = createValues(seen, noted, keptHost, pseudonyms);
  return { addresses, collect: pseudonyms.remembering(replace) };
}

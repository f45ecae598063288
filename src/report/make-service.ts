// What a report says of a service of the distro: who serves it, and each way to it.

import type { WayKind } from "../facts/service/addresses.ts";
import { serviceFacts } from "../facts/service/service.ts";
import type { Path } from "../model/path.ts";
import type { InboundAttempt } from "../schema/events/inbound.ts";
import type { ServiceReport } from "../schema/service-report.ts";

/** Null in a run about anything else. */
export function serviceOf(path: Path): ServiceReport | null {
  const facts = serviceFacts(path);
  if (facts === null) return null;
  const { listeners, own, forwards } = facts.service;
  return {
    port: facts.port,
    listeners: listeners?.map(({ address }) => address) ?? null,
    ownListener: own,
    forwards:
      forwards?.map(({ toAddress, toPort }) => `${toAddress} ${toPort ?? ""}`.trim()) ?? null,
    ways: [
      ...path.serviceAttempts.map(fromHere),
      ...facts.ways.map(({ kind, address, state, detail }) => ({
        from: FROM[kind],
        address,
        state,
        reason: state === "reached" ? null : detail,
      })),
    ],
  };
}

const FROM: Readonly<Record<WayKind, ServiceReport["ways"][number]["from"]>> = {
  "windows-localhost": "windows",
  "windows-to-distro": "windows",
  "lan-address": "lan",
  "vpn-address": "vpn",
};

const STATES = {
  connected: "reached",
  refused: "refused",
  "no-reply": "silent",
  failed: "unknown",
} as const;

function fromHere({ address, outcome, error }: InboundAttempt): ServiceReport["ways"][number] {
  return { from: "distro", address, state: STATES[outcome], reason: error };
}

// Whether UDP to the port of the target passes, where its own answer offers QUIC there.
//
// A packet of a reserved version is enough: every QUIC server answers it with the versions it has
// (RFC 9000 s.6.1), no key and no connection is needed, and nothing is left at the server.

import { randomBytes } from "node:crypto";
import { http3Port } from "../../src/facts/connection/alt-svc.ts";
import { defaultAttempt } from "../../src/facts/connection/subject.ts";
import type { ProbeContext } from "../../src/probe.ts";
import type { QuicProbe } from "../../src/schema/events/web.ts";
import type { ConnectDatagram } from "../native/datagram.ts";
import { encodeVersionTrigger, readVersionNegotiation } from "../packet/quic.ts";
import { type Ended, exchangeDatagrams } from "./datagram-exchange.ts";

/** One lost datagram is no filter: four leave, the last with time for its answer. */
const SENDS_AT_MS = [0, 200, 500, 900] as const;
const WAIT_MS = 1800;
const ID_BYTES = 8;

/** Probes only where the answer of the default attempt offers HTTP/3. */
export async function askQuic(context: ProbeContext, connect: ConnectDatagram): Promise<void> {
  const attempt = defaultAttempt(context.path());
  const port = http3Port(attempt?.altSvc?.value ?? "");
  if (attempt === undefined || port === null || context.signal.aborted) return;
  const { address } = attempt;
  const ids = { destination: randomBytes(ID_BYTES), source: randomBytes(ID_BYTES) };
  const ended = await exchangeDatagrams(
    connect,
    {
      address,
      port,
      sendsAtMs: SENDS_AT_MS,
      waitMs: WAIT_MS,
      make: () => encodeVersionTrigger(ids),
      read: (data) => readVersionNegotiation(data, ids),
    },
    context,
  );
  if (context.signal.aborted && ended.kind === "silent") return;
  const rttMs = ended.kind === "answer" ? ended.afterMs : null;
  const { sent } = ended;
  context.emit({ kind: "quic-probe", address, port, outcome: outcomeOf(ended), rttMs, sent });
}

function outcomeOf(ended: Ended<readonly string[]>): QuicProbe["outcome"] {
  switch (ended.kind) {
    case "answer":
      return { kind: "version-negotiation", versions: [...ended.value] };
    case "error":
      return { kind: "unreachable", error: ended.error };
    case "silent":
      return { kind: "no-reply", waitedMs: ended.waitedMs };
  }
}

// Sends an echo request to an unassigned address, where echo replies were received: some NATs spoof every echo reply.

import { addressOf } from "../../src/host/address.ts";
import type { ProbeContext } from "../../src/probe.ts";
import type { Family } from "../../src/schema/events/common.ts";
import { type OutboundDeps, subjectOf, withTransport } from "../native/outbound-sockets.ts";
import { createProbeSender, FAR_TTL } from "../probe-sender.ts";
import { waitFor } from "./reply-wait.ts";

/** TEST-NET-1 (RFC 5737) and the discard-only prefix (RFC 6666): no router leads there. */
const NOBODY: Readonly<Record<Family, string>> = { 4: "192.0.2.254", 6: "100::dead" };

/** Once in a run, and only where an echo reply could become evidence. */
export async function checkUnassignedAddress(
  deps: OutboundDeps,
  context: ProbeContext,
): Promise<void> {
  const path = context.path();
  const subject = subjectOf(path);
  const wanted = path.run?.options.silentAddress;
  const hasReplied = [...path.probes, ...path.controls].some(
    ({ outcome }) => outcome.kind === "reply" && outcome.with === "echo-reply",
  );
  const isAsked = path.controls.some(({ about }) => about === "silent-address");
  if (subject === undefined || wanted === "none" || !hasReplied || isAsked) return;
  const address = wanted ?? NOBODY[subject.family];
  const family = addressOf(address)?.family ?? subject.family;
  const open = () => deps.engine.echo({ family, address });
  const emit: ProbeContext["emit"] = (body) =>
    context.emit(
      body.kind === "probe" ? { ...body, kind: "control-probe", about: "silent-address" } : body,
    );
  await withTransport(context, "silent-address", open, async (transport) => {
    const send = createProbeSender(transport, { ...context, emit }, { address, ...deps });
    const sizeBytes = transport.smallestBytes;
    await send([{ purpose: "control", ttl: FAR_TTL, sizeBytes }], waitFor(path));
  });
}

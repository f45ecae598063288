// Echo replies are nobody's sign of life where an address that nobody has answers as well.

import { describe, expect, test } from "vitest";
import { guestPath } from "../../../../src/facts/reach/guest-path.ts";
import { reachFacts } from "../../../../src/facts/reach/reach.ts";
import { fragmentFacts } from "../../../../src/facts/size/fragments.ts";
import type { EventBody } from "../../../../src/schema/event.ts";
import type { ProbeOutcome } from "../../../../src/schema/events/probe.ts";
import { lookup, pathOf, TARGET, targetAddresses } from "../../../builders/events.ts";
import { fromTarget, NO_REPLY, probeSent } from "../../../builders/probes.ts";

const NOBODY = "192.0.2.254";
const echo = (from: string): ProbeOutcome => ({
  kind: "reply",
  with: "echo-reply",
  rttMs: 0.4,
  replyTtl: 64,
  from,
});
const REPLIED = probeSent(echo(TARGET), { protocol: "icmp" });

function control(about: "silent-address" | "fragments", outcome: ProbeOutcome, address: string) {
  const probe = probeSent(outcome, { protocol: "icmp", purpose: "size", address });
  return { ...probe, kind: "control-probe" as const, about };
}
const spoofed = control("silent-address", echo(NOBODY), NOBODY);
const silent = control("silent-address", NO_REPLY, NOBODY);
const seen = (...bodies: readonly EventBody[]) => pathOf(targetAddresses(), lookup(), ...bodies);

describe("an echo reply", () => {
  test("is the target's where nobody else answers", () => {
    expect(reachFacts(seen(REPLIED)).alive).not.toBeNull();
    expect(reachFacts(seen(REPLIED, silent)).alive).not.toBeNull();
  });

  test("is not where everybody answers, and other answers stay what they are", () => {
    expect(reachFacts(seen(REPLIED, spoofed)).alive).toBeNull();
    expect(reachFacts(seen(REPLIED, spoofed, probeSent(fromTarget()))).alive?.protocol).toBe("udp");
  });

  test("of an unassigned address shows nothing behind the gateway", () => {
    expect(guestPath(seen(spoofed)).elsewhere.state).not.toBe("yes");
  });

  test("in fragments proves nothing either", () => {
    const whole = control("fragments", echo(TARGET), TARGET);
    expect(fragmentFacts(seen(whole)).inbound.status).toBe("delivered");
    const facts = fragmentFacts(seen(whole, spoofed));
    expect([facts.inbound.status, facts.outbound.status]).toEqual(["unknown", "unknown"]);
    expect(facts.inbound.reason).toContain(NOBODY);
  });
});

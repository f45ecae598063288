// Which source ports are answered, and what that says of the distro's own range.

import { expect, it } from "vitest";
import type { EventBody } from "../../../../../src/schema/event.ts";
import type { ProbeOutcome } from "../../../../../src/schema/events/probe.ts";
import { causes, first } from "../../../../builders/diagnosed.ts";
import { ON_HOST, TARGET, vantage } from "../../../../builders/events.ts";
import { control, hops, NO_REPLY, probeSent } from "../../../../builders/probes.ts";
import { NO_REPLY as SILENT, unconnected } from "../../../../builders/tcp.ts";

const ANSWERED: ProbeOutcome = {
  kind: "reply",
  from: TARGET,
  with: "syn-ack",
  rttMs: 12,
  replyTtl: null,
};

const syn = (sourcePort: number, outcome: ProbeOutcome, flow: number): EventBody =>
  probeSent(outcome, { protocol: "tcp", purpose: "source-port", sourcePort, flow });

const SILENT_SYNS = {
  guest: ON_HOST,
  tcp: unconnected(SILENT),
  udp: [control(), ...hops([])],
};
const mirrored = vantage("wsl2", "mirrored");
const local = (from: number, to: number): EventBody => ({
  kind: "local-port-range",
  first: from,
  last: to,
});

/** Each is answered where it is listed so. */
function ports(answered: readonly number[], silent: readonly number[]): readonly EventBody[] {
  return [
    ...answered.map((port, n) => syn(port, ANSWERED, 1000 + n)),
    ...silent.map((port, n) => syn(port, NO_REPLY, 2000 + n)),
  ];
}

const RESERVED = ports([61_100, 63_000, 65_195], [32_800, 61_099, 65_196]);

it("is that of Windows alone where no other port is answered, to the port", () => {
  const extra = [local(32_768, 60_999), ...RESERVED];
  expect(first({ ...SILENT_SYNS, vantage: mirrored, extra })).toMatchObject({
    cause: "mirrored-port-range",
    severity: "fault",
    segment: "linux-stack",
    fixes: [{ commands: ['sudo sysctl -w net.ipv4.ip_local_port_range="61100 65195"'] }, {}],
  });
});

it("is none of Windows' where the distro keeps to it", () => {
  const extra = [local(61_100, 65_195), ...RESERVED];
  expect(causes({ ...SILENT_SYNS, vantage: mirrored, extra })).toEqual(["port-filtered fault"]);
});

it("is none where silent ports lie between answered ones", () => {
  const extra = [local(32_768, 60_999), ...ports([20_000, 50_000], [10_000, 30_000])];
  const found = causes({ ...SILENT_SYNS, vantage: mirrored, extra });
  expect(found).not.toContain("mirrored-port-range fault");
});

it("says nothing outside of mirrored mode", () => {
  const extra = [local(32_768, 60_999), ...RESERVED];
  const found = causes({ ...SILENT_SYNS, vantage: vantage("wsl2", "nat"), extra });
  expect(found).not.toContain("mirrored-port-range fault");
});

// The tunnel hands out an address that only Windows' own programs can reach: a VPN client swaps it on the host.

import ipaddr from "ipaddr.js";
import { attemptState } from "../../../facts/connection/attempt.ts";
import type { Facts } from "../../../facts/facts.ts";
import { hostEvidence } from "../../../facts/reach/path-host.ts";
import { snapshotAge } from "../../../facts/snapshot-age.ts";
import { readHost } from "../../../host/host.ts";
import { hostReached, hostResolved } from "../../../host/look-ups.ts";
import { rowsOf } from "../../../host/sources.ts";
import type { HostSnapshot } from "../../../schema/host-snapshot.ts";
import { cause } from "../../cause.ts";
import { aged } from "../../confidence.ts";
import { meet } from "../../needs/needs.ts";
import { atResolver, notChecked, rejected } from "../../outcome.ts";
import { asReported, say } from "../../words.ts";

export const dnsTunnelingVpnConflict = cause({
  id: "dns-tunneling-vpn-conflict",
  area: "wsl-dns",
  title: "WSL's DNS tunnel gives an address that only Windows' programs reach",
  segment: "resolver",
  severity: "fault",
  direction: null,
  dependsOn: ["no-default-route", "gateway-unreachable"],
  differentialCauses: ["port-filtered", "dns-answer-forged", "no-default-route"],
  needs: ["tunnel", { need: "attempt", reason: "nothingConnected" }],
  judge: (facts, { tunnel, attempt }) => {
    const { path } = facts;
    if (path.addresses?.server !== tunnel) {
      return rejected(say("notFromTunnel"));
    }
    if (attemptState(attempt, "connect") === "passed") {
      return rejected(say("distroReaches"), [attempt.id]);
    }
    const snapshot = meet(facts, "snapshot");
    return snapshot.kind === "met" ? judgeWindows(facts, snapshot.value, attempt) : snapshot;
  },
});

function judgeWindows(
  { path, dns: names }: Facts,
  snapshot: HostSnapshot,
  { id, address, port }: NonNullable<Facts["attempt"]>,
) {
  const host = hostEvidence(path);
  const name = path.run?.target.host ?? "";
  const resolved = hostResolved(snapshot, name);
  const reached = hostReached(snapshot, address, port);
  if (!resolved.known) return notChecked(asReported(resolved));
  if (!reached.known) return notChecked(asReported(reached));
  if (!resolved.addresses.includes(address)) {
    return rejected(say("otherAddress"), host);
  }
  if (!reached.ok) return rejected(say("windowsFailsToo"), [id, ...host]);
  const mark = syntheticMark(address, snapshot);
  if (mark === null) {
    return notChecked(say("ordinary"));
  }
  return atResolver({
    confidence: aged(path, "inferred"),
    summary: say("found", { address, name, range: mark.range, age: snapshotAge(path) }),
    evidence: [...(names.decidedBy?.evidence ?? []), id, ...host],
    fixes: [
      {
        where: "windows",
        title: say("switchOff"),
        commands: [
          'Add-Content "$env:USERPROFILE\\.wslconfig" "`n[wsl2]`ndnsTunneling=false"',
          "wsl --shutdown",
        ],
        persistent: true,
      },
    ],
  });
}

/**
 * Ranges that clients invent addresses from: benchmarking (RFC 2544), reserved (RFC 1112 s.4), the one of Global Secure
 * Access. Shared address space (RFC 6598) is not among them: Tailscale's addresses there are real.
 */
const INVENTED = ["198.18.0.0/15", "240.0.0.0/4", "6.6.0.0/16"].map((range) => ({
  range,
  cidr: ipaddr.parseCIDR(range),
}));

/** A range of invented addresses, or else a client that is known to invent them. */
function syntheticMark(
  address: string,
  snapshot: HostSnapshot,
): { readonly range: string | null } | null {
  const parsed = ipaddr.parse(address.replace(/%.*$/, ""));
  const found = INVENTED.find(
    ({ cidr: [network, length] }) =>
      parsed.kind() === network.kind() && parsed.match([network, length]),
  );
  if (found !== undefined) return { range: found.range };
  const secure = rowsOf(readHost(snapshot).services).find(
    ({ name }) => name.toLowerCase() === "globalsecureaccesstunnelingservice",
  );
  return secure?.running === true ? { range: null } : null;
}

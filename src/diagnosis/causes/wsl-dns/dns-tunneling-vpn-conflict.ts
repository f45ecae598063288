// The tunnel hands out an address that only Windows' own programs can reach: a VPN client swaps it on the host.

import ipaddr from "ipaddr.js";
import { attemptState } from "../../../facts/connection/attempt.ts";
import type { Facts } from "../../../facts/facts.ts";
import { hostEvidence } from "../../../facts/reach/path-host.ts";
import { formatAge } from "../../../facts/snapshot-age.ts";
import { readHost } from "../../../host/host.ts";
import { hostReached, hostResolved } from "../../../host/look-ups.ts";
import { rowsOf } from "../../../host/sources.ts";
import type { HostSnapshot } from "../../../schema/host-snapshot.ts";
import { cause } from "../../cause.ts";
import { aged, inferred } from "../../confidence.ts";
import { meet } from "../../needs/needs.ts";
import { atResolver, notChecked, type Outcome, rejected } from "../../outcome.ts";

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
      return rejected("the address does not come from the tunnel");
    }
    if (attemptState(attempt, "connect") === "passed") {
      return rejected("the distro reaches the address itself", [attempt.id]);
    }
    const snapshot = meet(facts, "snapshot");
    return snapshot.kind === "met" ? judgeWindows(facts, snapshot.value, attempt) : snapshot;
  },
});

function judgeWindows(
  { path, dns: names }: Facts,
  snapshot: HostSnapshot,
  { id, address, port }: NonNullable<Facts["attempt"]>,
): Outcome {
  const host = hostEvidence(path);
  const name = path.run?.target.host ?? "";
  const resolved = hostResolved(snapshot, name);
  const reached = hostReached(snapshot, address, port);
  if (!resolved.known) return notChecked(resolved.reason);
  if (!reached.known) return notChecked(reached.reason);
  if (!resolved.addresses.includes(address)) {
    return rejected("Windows has another address for the name", host);
  }
  if (!reached.ok) return rejected("Windows does not reach the address either", [id, ...host]);
  const mark = syntheticMark(address, snapshot);
  if (mark === null) {
    return notChecked("the address is an ordinary one, so the path to it may be what is broken");
  }
  return atResolver({
    confidence: aged(path, inferred(0.8)),
    summary: `the tunnel and Windows both give ${address} for ${name}, Windows connects to it and the distro does not; ${mark}, so a client on the host translates it to the real one, and packets of the distro do not pass there${formatAge(path)}`,
    evidence: [...(names.decidedBy?.evidence ?? []), id, ...host],
    fixes: [
      {
        where: "windows",
        title: "Switch the tunnel off, so that the VPN's real name servers are queried",
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

function syntheticMark(address: string, snapshot: HostSnapshot): string | null {
  const parsed = ipaddr.parse(address.replace(/%.*$/, ""));
  const found = INVENTED.find(
    ({ cidr: [network, length] }) =>
      parsed.kind() === network.kind() && parsed.match([network, length]),
  );
  if (found !== undefined) return `${found.range} is used by such clients for synthetic addresses`;
  const secure = rowsOf(readHost(snapshot).services).find(
    ({ name }) => name.toLowerCase() === "globalsecureaccesstunnelingservice",
  );
  return secure?.running === true ? "Global Secure Access is running on the host" : null;
}

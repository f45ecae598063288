// What the rules about the distro's own network stack say.

import type { droppedPackets } from "../../diagnosis/own-drops.ts";
import type { AreaSentences } from "./sentence.ts";

export const STACK_SENTENCES = {
  "conntrack-full": {
    notRead: "no connection is tracked here, or nothing failed",
    entriesLeft: ({ count, max }) => `${count} of ${max} entries are taken`,
    othersAnswered: "other packets are answered",
    found: ({ count, max }) =>
      `all ${max} entries of the connection tracking table are taken (${count}), and packets of new connections are dropped`,
    enlarge: "Make the table larger",
  },
  "linux-firewall-in-distro": {
    dropsSeen: ({ dropped }) =>
      `this kernel drops ${formatDropped(dropped)} by a firewall rule${formatFirst(dropped)}`,
    refused: ({ address }) =>
      `this kernel refuses to send to ${address} (EPERM), as it does where a firewall rule drops on output`,
    heldBack: ({ held, syns, port }) =>
      `this kernel made ${held} packets in the run that it did not send, ${syns} of them SYNs to port ${port} that no router saw, as it does where a firewall rule drops on output`,
    counted: ({ outbound, refused, connects, port }) =>
      outbound
        ? `${connects} SYNs to port ${port} were made and did not leave this kernel${refused ? ", which refused them in the server's name" : ""}, as it does where a firewall rule drops or rejects on output`
        : `this kernel received ${connects} answers to as many SYNs to port ${port} and gave none to the program, as it does where a firewall rule drops on input`,
    findRule:
      "Find the rule; all WSL2 distros share one network, so another distro's rules apply too",
  },
  "rp-filter-drop": {
    counterRose: ({ counter, rise }) =>
      `${counter} rose by ${rise} during the run, and nothing shows whose packets`,
    counted: ({ counter, connects, address }) =>
      `${counter} rose by ${connects} while ${connects} SYNs to ${address} were out, and by as many in each of the trials: the answers come in by an interface that the route back does not use, and this kernel drops them`,
    found: ({ dropped, address, device }) =>
      `this kernel drops ${formatDropped(dropped)}${formatFirst(dropped)}: the route back to ${address} does not use ${device ?? "that interface"}`,
    loosen: "Accept what any interface could answer (loose mode, RFC 3704)",
    keep: "Keep it over restarts",
  },
  "wsl1-unsupported-operation": {
    notRead: "the machine was not read",
    notWsl1: "this is not WSL1",
    allAvailable: "every call that was attempted is available",
    found: ({ missing }) => {
      const calls = missing.map(({ probe, reason }) =>
        reason === null ? probe : `${probe} (${reason})`,
      );
      return `WSL1 does not support everything that was attempted: ${[...new Set(calls)].join("; ")}`;
    },
  },
} satisfies AreaSentences<"stack">;

type Dropped = ReturnType<typeof droppedPackets>;

/** "the SYN to 192.0.2.1 port 443 (3 times)", or what else was dropped. */
function formatDropped({ address, port, connecting, direction, count }: Dropped): string {
  const times = count === 1 ? "" : ` (${count} times)`;
  const far = `${address} port ${port}`;
  if (connecting && direction === "outbound") return `the SYN to ${far}${times}`;
  if (connecting && direction === "inbound") return `the answer of ${far}${times}`;
  return `${count} packets of the connection with ${far}`;
}

function formatFirst({ first }: Dropped): string {
  return first === null ? "" : ` (${first})`;
}

// What the rules about the distro's own network stack say.

import type { droppedPackets } from "../../diagnosis/own-drops.ts";
import type { PortRange } from "../../facts/reach/source-ports.ts";
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
    serviceHeld: ({ port }) =>
      `port ${port} is listened on, and the distro's own connections to it get no answer, as where a rule drops on input`,
    serviceComes: "no connection that Windows tried was held up at the distro",
    serviceUnclear: "the kernel's counters do not show whether it drops what Windows sends",
    serviceAbsent: "what Windows sends does not arrive in the distro",
    serviceDropped: ({ address, port, dropped }) =>
      `connection requests from Windows to ${address} port ${port} arrive in the distro, and its kernel drops them (${dropped} counted, none while nobody tried), as a rule on input does`,
    findRule:
      "Find the rule; all WSL2 distros share one network, so another distro's rules apply too",
  },
  "checksum-offload-corruption": {
    counterRose: ({ counter, rise }) =>
      `${counter} rose by ${rise}, and whose packets that were does not show without the privilege to watch drops`,
    found: ({ dropped, address, device }) =>
      `this kernel drops ${formatDropped(dropped)}: what arrives from ${address}${device === null ? "" : ` on ${device}`} has a wrong TCP checksum, as it does where an adapter computes or checks it wrongly`,
    switchOff: ({ device }) => `Let Linux compute and check the checksums of ${device}`,
  },
  "ephemeral-port-exhaustion": {
    hasPort: "this machine gave the connection a source port",
    found: ({ address, isWsl1 }) =>
      `this machine has no source port left for a connection to ${address ?? "the target"} (EADDRNOTAVAIL)${isWsl1 ? "; WSL1 shares Windows' ports" : ""}: connections that are open, or wait to be forgotten, hold all of them`,
    seeHere: "See how many connections there are, and how many ports",
    seeInWindows: "See the same in Windows, whose ports may be used up too",
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
  "mirrored-port-range": {
    notTried: "no other source ports were tried",
    noneAnswered: "no source port at all gets an answer",
    noRange: "silent source ports lie between those that are answered: that is loss, or a limit",
    inside: "the distro's own range of source ports is answered",
    found: ({ sysctl, local, answered, isExact, some }) =>
      `${sysctl} gives programs the source ports ${formatPorts(local)}, and answers come back to ${isExact ? "" : "about "}${formatPorts(answered)} alone, which Windows reserved for the distro${some ? ": some connections get none" : ""}`,
    useReserved: "Use the ports that Windows reserved, until WSL restarts",
    findSetting: "Find the file that sets another range, and take the line out",
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

function formatPorts({ first, last }: PortRange): string {
  return `${first} to ${last}`;
}

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

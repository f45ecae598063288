// A network manager of the distro replaced the address that WSL gives its card.

import { type LinkLocalCard, linkLocalCard } from "../../../facts/reach/guest-cards.ts";
import { vantageFacts } from "../../../facts/vantage.ts";
import { hostLinks } from "../../../host/links.ts";
import { usableRoutes } from "../../../host/routes.ts";
import type { HostSnapshot } from "../../../schema/host-snapshot.ts";
import { cause } from "../../cause.ts";
import { commandInterface } from "../../command-values.ts";
import { fix } from "../../fixes.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

export const networkManagerTookAddress = cause({
  id: "network-manager-took-address",
  area: "route",
  title: "A network manager of the distro replaced the address of its card",
  segment: "linux-nic",
  severity: "fault",
  direction: "both",
  dependsOn: [],
  differentialCauses: ["no-default-route", "mirrored-routes-lost", "gateway-unreachable"],
  needs: [],
  judge: ({ path, lookups }) => {
    const card = linkLocalCard(path);
    const read = path.interfaces === null ? [] : [path.interfaces.id];
    if (card === null) return rejected(say("hasAddress"), read);
    const { device, address } = card;
    const outcome = lookups[0]?.outcome;
    if (outcome?.kind === "route" && outcome.interface !== device) {
      return rejected(say("otherCard", { device: outcome.interface }), read);
    }
    const snapshot = path.host?.snapshot ?? null;
    const ofWindows = snapshot === null ? [] : addressesOf(snapshot);
    if (ofWindows.includes(address)) return rejected(say("ofWindows", { address }), read);
    // WSL sets the addresses of its cards itself: in bridged mode they are the LAN's to give, and mirrored ones are Windows' own.
    const mode = vantageFacts(path)?.networkingMode ?? "";
    if (mode === "bridged" || (!OF_WSL.includes(mode) && ofWindows.length === 0)) {
      return notChecked(say("notWsl"));
    }
    return fires({
      confidence: snapshot === null ? "inferred" : "measured",
      segment: "linux-nic",
      between: null,
      direction: "both",
      summary: say("found", { device, address, windows: windowsAddress(snapshot) }),
      evidence: [...read, ...(path.host === null ? [] : [path.host.id])],
      fixes: fixesFor(card),
    });
  },
});

/** Modes in which no card has an address of Windows'. */
const OF_WSL: readonly string[] = ["nat", "consomme", "virtioproxy"];

function addressesOf(snapshot: HostSnapshot): readonly string[] {
  return hostLinks(snapshot).flatMap(({ addresses }) => addresses.map(({ address }) => address));
}

/** That of the adapter with a default route, which the mirrored card should have; null where none is known. */
function windowsAddress(snapshot: HostSnapshot | null): string | null {
  if (snapshot === null) return null;
  const route = usableRoutes(snapshot).find(
    ({ prefix, nextHop }) => prefix.text === "0.0.0.0/0" && nextHop !== null,
  );
  const link = hostLinks(snapshot).find(({ ifIndex }) => ifIndex === route?.adapter.ifIndex);
  return link?.addresses.find(({ family }) => family === 4)?.address ?? null;
}

/** Each manager is kept off the card, whichever is there; WSL sets the address when it starts. */
function fixesFor(card: LinkLocalCard) {
  const device = commandInterface(card.device);
  if (device === null) return [];
  return [
    fix({
      where: "linux",
      title: say("keepNetworkManagerOff", { device }),
      commands: [
        "sudo mkdir -p /etc/NetworkManager/conf.d",
        `printf '[keyfile]\\nunmanaged-devices=interface-name:${device}\\n' | sudo tee /etc/NetworkManager/conf.d/90-wsl.conf`,
      ],
      persistent: true,
    }),
    fix({
      where: "linux",
      title: say("keepNetworkdOff", { device }),
      commands: [
        "sudo mkdir -p /etc/systemd/network",
        `printf '[Match]\\nName=${device}\\n[Link]\\nUnmanaged=yes\\n' | sudo tee /etc/systemd/network/00-wsl.network`,
      ],
      persistent: true,
    }),
    fix({
      where: "linux",
      title: say("keepIfupdownOff", { device }),
      commands: ["sudo systemctl disable networking.service dhcpcd.service"],
      persistent: true,
    }),
    fix({
      where: "windows",
      title: say("restart"),
      commands: ["wsl --shutdown"],
      persistent: false,
    }),
  ];
}

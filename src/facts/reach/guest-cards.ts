// The distro's network cards, as WSL gives them, without the devices that programs of the distro make.

import { addressOf, isLinkLocal } from "../../host/address.ts";
import type { Path } from "../../model/path.ts";
import type { NetworkInterface } from "../../schema/events/guest.ts";
import { perPath } from "../per-path.ts";

/** Mirrored mode's own loopback; bridges and ends of containers, dummies and bonds of the kernel, tunnels with a MAC. */
const NO_CARD =
  /^(loopback\d|docker|br-|virbr|veth|cni|flannel|podman|lxc|lxd|dummy|bond|team|ifb|tap|tailscale|wg|zt)/;

/** Null where the interfaces were not read. */
export const guestCards = perPath("guestCards", computeGuestCards);

function computeGuestCards({ interfaces }: Path): readonly NetworkInterface[] | null {
  if (interfaces === null) return null;
  return interfaces.interfaces.filter(
    ({ name, mac, loopback }) => !loopback && mac !== null && !NO_CARD.test(name),
  );
}

export interface LinkLocalCard {
  readonly device: string;
  readonly address: string;
}

/** A card that is up and whose IPv4 addresses are all link-local (RFC 3927), so that they lead nowhere; null without one. */
export const linkLocalCard = perPath("linkLocalCard", computeLinkLocalCard);

function computeLinkLocalCard(path: Path): LinkLocalCard | null {
  for (const { name, up, addresses } of guestCards(path) ?? []) {
    const own = addresses.filter(({ family }) => family === 4);
    const [first] = own;
    if (up && first !== undefined && own.every(isLocal)) {
      return { device: name, address: first.address };
    }
  }
  return null;
}

function isLocal({ address }: { readonly address: string }): boolean {
  const parsed = addressOf(address);
  return parsed !== null && isLinkLocal(parsed);
}

// Whether the C library resolves the name as the name servers do.

import type { Path } from "../../model/path.ts";
import { dnsFacts } from "./dns.ts";
import { isRefusedHere } from "./refused-here.ts";

export type LibcFinding =
  /** It finds nothing, again and again, where a name server answers. */
  | { readonly kind: "finds-nothing"; readonly server: string }
  /** It has the name from elsewhere: no name server gives it. */
  | { readonly kind: "from-elsewhere"; readonly addresses: readonly string[] }
  | { readonly kind: "agrees" };

/** One failure may be a lost query. */
const TWICE = 2;

/** Null where it was not asked, or was ended too early. */
export function libcFinding(path: Path): LibcFinding | null {
  const { libcLookups } = path;
  const last = libcLookups.at(-1);
  if (last === undefined) return null;
  const { decidedBy, outcome } = dnsFacts(path);
  if (decidedBy?.origin === "libc") {
    return { kind: "from-elsewhere", addresses: decidedBy.addresses };
  }
  const nothing = libcLookups.filter(({ addresses }) => addresses.length === 0);
  if (outcome !== "ok" || decidedBy?.origin !== "resolv.conf" || nothing.length === 0) {
    return { kind: "agrees" };
  }
  if (nothing.length < libcLookups.length) return { kind: "agrees" };
  if (nothing.length < TWICE || isHindered(path)) return null;
  return { kind: "finds-nothing", server: decidedBy.server };
}

/** The program that asks it is refused the calls that we are: that it finds nothing says nothing of the name. */
function isHindered({ dns, skipped, rungs }: Path): boolean {
  const missing = rungs.filter(({ available }) => !available).map(({ rung }) => rung);
  const isSocketRefused =
    dns.some(isRefusedHere) || skipped.some(({ probe }) => probe === "netlink");
  return isSocketRefused || missing.some((rung) => ITS_CALLS.includes(rung));
}

/** glibc asks for ICMP errors on its UDP sockets (__res_enable_icmp), and netlink for addresses. */
const ITS_CALLS: readonly string[] = ["udp-error-queue", "netlink"];

// A host as the user typed it: a name in the form that resolvers take, or an address in its short form.

import { domainToASCII } from "node:url";
import ipaddr from "ipaddr.js";
import { TraceError } from "./errors.ts";

/** RFC 1035 s.2.3.4, without the trailing dot. */
const MAX_NAME = 253;
/** Labels as they are in use: letters, digits, hyphens, and underscores, which resolvers pass on. */
const LABEL = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/;

/**
 * @param input the whole target, for the message
 * @throws TraceError for what is neither a name nor an address
 */
export function parseHost(input: string, host: string): string {
  // domainToASCII would drop what it does not like: a name that changes is not what was meant.
  if (/[\s\\/?#@<>^|"'`;&$(){}]/.test(host) || host.split("%").length > 2) throw badHost(input);
  const [bare, zone] = host.split("%", 2);
  if (
    bare !== undefined &&
    ipaddr.isValid(bare) &&
    (bare.includes(":") || ipaddr.IPv4.isValidFourPartDecimal(bare))
  ) {
    if (zone !== undefined && !/^[\w.-]{1,15}$/.test(zone)) throw badHost(input);
    const address = ipaddr.parse(bare).toString();
    return zone === undefined ? address : `${address}%${zone}`;
  }
  const ascii = domainToASCII(host).toLowerCase();
  const labels = ascii.replace(/\.$/, "").split(".");
  const isName =
    ascii.length > 0 && ascii.length <= MAX_NAME + 1 && labels.every((label) => LABEL.test(label));
  // All digits and dots, and no address: a mistyped one, not a name.
  if (!isName || /^[\d.]+$/.test(ascii)) throw badHost(input);
  return ascii;
}

/** What is said of a target that holds no host. */
export function badHost(input: string): TraceError {
  return new TraceError(
    "bad-target",
    `"${input}" is neither a host name nor an address nor a URL: give one such as github.com`,
  );
}

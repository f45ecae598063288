// ipconfig, route print and netsh over any text, and over real ones that are damaged.

import fc from "fast-check";
import { expect, test } from "vitest";
import { parseIpconfig } from "../../../probes/windows/ipconfig.ts";
import { parseNetsh } from "../../../probes/windows/netsh.ts";
import { parseRoutePrint } from "../../../probes/windows/route-print.ts";
import { propertyRuns } from "../../builders/property-runs.ts";
import {
  interfacesText,
  ipconfigText,
  LANGUAGES,
  NETSH_ROUTES,
  routeText,
} from "../../builders/windows-texts.ts";

test("no text makes a parser throw, and no row has an address that the text has not", () => {
  const whole = fc.constantFrom(
    ...Object.values(LANGUAGES).map(ipconfigText),
    routeText("On-link"),
    interfacesText("LAN"),
    NETSH_ROUTES,
  );
  const damaged = fc
    .tuple(whole, fc.nat(), fc.nat(60), fc.string({ unit: "binary", maxLength: 12 }))
    .map(([text, at, length, put]) => {
      const start = at % text.length;
      return text.slice(0, start) + put + text.slice(start + length);
    });
  fc.assert(
    fc.property(fc.oneof(damaged, fc.string({ unit: "binary" })), (text) => {
      const own = parseIpconfig(text).blocks.flatMap(({ addresses }) => addresses);
      for (const { address } of own.filter((found) => found.address.includes("."))) {
        expect(text).toContain(address);
      }
      for (const { prefix } of parseRoutePrint(text).routes) expect(prefix).toContain("/");
      expect(parseNetsh(text).rows.length).toBeLessThanOrEqual(text.split("\n").length);
    }),
    { numRuns: propertyRuns(500) },
  );
});

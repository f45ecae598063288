// What once went wrong, and must not again: fe80::/64 is on every adapter of Windows, and WSL's has the worst metric,
// so a silent DNS proxy was taken for another adapter's overlap with "WSL's network fe80::/64".

import { expect, test } from "vitest";
import { diagnosisOf as diagnose } from "../../src/report/diagnosis.ts";
import type { EventBody } from "../../src/schema/event.ts";
import { PROXY } from "../builders/dns.ts";
import {
  BEHIND_NAT,
  dnsReply,
  interfaces,
  NO_DNS_REPLY,
  pathOf,
  resolverConfig,
} from "../builders/events.ts";
import { run } from "../builders/runs.ts";
import { address, LAN, plainHostWith, route, WSL } from "../src/host/example.ts";

const PREFIX = "fe80::/64";
const linkLocal = plainHostWith({
  "Get-NetIPAddress": [address(WSL, "fe80::1%31", 64), address(LAN, "fe80::2%9", 64)],
  "Get-NetRoute": [
    route(WSL, PREFIX, "::", { RouteMetric: 256, InterfaceMetric: 5000 }),
    route(LAN, PREFIX, "::", { RouteMetric: 256 }),
  ],
});

function withLinkLocal(): EventBody {
  const own = interfaces(BEHIND_NAT);
  const both = own.interfaces.map((one) =>
    one.loopback
      ? one
      : {
          ...one,
          addresses: [
            ...one.addresses,
            { address: "fe80::20", prefixLength: 64, family: 6 as const },
          ],
        },
  );
  return { ...own, interfaces: both };
}

test("link-local prefixes overlap everywhere, and steal nothing", () => {
  const names = [withLinkLocal(), resolverConfig([PROXY]), dnsReply(PROXY, NO_DNS_REPLY)];
  const events = run({ host: linkLocal, names, lookups: [], tcp: [], udp: [] });
  expect(diagnose(pathOf(...events)).findings.map(({ cause }) => cause)).toEqual([
    "dns-server-unreachable",
  ]);
});

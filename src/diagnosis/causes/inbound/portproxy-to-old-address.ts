// Windows forwards the port to an address that the distro does not have any more.

import { distroAddresses } from "../../../facts/service/addresses.ts";
import { hostRows } from "../../../facts/service/service.ts";
import { addressOf, inPrefix, prefixOf } from "../../../host/address.ts";
import { portProxiesOf } from "../../../host/rows/port-proxy.ts";
import type { Path } from "../../../model/path.ts";
import { cause } from "../../cause.ts";
import { commandAddress } from "../../command-values.ts";
import { aged } from "../../confidence.ts";
import { fix } from "../../fixes.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { asReported, say } from "../../words.ts";

export const portproxyToOldAddress = cause({
  id: "portproxy-to-old-address",
  area: "inbound",
  title: "Windows forwards the port to an address that the distro no longer has",
  segment: "windows-stack",
  severity: "fault",
  direction: "inbound",
  dependsOn: [],
  differentialCauses: ["guest-bound-to-loopback", "linux-firewall-in-distro", "port-filtered"],
  needs: ["service"],
  judge: ({ path }, { service: known }) => {
    const proxies = hostRows(path, portProxiesOf);
    if (!proxies.known) return notChecked(asReported(proxies));
    const { port } = known;
    const own = distroAddresses(path).find((one) => !one.includes(":"));
    if (own === undefined) return notChecked(say("noAddress"));
    const ofPort = proxies.rows.filter(
      (row) => row.listenPort === port || row.connectPort === port,
    );
    if (ofPort.length === 0) return rejected(say("none"), [proxies.id]);
    const old = ofPort.find(({ connectAddress }) => isOld(path, connectAddress, own));
    if (old === undefined) return rejected(say("current"), [proxies.id]);
    const outer = known.ways.filter(({ kind }) => kind === "lan-address" || kind === "vpn-address");
    const evidence = outer.flatMap((way) => way.evidence);
    const { listenPort, connectPort, connectAddress } = old;
    const listen = old.listenAddress ?? "0.0.0.0";
    const [from, to] = [commandAddress(listen), commandAddress(own)];
    return fires({
      confidence: aged(path, evidence.length > 0 ? "measured" : "inferred"),
      severity: known.from === "windows" && known.windows === "yes" ? "warning" : "fault",
      segment: "windows-stack",
      between: null,
      direction: "inbound",
      summary: say("found", { listen, listenPort, connectAddress, connectPort, own }),
      evidence: [proxies.id, ...evidence],
      fixes:
        from === null || to === null
          ? []
          : [
              fix({
                where: "windows-admin",
                title: say("pointAnew"),
                commands: [
                  `netsh interface portproxy set v4tov4 listenaddress=${from} listenport=${listenPort} connectaddress=${to} connectport=${connectPort}`,
                ],
                persistent: true,
              }),
            ],
    });
  },
});

/** WSL's NAT deals addresses of its switch's network, and of 172.16.0.0/12 before. */
const SWITCH_RANGE = "172.16.0.0/12";

function isOld(path: Path, connect: string, own: string): boolean {
  const address = addressOf(connect);
  if (address === null || connect === own) return false;
  const link = path.interfaces?.interfaces
    .flatMap(({ addresses }) => addresses)
    .find((one) => one.address === own);
  const ranges = [SWITCH_RANGE, ...(link === undefined ? [] : [`${own}/${link.prefixLength}`])];
  return ranges.some((range) => {
    const prefix = prefixOf(range);
    return prefix !== null && inPrefix(address, prefix);
  });
}

// The networks of the bench: one office, whose tunnel, delay, names and server are what a run is about.

import { onThePath, serveNames } from "../lab/independent/dns.ts";
import type { Net } from "../lab/independent/net.ts";
import { createOffice, OFFICE } from "../lab/independent/office.ts";
import { makeServerFiles, startServer } from "../lab/independent/server.ts";
import { createFolder } from "../lab/independent/tool.ts";

export interface BenchNetwork {
  readonly net: Net;
  /** Trusts the server's certificate. */
  readonly ca: string;
  readonly resolvConf: string;
  /** URLs of so many addresses of the server. */
  readonly targets: readonly string[];
  remove(): Promise<void>;
}

export interface BenchOptions {
  /** There and back; without, what veth links and forwarding take. */
  readonly rttMs?: number;
  /** Of the tunnel, in bytes; both ends say nothing about larger packets. */
  readonly silentMtu?: number;
  /** Nobody answers where resolv.conf points to. */
  readonly deadNames?: boolean;
  readonly targets?: number;
}

/** More than one full-size segment. */
const NAMES = 90;
const BODY_BYTES = 20_000;
/** On the server's own network, where nobody has it. */
const NOBODY = "198.51.100.250";
/** The captive portal check's other address: in the internet nobody says that it has no route. */
const SILENT_NOWHERE = "ip daddr 192.0.2.0/24 drop";

export async function createBenchNetwork(options: BenchOptions): Promise<BenchNetwork> {
  const { rttMs, silentMtu, deadNames = false, targets = 0 } = options;
  const folder = createFolder();
  const silent = silentMtu !== undefined;
  const net = await createOffice({
    tunnelMtu: silentMtu ?? 1500,
    farSilent: silent,
    middleboxSilent: silent,
    ...(rttMs === undefined ? {} : { delayMs: rttMs / 2 }),
  });
  const remove = async () => {
    await net.remove();
    folder.remove();
  };
  try {
    const addresses = Array.from({ length: targets }, (_, n) => `198.51.100.${101 + n}`);
    for (const address of addresses)
      await net.ip("site", "address", "add", `${address}/24`, "dev", "eth0");
    const files = await makeServerFiles(folder, "site", NAMES, [OFFICE.site4, ...addresses]);
    await startServer(net, files, BODY_BYTES);
    if (!deadNames) await serveNames(net);
    await onThePath(net, SILENT_NOWHERE);
    const server = deadNames ? NOBODY : OFFICE.resolver4;
    const resolvConf = folder.file("resolv.conf", `nameserver ${server}\n`);
    const urls = addresses.map((address) => `https://${address}/`);
    return { net, ca: files.ca, resolvConf, targets: urls, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

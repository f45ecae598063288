// What several cases have in common: the site's page, name servers, resolv.conf.

import { type ServerOptions, serveNames } from "../lab/independent/dns.ts";
import { startServer } from "../lab/independent/server.ts";
import type { ToolOptions } from "../lab/independent/tool.ts";
import type { Place } from "./case.ts";
import { AT } from "./chain.ts";

export const NAME = "github.test";
export const PAGE_BYTES = 9000;

/** Whom the certificate names. */
export const SITES = [AT.site, "10.88.0.80", "100.64.0.9", "172.28.200.5", "127.0.0.1"];

/** The page, and Windows' proxy for names. */
export async function served(place: Place, bytes = PAGE_BYTES): Promise<ToolOptions> {
  await startServer(place.net, place.files, bytes);
  return named(place, { host: "windows", address: AT.onSwitch });
}

/** The page alone, for a target that is an address. */
export async function page({ net, files }: Place): Promise<ToolOptions> {
  await startServer(net, files, PAGE_BYTES);
  return {};
}

/** A server that knows the name, and stands in resolv.conf. */
export async function named(
  { net, folder }: Place,
  { address = AT.onSwitch, ...more }: ServerOptions,
): Promise<ToolOptions> {
  await serveNames(net, { name: NAME, a: AT.site, aaaa: "", address, ...more });
  return resolvConf(folder, `nameserver ${address}\n`);
}

export function resolvConf(folder: Place["folder"], text: string): ToolOptions {
  return { resolvConf: folder.file("resolv.conf", text) };
}

// Queries a name server as Windows' resolver would, one address a line: node ask-name.mjs SERVER NAME A|AAAA
import { Resolver } from "node:dns/promises";

const [server, name, type] = process.argv.slice(2);
const resolver = new Resolver({ timeout: 500, tries: 1 });
resolver.setServers([server]);
const found = await resolver.resolve(name, type).catch(() => []);
process.stdout.write(found.map((address) => `${address}\n`).join(""));

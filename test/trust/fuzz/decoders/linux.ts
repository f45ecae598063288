// Files and programs of the distro.

import assert from "node:assert/strict";
import { parseList, parsePairs, parseSoftnet } from "../../../../probes/kernel/counters.ts";
import { parseNft } from "../../../../probes/kernel/nft-counters.ts";
import { parseTracefsLine } from "../../../../probes/kernel/tracefs-lines.ts";
import { windowsDrives } from "../../../../probes/linux/drives.ts";
import { parseGaiConf } from "../../../../probes/linux/gai-conf.ts";
import { parseAddresses } from "../../../../probes/linux/ip-addresses.ts";
import { parseMultipath } from "../../../../probes/linux/multipath-routes.ts";
import { parseRules } from "../../../../probes/linux/policy-rules.ts";
import { parseRoutes4, parseRoutes6, readSnmp6 } from "../../../../probes/linux/proc-net.ts";
import { refusingRoutes, refusingRules } from "../../../../probes/linux/refusing-entries.ts";
import { lookupHosts, parseResolvConf } from "../../../../probes/linux/resolv-conf.ts";
import { parseRouteGet } from "../../../../probes/linux/route-get.ts";
import { readSettings } from "../../../../probes/linux/ssh-settings.ts";
import { readAptConf, readGitConfig } from "../../../../probes/proxy/program-files.ts";
import { namesInHosts, targetsInHistory } from "../../../../src/commands/completion.ts";
import { parseSettings, switchOf } from "../../../../src/host/ini.ts";
import { parseTarget } from "../../../../src/target.ts";
import { configuredOptions } from "../../../../src/wiring/config.ts";
import type { Decoder } from "../decoder.ts";

const REFUSED = { address: "192.0.2.80", sources: ["10.0.0.5"] } as const;
const OPTIONS = [
  { long: "--timeout", required: true, optional: false },
  { long: "--no-names", required: false, optional: false },
];

function text(
  name: string,
  decode: (text: string) => unknown,
  survives?: (text: string) => void,
): Decoder {
  return {
    name,
    kind: "text",
    decode: (bytes) => decode(bytes.toString("utf8")),
    ...(survives === undefined ? {} : { survives: (_, bytes) => survives(bytes.toString("utf8")) }),
  };
}

function resolvConfSurvives(file: string): void {
  const { servers, search, ndots } = parseResolvConf(file);
  const lines = [...servers.map((server) => `nameserver ${server}`), `options ndots:${ndots}`];
  if (search.length > 0) lines.push(`search ${search.join(" ")}`);
  const again = parseResolvConf(lines.join("\n"));
  assert.deepEqual(
    { servers: again.servers, search: again.search, ndots: again.ndots },
    { servers, search, ndots },
  );
}

function configSurvives(file: string): void {
  const options = configuredOptions(file, "config.toml", OPTIONS);
  const lines = options.flatMap((option, n) => {
    if (!option.startsWith("--") || options[n - 1] === "--timeout") return [];
    return [
      `${option.slice(2)} = ${option === "--timeout" ? JSON.stringify(options[n + 1]) : "true"}`,
    ];
  });
  assert.deepEqual(configuredOptions(lines.join("\n"), "config.toml", OPTIONS), options);
}

export const LINUX: readonly Decoder[] = [
  text(
    "resolv-conf",
    (file) => [parseResolvConf(file), parseResolvConf(file, "musl")],
    resolvConfSurvives,
  ),
  text("hosts", (file) => [lookupHosts(file, "www.example.test"), namesInHosts(file)]),
  text("gai-conf", parseGaiConf),
  text("wsl-conf", (file) => [
    parseSettings(file),
    switchOf(parseSettings(file), "network.generateresolvconf"),
  ]),
  text("proc-routes", (file) => [
    parseRoutes4(file),
    parseRoutes6(file),
    readSnmp6(file, "Ip6InDiscards"),
  ]),
  text("ip-routes", (shown) => [
    parseRouteGet(shown),
    parseMultipath(shown, 4),
    parseMultipath(shown, 6),
    refusingRoutes(shown, { family: 4, error: "EINVAL", ...REFUSED }),
  ]),
  text("ip-rules", (shown) => [
    parseRules(shown, 4),
    parseRules(shown, 6),
    refusingRules(shown, { family: 4, error: "EACCES", port: 443, ...REFUSED }),
  ]),
  text("ip-addresses", (shown) => [...parseAddresses(shown)]),
  text("ssh-settings", readSettings),
  text("mounts", windowsDrives),
  text("program-files", (file) => [readGitConfig(file), readAptConf(file)]),
  text("counters", (file) => [parsePairs(file), parseList(file), parseSoftnet(file)]),
  text("tracefs", (file) => file.split("\n").map(parseTracefsLine)),
  text("config", (file) => configuredOptions(file, "config.toml", OPTIONS), configSurvives),
  text("target", (input) => parseTarget(input, undefined)),
  text("history", targetsInHistory),
  { name: "nft", kind: "json", decode: (bytes) => parseNft(bytes.toString("utf8")) },
];

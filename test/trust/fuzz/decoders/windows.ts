// What Windows' programs and PowerShell print.

import { errorText } from "../../../../probes/windows/clixml.ts";
import { decodeOutput } from "../../../../probes/windows/decode.ts";
import { readAnswer } from "../../../../probes/windows/helper-protocol.ts";
import { parseIpconfig } from "../../../../probes/windows/ipconfig.ts";
import { parseNetsh } from "../../../../probes/windows/netsh.ts";
import { readCounters } from "../../../../probes/windows/pktmon.ts";
import { snapshotFrom } from "../../../../probes/windows/program-rows.ts";
import { parseRoutePrint } from "../../../../probes/windows/route-print.ts";
import { readHost } from "../../../../src/host/host.ts";
import type { Decoder } from "../decoder.ts";

/** Of the first byte: what chcp may have printed. */
const PAGES = [null, 437, 850, 858, 866, 932, 936, 1252, 65001, 54936, 99999] as const;

function output(bytes: Buffer): string {
  return decodeOutput(bytes, PAGES[(bytes[0] ?? 0) % PAGES.length] ?? null);
}

/** The same text as every program's. */
function programs(bytes: Buffer) {
  const text = output(bytes);
  const netsh = parseNetsh(text);
  const made = snapshotFrom({
    ipconfig: parseIpconfig(text),
    route: parseRoutePrint(text),
    interfaces4: netsh,
    interfaces6: netsh,
    routes4: netsh,
    routes6: netsh,
    ports: netsh,
  });
  return made && readHost(made);
}

export const WINDOWS: readonly Decoder[] = [
  { name: "windows-programs", kind: "text", decode: programs },
  { name: "windows-bytes", kind: "bytes", decode: (bytes) => errorText(output(bytes)) },
  {
    name: "powershell-answers",
    kind: "json",
    decode: (bytes) => readAnswer(bytes.toString("utf8")),
  },
  { name: "pktmon", kind: "json", decode: (bytes) => readCounters(bytes.toString("utf8")) },
];

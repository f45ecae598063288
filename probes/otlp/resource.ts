// Who sends: this tool, its version, and which installation, as OpenTelemetry's resource conventions name it.

import { createHash } from "node:crypto";
import type { Attributes } from "../../src/telemetry.ts";
import { readInputSync } from "../input-file.ts";

/** What service.instance.id is made from, as the convention for that attribute has it. */
const NAMESPACE = "4d63009a-8d0f-11ee-aad7-4c796ed8e320";
const MACHINE_ID = "/etc/machine-id";

export function ownAttributes(version: string): Attributes {
  const machine = machineId();
  return {
    "service.name": "wsl-trace",
    "service.version": version,
    "os.type": "linux",
    ...(machine === null ? {} : { "service.instance.id": uuidOf(machine) }),
  };
}

/** Null where the system has none: one that was made up would count one machine as many. */
function machineId(): string | null {
  try {
    const [id = ""] = /^[0-9a-f]{32}$/m.exec(readInputSync(MACHINE_ID)) ?? [];
    return id === "" ? null : id;
  } catch {
    return null;
  }
}

const UUID_BYTES = 16;

/** A UUID of version 5 (RFC 9562 s.5.5), from which nobody gets the machine's id back (machine-id(5) is confidential). */
function uuidOf(name: string): string {
  const bytes = createHash("sha1")
    .update(Buffer.from(NAMESPACE.replaceAll("-", ""), "hex"))
    .update(name)
    .digest()
    .subarray(0, UUID_BYTES);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

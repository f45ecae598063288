// All decoders of what others wrote.

import type { Decoder } from "./decoder.ts";
import { DOCUMENTS } from "./decoders/documents.ts";
import { LINUX } from "./decoders/linux.ts";
import { PACKETS } from "./decoders/packets.ts";
import { SERVERS } from "./decoders/servers.ts";
import { WINDOWS } from "./decoders/windows.ts";

export const DECODERS: readonly Decoder[] = [
  ...PACKETS,
  ...SERVERS,
  ...LINUX,
  ...WINDOWS,
  ...DOCUMENTS,
];

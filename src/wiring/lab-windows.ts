// The lab's powershell.exe, a program of its own: the lab answers, and its echoes leave by the tool's own ping sockets.

import { runWindows } from "wsl-trace-lab/windows";
import { loadLibc } from "../../probes/native/libc.ts";
import { openPingTransport } from "../../probes/native/ping-transport.ts";
import { createProbeSender } from "../../probes/probe-sender.ts";
import { realSystem } from "../../probes/system.ts";
import { ECHO_HEADERS } from "../../probes/windows/echo-headers.ts";
import { systemClock } from "../clock.ts";
import { EMPTY_PATH } from "../model/path.ts";
import type { EventBody } from "../schema/event.ts";

const context = {
  emit: (body: EventBody) => ({ id: "e1", atMs: 0, ...body }),
  path: () => EMPTY_PATH,
  clock: systemClock,
  signal: new AbortController().signal,
};

let sentCount = 0;

function nextCookie(): number {
  sentCount += 1;
  return ((process.pid & 0xffff) << 16) | (sentCount & 0xffff);
}

await runWindows({
  system: realSystem,
  sendEcho: async ({ address, payloadBytes, ttl, timeoutMs }) => {
    const family = address.includes(":") ? 6 : 4;
    const transport = openPingTransport(await loadLibc(), { family, address });
    try {
      const send = createProbeSender(transport, context, { address, nextCookie, runStartMs: 0 });
      const sizeBytes = payloadBytes + ECHO_HEADERS[family];
      const [result] = await send([{ purpose: "control", ttl, sizeBytes }], timeoutMs);
      return result?.outcome;
    } finally {
      transport.close();
    }
  },
});

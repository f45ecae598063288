// The lab's program inside a namespace: name server, web server, and the probes that Windows would send from there.
// It reads its instructions from standard input, and ends with it, so that it never outlives the lab.

import { createInterface } from "node:readline";
import { messageOf } from "../error.ts";
import { serveDns } from "./lab-host-dns.ts";
import { probeRequest } from "./lab-host-probes.ts";
import type { LabHostAnswer, LabHostConfig, LabHostRequest } from "./lab-host-protocol.ts";
import { serve } from "./lab-host-services.ts";
import { serveWeb } from "./lab-host-web.ts";

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

await answer(async () => {
  const { value } = await lines.next();
  const config: LabHostConfig = JSON.parse(value ?? "");
  await Promise.all([
    ...config.dns.map(serveDns),
    ...(config.web ? [serveWeb(config.web)] : []),
    ...config.services.map(serve),
  ]);
  return { kind: "ready" };
});
for (;;) {
  const { value, done } = await lines.next();
  if (done) break;
  const request: LabHostRequest = JSON.parse(value);
  await answer(() => probeRequest(request));
}
process.exit(0);

async function answer(work: () => Promise<LabHostAnswer>): Promise<void> {
  const reply = await work().catch(
    (error): LabHostAnswer => ({
      kind: "failed",
      why: messageOf(error),
    }),
  );
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}

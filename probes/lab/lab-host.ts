// The lab's program inside a namespace: name server, web server, and what Windows would try from there.
// It is told what to do on its standard input, and ends with it, so that it never outlives the lab.

import { createInterface } from "node:readline";
import { messageOf } from "../../src/errors.ts";
import { serveDns } from "./lab-host-dns.ts";
import { type LabHostAnswer, labHostConfig, labHostRequest } from "./lab-host-protocol.ts";
import { tryRequest } from "./lab-host-tries.ts";
import { serveWeb } from "./lab-host-web.ts";

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

await answer(async () => {
  const { value } = await lines.next();
  const config = labHostConfig.parse(JSON.parse(value ?? "null"));
  await Promise.all([...config.dns.map(serveDns), ...(config.web ? [serveWeb(config.web)] : [])]);
  return { ready: true };
});
for (;;) {
  const { value, done } = await lines.next();
  if (done) break;
  await answer(async () => ({ row: await tryRequest(labHostRequest.parse(JSON.parse(value))) }));
}
process.exit(0);

async function answer(work: () => Promise<LabHostAnswer>): Promise<void> {
  const reply = await work().catch((error): LabHostAnswer => ({ failed: messageOf(error) }));
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}

// The kernel opens a connection before this process has looked at it: what came is told all the same.

import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { expect, it } from "vitest";
import { listen } from "../../../probes/inbound/own-listener.ts";

const CONNECTIONS = 20;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address !== null ? address.port : 0;
}

it("what was open while this process was busy has been told when it is settled", async () => {
  const port = await freePort();
  const arrivals: string[] = [];
  const own = await listen(port, (from, to) => arrivals.push(`${from} ${to}`));
  if (own.kind !== "listening") throw new Error(own.error);
  try {
    // This process waits for the other one, and can take nothing in the meantime.
    const opened = `
      const { connect } = require("node:net");
      let left = ${CONNECTIONS};
      for (let n = 0; n < ${CONNECTIONS}; n += 1)
        connect(${port}, "127.0.0.2", () => { left -= 1; if (left === 0) process.exit(0); });
    `;
    execFileSync(process.execPath, ["-e", opened]);
    expect(arrivals).toEqual([]);
    await own.settled();
    const fromOther = arrivals.filter((one) => one.endsWith(" 127.0.0.2"));
    expect(fromOther).toHaveLength(CONNECTIONS);
  } finally {
    own.close();
  }
});

// A connection of our own over real routers: TLS and a long answer over it, whatever the kernel has cached, and nothing is left behind.

import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Connection } from "../../probes/native/connection.ts";
import { loadLibc } from "../../probes/native/libc.ts";
import { openRaw } from "../../probes/tcp/raw/raw-connection.ts";
import type { RawOffer } from "../../probes/tcp/raw/raw-state.ts";
import { secure } from "../../probes/tcp/tls-client.ts";
import { systemClock } from "../../src/clock.ts";
import type { Family } from "../../src/schema/events/common.ts";
import { inside } from "./independent/inside.ts";
import type { Net } from "./independent/net.ts";
import { createOffice, OFFICE } from "./independent/office.ts";
import { makeServerFiles, startServer } from "./independent/server.ts";
import { createFolder } from "./independent/tool.ts";

const folder = createFolder();
const libc = await loadLibc();
let net: Net;

/** As Linux offers it over Ethernet. */
const ALL = { timestamps: true, sack: true, windowScaling: true, ecn: false } as const;
const MSS = { 4: 1460, 6: 1440 } as const;
const SITE = { 4: OFFICE.site4, 6: OFFICE.site6 } as const;
const BODY_BYTES = 400_000;

beforeAll(async () => {
  net = await createOffice({ tunnelMtu: 1500 });
  await startServer(net, await makeServerFiles(folder, "big", 90), BODY_BYTES);
});
afterAll(async () => {
  await net.remove();
  folder.remove();
});

async function connect(family: Family, port: number, offer: RawOffer): Promise<Connection> {
  const to = { family, address: SITE[family], port, zoneIndex: 0 };
  const opened = openRaw({ libc, clock: systemClock }, to, offer);
  if (opened.kind === "failed") throw new Error(opened.error);
  const { socket } = opened;
  while (!socket.accepted() && socket.takeError() === null) await systemClock.sleep(1);
  return socket;
}

/** Bytes of the answer to one request, over TLS. */
async function load(connection: Connection): Promise<number> {
  const hello = { host: "www.example.test", secureContext: null, padBytes: null };
  const stream = secure(connection.stream(), hello, ["http/1.1"]);
  await once(stream, "secureConnect");
  stream.write("GET / HTTP/1.1\r\nHost: www.example.test\r\nConnection: close\r\n\r\n");
  let bytes = 0;
  stream.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
  });
  await once(stream, "close");
  return bytes;
}

const listeners = () => net.run("guest", "ss", "-Htln");

describe.each([4, 6] as const)("over IPv%i", (family) => {
  it.each([
    ["all options", ALL],
    ["no SACK", { ...ALL, sack: false }],
    ["no timestamps", { ...ALL, timestamps: false }],
    ["no window scaling", { ...ALL, windowScaling: false }],
  ])("TLS brings a long answer in full-size segments with %s", async (_, options) => {
    await inside(net, "guest", async () => {
      const connection = await connect(family, 443, { ...options, mss: MSS[family] });
      expect(connection.negotiated()).toEqual(options);
      expect(await load(connection)).toBeGreaterThan(BODY_BYTES);
      const timestamps = options.timestamps ? 12 : 0;
      expect(connection.info()).toMatchObject({ rcvMss: MSS[family] - timestamps, rcvOooPack: 0 });
      expect(await listeners()).toBe("");
    });
  });

  it("a closed port refuses it", async () => {
    await inside(net, "guest", async () => {
      const connection = await connect(family, 9, { ...ALL, mss: MSS[family] });
      expect(connection.takeError()).toBe("ECONNREFUSED");
      connection.close();
      expect(await listeners()).toBe("");
    });
  });
});

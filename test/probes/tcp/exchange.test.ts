// Exchanges over a connection of this machine to itself: what goes through the socket, and what is reported.

import net from "node:net";
import { afterEach, expect, test } from "vitest";
import { PROTOCOLS } from "../../../probes/protocols/protocols.ts";
import { startConversation } from "../../../probes/tcp/conversation-exchange.ts";
import type { ExchangeEvents, ExchangeOptions } from "../../../probes/tcp/exchange-events.ts";
import { listenFirst } from "../../../probes/tcp/listen-first.ts";
import { startWebExchange } from "../../../probes/tcp/web-exchange.ts";
import type { Clock } from "../../../src/clock.ts";
import { SSH_IDENTIFICATION, SSH_KEXINIT, SSH_REPLY } from "../protocols/servers.ts";

const OPTIONS: ExchangeOptions = {
  scheme: "unknown",
  host: "127.0.0.1",
  port: 1,
  path: "/",
  userAgent: "test",
  secureContext: null,
  verify: false,
  padBytes: null,
};

const open: (net.Socket | net.Server)[] = [];
afterEach(() => {
  for (const one of open.splice(0)) "close" in one ? one.close() : one.destroy();
});

/** Both ends of a connection. */
async function connection(): Promise<readonly [client: net.Socket, server: net.Socket]> {
  const listener = net.createServer();
  open.push(listener);
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const accepted = new Promise<net.Socket>((resolve) => listener.once("connection", resolve));
  const address = listener.address();
  const client = net.connect(typeof address === "object" ? (address?.port ?? 0) : 0, "127.0.0.1");
  return [client, await accepted];
}

/** What is reported, in lines; settles with its end. */
function recorder() {
  const lines: string[] = [];
  let finish = (): void => undefined;
  const done = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const events: ExchangeEvents = {
    proxied: () => undefined,
    talked: (step) => {
      lines.push(Object.values(step).join(" "));
    },
    secured: () => {
      lines.push("secured");
    },
    answered: (status) => {
      lines.push(`answered ${status}`);
    },
    ended: (result) => {
      lines.push(
        result === null ? "ended" : `${result.kind} ${"code" in result ? result.code : ""}`,
      );
      finish();
    },
  };
  return { events, lines, done };
}

/** Time that passes when the test says so. */
function handClock() {
  let pass = (): void => undefined;
  const passed = new Promise<void>((resolve) => {
    pass = resolve;
  });
  const clock: Clock = { now: () => 0, date: () => new Date(0), sleep: () => passed };
  return { clock, pass };
}

test("a conversation goes through the socket, ends in order, and is reported", async () => {
  const [client, server] = await connection();
  const { events, lines, done } = recorder();
  const sent: Buffer[] = [];
  const closed = new Promise<void>((resolve) => {
    server.on("end", resolve);
  });
  const answers = [SSH_KEXINIT, SSH_REPLY];
  server.on("data", (bytes: Buffer) => {
    sent.push(bytes);
    const total = Buffer.concat(sent).length;
    if (total > 500 && answers.length === 2) server.write(answers.shift() ?? "");
    if (total > 1900 && answers.length === 1) server.write(answers.shift() ?? "");
  });
  server.write(SSH_IDENTIFICATION);
  const exchange = startConversation(client, PROTOCOLS.ssh, OPTIONS, events);
  await done;
  exchange.destroy();
  await closed;
  const banner = "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10";
  expect(lines).toEqual([`greeting ${banner}`, "large inbound", `answered ${banner}`, "ended"]);
  expect(Buffer.concat(sent).toString("latin1")).toContain("path tested");
});

test("a server that closes after a word is reported with it", async () => {
  const [client, server] = await connection();
  const { events, lines, done } = recorder();
  startConversation(client, PROTOCOLS.ssh, OPTIONS, events);
  server.end("hosts.deny\r\n");
  await done;
  expect(lines).toEqual(["failed CLOSED"]);
});

test("nothing is reported once it is destroyed", async () => {
  const [client, server] = await connection();
  const { events, lines } = recorder();
  const exchange = startConversation(client, PROTOCOLS.smtp, OPTIONS, events);
  const closed = new Promise<void>((resolve) => {
    server.on("close", () => resolve());
  });
  exchange.destroy();
  server.on("error", () => undefined);
  server.end("220 late\r\n");
  await closed;
  expect(lines).toEqual([]);
});

test("a port that greets is answered in its own protocol", async () => {
  const [client, server] = await connection();
  const { events, lines, done } = recorder();
  listenFirst(client, OPTIONS, events, handClock().clock);
  server.write("220 mail.example.test ES");
  server.on("data", (bytes: Buffer) => {
    if (bytes.toString().startsWith("EHLO")) server.write("250 mail.example.test\r\n");
  });
  server.write("MTP\r\n");
  await done;
  const banner = "220 mail.example.test ESMTP";
  expect(lines).toEqual(["spoken smtp", `greeting ${banner}`, `answered ${banner}`, "ended"]);
});

test("a port that greets in words of its own is another protocol", async () => {
  const [client, server] = await connection();
  const { events, lines, done } = recorder();
  listenFirst(client, OPTIONS, events, handClock().clock);
  server.write("RFB 003.008\n");
  await done;
  expect(lines).toEqual(["other-protocol "]);
});

test("a port that is silent for long enough gets a ClientHello", async () => {
  const [client, server] = await connection();
  const { events, lines, done } = recorder();
  const { clock, pass } = handClock();
  listenFirst(client, OPTIONS, events, clock);
  const first = new Promise<Buffer>((resolve) => {
    server.once("data", resolve);
  });
  pass();
  // A TLS record of the handshake.
  expect((await first)[0]).toBe(22);
  server.end("HTTP/1.1 400 Bad Request\r\n\r\n");
  await done;
  expect(lines).toEqual(["spoken https", "tls", "other-protocol "]);
});

test.each([
  {
    what: "that comes byte by byte",
    pieces: [..."HTTP/1.1 200 OK\r\n\r\nhello"],
    line: "HTTP/1.1 200 OK",
  },
  { what: "of another protocol", pieces: ["220 mail"], line: "answered, not in HTTP" },
  { what: "that ends inside its first line", pieces: ["HTTP/1"], line: "answered, not in HTTP" },
  {
    what: "whose header never ends",
    pieces: ["HTTP/1.0 204 x\r\n", "a: b\r\n".repeat(20_000)],
    line: "HTTP/1.0 204 x",
  },
])("an answer of the web $what is told once, by its whole first line", async ({ pieces, line }) => {
  const [client, server] = await connection();
  const { events, lines, done } = recorder();
  startWebExchange(client, { ...OPTIONS, scheme: "http" }, events);
  server.setNoDelay(true);
  for (const piece of pieces) {
    await new Promise((written) => server.write(piece, written));
    // What is written apart is also to arrive apart.
    await new Promise(setImmediate);
  }
  server.end();
  await done;
  expect(lines).toEqual([`answered ${line}`, "ended"]);
});

// The sockets of a real process, read from this machine's kernel.

import { spawn } from "node:child_process";
import { once } from "node:events";
import net from "node:net";
import { afterEach, expect, it } from "vitest";
import { loadLibc } from "../../../probes/native/libc.ts";
import { createProgramWatch } from "../../../probes/sockets/program-watch.ts";
import { openSocketTable } from "../../../probes/sockets/socket-table.ts";
import type { ProgramWatch } from "../../../src/program/port.ts";

const CLIENT = `const net = require("node:net");
const socket = net.connect(Number(process.argv[1]), "127.0.0.1", () => console.log("connected"));
socket.on("error", () => {});
process.stdin.on("data", () => process.exit());`;

let watch: ProgramWatch | undefined;
const servers: net.Server[] = [];
afterEach(() => {
  watch?.close();
  for (const server of servers.splice(0)) server.close();
});

async function listening(server: net.Server): Promise<number> {
  servers.push(server.listen(0, "127.0.0.1"));
  await once(server, "listening");
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

it("a grandchild's connection is the program's, with its counters to the end", async () => {
  const port = await listening(net.createServer((socket) => socket.write("hello")));
  const table = openSocketTable(await loadLibc());
  const script = 'exec 3<&0; "$0" -e "$1" "$2" <&3 & wait';
  const child = spawn("sh", ["-c", script, process.execPath, CLIENT, String(port)]);
  watch = createProgramWatch(table, child.pid ?? 0);
  await once(child.stdout, "data");
  const { open } = watch.sample();
  expect(open).toHaveLength(1);
  expect(open[0]).toMatchObject({ protocol: "tcp", port, state: 1, accepted: false });
  expect(watch.commandLines().flat()).toContain(String(port));
  child.stdin.write("end\n");
  await once(child, "exit");
  const { closed } = watch.sample();
  expect(closed).toHaveLength(1);
  expect(closed[0]).toMatchObject({ id: open[0]?.id, port, state: 1 });
});

const LOOK_UP = `const socket = require("node:dgram").createSocket("udp4");
socket.on("error", () => {});
socket.connect(1, "127.0.0.1", () => socket.send("who", () => console.log("sent")));
process.stdin.on("data", () => process.exit());`;

it("a datagram socket that an ICMP error came back on has taken and lost nothing at its end", async () => {
  const table = openSocketTable(await loadLibc());
  const child = spawn(process.execPath, ["-e", LOOK_UP]);
  watch = createProgramWatch(table, child.pid ?? 0);
  await once(child.stdout, "data");
  const { open } = watch.sample();
  expect(open).toHaveLength(1);
  child.stdin.write("end\n");
  await once(child, "exit");
  const { closed } = watch.sample();
  expect(closed).toMatchObject([{ id: open[0]?.id, unread: 0, unsent: 0 }]);
});

const SERVER = `const server = require("node:net").createServer(() => console.log("accepted"));
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.stdin.on("data", () => process.exit());`;

it("a connection that came in is told from one that went out", async () => {
  const table = openSocketTable(await loadLibc());
  const child = spawn(process.execPath, ["-e", SERVER]);
  watch = createProgramWatch(table, child.pid ?? 0);
  const [line] = await once(child.stdout, "data");
  const accepted = once(child.stdout, "data");
  const client = net.connect(Number(String(line)), "127.0.0.1");
  await accepted;
  expect(watch.sample().open).toMatchObject([{ accepted: true, address: "127.0.0.1" }]);
  client.destroy();
  child.stdin.write("end\n");
  await once(child, "exit");
});

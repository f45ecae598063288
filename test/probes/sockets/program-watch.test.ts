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

it("a grandchild's connection is the program's, with its counters to the end", async () => {
  const server = net
    .createServer((socket) => {
      socket.write("hello");
    })
    .listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const table = openSocketTable(await loadLibc());
  const script = 'exec 3<&0; "$0" -e "$1" "$2" <&3 & wait';
  const child = spawn("sh", ["-c", script, process.execPath, CLIENT, String(port)]);
  watch = createProgramWatch(table, child.pid ?? 0);
  await once(child.stdout, "data");
  const { open } = watch.sample();
  expect(open).toHaveLength(1);
  expect(open[0]).toMatchObject({ protocol: "tcp", address: "127.0.0.1", port, state: 1 });
  expect(watch.commandLines().flat()).toContain(String(port));
  child.stdin.write("end\n");
  await once(child, "exit");
  const { closed } = watch.sample();
  expect(closed).toHaveLength(1);
  expect(closed[0]).toMatchObject({ id: open[0]?.id, port, state: 1 });
});

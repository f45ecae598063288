// The prober on the host ends with the run, however that ends, and delays it by its limit at most.

import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { report } from "../../src/schema/report.ts";
import { plainHost } from "../builders/host.ts";

const CLI = new URL("../../dist/cli.js", import.meta.url).pathname;
const HELLO =
  '{"token":"q1","ok":true,"ms":1,"error":null,"version":2,"languageMode":"FullLanguage"}';
/** Greets, and then only listens until its standard input ends. */
const GREETS = `read script; read a; echo '${HELLO}'; echo up > "$here/up"; exec cat >/dev/null`;

const folder = mkdtempSync(join(tmpdir(), "wsl-trace-lifetime-"));
const at = (name: string) => join(folder, name);
let server: Server;
let port = 0;
const sockets = new Set<Socket>();
let child: ReturnType<typeof start> | null = null;

beforeAll(async () => {
  writeFileSync(at("host.json"), JSON.stringify(plainHost));
  // Takes connections and never replies: a run against it goes on for seconds.
  server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  port = typeof address === "object" ? (address?.port ?? 0) : 0;
});
afterEach(() => {
  child?.kill("SIGKILL");
  for (const name of ["pid", "up", "stopped"]) rmSync(at(name), { force: true });
});
afterAll(() => {
  for (const socket of sockets) socket.destroy();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

function start(body: string) {
  const file = at("powershell.exe");
  writeFileSync(file, `#!/bin/sh\nhere='${folder}'\necho $$ > "$here/pid"\n${body}\n`);
  chmodSync(file, 0o755);
  const args = [
    "path",
    `127.0.0.1:${port}`,
    "--host-snapshot",
    at("host.json"),
    "--json",
    "--no-redact",
  ];
  const running = execa(process.execPath, [CLI, ...args], {
    stdio: ["ignore", "pipe", "ignore"],
    env: { PATH: `${folder}:/usr/bin:/bin` },
    extendEnv: false,
    // A signal is the only one: what it does not end stays.
    forceKillAfterDelay: false,
    reject: false,
  });
  child = running;
  return running;
}

/** However long it takes: the test's own time limit is the only one. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(20);
}

const pid = () => Number(readFileSync(at("pid"), "utf8"));

function isGone(id: number): boolean {
  try {
    // A zombie has ended too.
    return /^State:\s+Z/m.test(readFileSync(`/proc/${id}/status`, "utf8"));
  } catch {
    return true;
  }
}

test.each(["SIGINT", "SIGTERM", "SIGKILL"] as const)("by %s", async (signal) => {
  const ended = start(GREETS);
  await until(() => existsSync(at("up")));
  const helper = pid();
  expect(isGone(helper)).toBe(false);
  child?.kill(signal);
  await ended;
  await until(() => isGone(helper));
});

/** An administrator's, which has begun to count and ends that with its input. */
const COUNTS = `read script; read a; echo '${HELLO.replace(/}$/, ',"elevated":true}')}'
read b; echo '{"token":"q2","ok":true,"ms":1,"error":null}'; echo up > "$here/up"
cat >/dev/null; echo stopped > "$here/stopped"`;

test.each(["SIGINT", "SIGTERM", "SIGKILL"] as const)(
  "by %s, after what it has begun in Windows was ended",
  async (signal) => {
    const ended = start(COUNTS);
    await until(() => existsSync(at("up")));
    expect(existsSync(at("stopped"))).toBe(false);
    child?.kill(signal);
    await ended;
    await until(() => existsSync(at("stopped")));
    await until(() => isGone(pid()));
  },
);

test("by the end of the run", async () => {
  const { stdout } = await start(GREETS);
  await until(() => isGone(pid()));
  const { events } = report.parse(JSON.parse(stdout));
  expect(events).toContainEqual(expect.objectContaining({ kind: "host-prober", by: "powershell" }));
});

test.each([
  { what: "hangs", body: "exec sleep 600", words: "no answer in" },
  { what: "dies", body: "exit 4", words: "has ended (4)" },
  {
    what: "prints garbage",
    body: "head -c 10000000 /dev/zero | tr '\\0' x; exec sleep 600",
    words: "without an end",
  },
])("one that $what is reported in the report, and the run goes on", async ({ body, words }) => {
  const { stdout } = await start(body);
  const { events, verdict } = report.parse(JSON.parse(stdout));
  // A silent port whose protocol is not known.
  expect(verdict).toBe("inconclusive");
  expect(events).toContainEqual(
    expect.objectContaining({
      kind: "host-prober",
      by: null,
      reason: expect.stringContaining(words),
    }),
  );
  await until(() => isGone(pid()));
});

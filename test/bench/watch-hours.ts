// A real watch in a network whose VPN comes and goes: whether each change is found, and whether memory and disk stay flat.
//
// npm run bench:watch [-- MINUTES], as root. Prints a line a minute, then what was missed.

import { spawn } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readJournal } from "../../src/patrol/journal.ts";
import { type Incident, summaryOf } from "../../src/patrol/summary.ts";
import { NAME } from "../lab/independent/dns.ts";
import type { Net } from "../lab/independent/net.ts";
import { createOffice, OFFICE, officeSnapshot } from "../lab/independent/office.ts";
import { makeServerFiles, startServer } from "../lab/independent/server.ts";
import { createFolder } from "../lab/independent/tool.ts";

const CLI = path.resolve(import.meta.dirname, "../../dist/cli.js");
const MINUTES = Number(process.argv[2] ?? 30);
const MINUTE_MS = 60_000;
/** Three minutes with the VPN, three without. */
const PHASE_MINUTES = 3;
const KEEP_MB = 1;

async function switchVpn(net: Net, isOn: boolean): Promise<void> {
  const mtu = isOn ? "1400" : "1500";
  await net.ip("box", "link", "set", "dev", "tun5", "mtu", mtu);
  await net.ip("far", "link", "set", "dev", "peer0", "mtu", mtu);
  // As mirrored networking shows it to the distro.
  if (isOn) await net.ip("guest", "link", "add", "vpn0", "type", "veth", "peer", "name", "vpn1");
  else await net.ip("guest", "link", "del", "vpn0");
  if (isOn) await net.ip("guest", "link", "set", "vpn0", "up");
}

function residentKb(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
}

const folder = createFolder();
const files = await makeServerFiles(folder, "big", 90);
const hosts = folder.file("hosts", `${OFFICE.site4} ${NAME}\n127.0.0.1 localhost\n`);
const snapshot = folder.file("host.json", JSON.stringify(officeSnapshot(1400)));
const kept = path.join(folder.path, "kept");
const keptBytes = () =>
  readdirSync(kept).reduce((sum, name) => sum + statSync(path.join(kept, name)).size, 0);

const net = await createOffice({ tunnelMtu: 1500, farSilent: true });
try {
  await startServer(net, files, 20_000);
  const inside = `mount --bind ${hosts} /etc/hosts && exec "$@"`;
  const nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all"];
  const flags = ["--every", "10s", "--for", `${MINUTES}m`, "--dir", kept, "--keep", `${KEEP_MB}`];
  const child = spawn(
    "ip",
    [
      ...["netns", "exec", net.name("guest"), "unshare", "--mount", "sh", "-c", inside, "sh"],
      ...[...nobody, process.execPath, CLI, "watch", `https://${NAME}`, ...flags],
      ...["--host-snapshot", snapshot, "--ca", files.ca],
    ],
    { stdio: ["ignore", "pipe", "ignore"] },
  );
  let out = "";
  child.stdout.on("data", (bytes: Buffer) => {
    out += bytes.toString();
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const switches: { readonly atMs: number; readonly isOn: boolean }[] = [];
  const resident: number[] = [];
  for (let minute = 1; minute < MINUTES; minute += 1) {
    await sleep(MINUTE_MS);
    if (minute % PHASE_MINUTES === 0) {
      const isOn = (minute / PHASE_MINUTES) % 2 === 1;
      await switchVpn(net, isOn);
      switches.push({ atMs: Date.now(), isOn });
    }
    resident.push(residentKb(child.pid ?? 0));
    const mb = ((resident.at(-1) ?? 0) / 1024).toFixed(1);
    process.stdout.write(`minute ${minute}: ${mb} MB resident, ${keptBytes()} bytes kept\n`);
  }
  await ended;
  process.stdout.write(out);
  const lines = readJournal(readFileSync(path.join(kept, "journal.ndjson"), "utf8"));
  report(summaryOf(lines).incidents, switches);
  const found = lines.filter((line) => line.kind === "change" && line.subject === "vpn0").length;
  process.stdout.write(`links that came or went: ${found} lines for ${switches.length} switches\n`);
} finally {
  await net.remove();
  folder.remove();
}

function report(
  incidents: readonly Incident[],
  switches: readonly { readonly atMs: number; readonly isOn: boolean }[],
): void {
  const expected = switches.filter(({ isOn }) => isOn);
  process.stdout.write(`${expected.length} times broken, ${incidents.length} incidents found\n`);
  for (const { from, until, causes, before } of incidents) {
    const began = expected.findLast(({ atMs }) => atMs <= Date.parse(from));
    const ended = switches.find(({ atMs, isOn }) => !isOn && began && atMs > began.atMs);
    const late = (at: string | null, since: number | undefined) =>
      at === null || since === undefined ? "?" : `${Math.round((Date.parse(at) - since) / 1000)} s`;
    process.stdout.write(
      `${causes.join(", ")}: told ${late(from, began?.atMs)} after it broke, ` +
        `its end ${late(until, ended?.atMs)} after it was well; before it: ${before.join("; ")}\n`,
    );
  }
}

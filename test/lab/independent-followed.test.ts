// Packets that are followed through this machine's kernel by the built command line, and by nft and tcpdump beside it:
//
//   guest eth0 ---- i0 r1 o1 ---- eth0 site       r1 masquerades; all three are namespaces of one kernel

import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { Report } from "../../src/schema/report.ts";
import { whyNo } from "./harness/bpf-rights.ts";
import { createChain, SITE } from "./independent/chain.ts";
import type { Net } from "./independent/net.ts";
import { ENGINES, runTool, tracePath } from "./independent/tool.ts";

const whyNot = await whyNo("tp_btf");
const noTcpdump = (await execa("tcpdump", ["--version"], { reject: false })).failed;
beforeEach(({ skip }) => {
  skip(whyNot !== null, whyNot ?? "");
  skip(noTcpdump, "there is no tcpdump, which npm test installs as root");
});

const PORT = 8080;
const SERVER = `require("node:http").createServer((_, answer) => answer.end("hello\\n"))
  .listen(${PORT}, "::", () => console.log("ready"));`;
const GUEST = "10.91.0.1";
const TRANSLATED = "10.91.1.1";
/** "WTRC" at the start of a UDP payload, as nft and pcap-filter(7) write it. */
const COOKIE = { nft: "@th,64,32 0x57545243", pcap: "udp[8:4] = 0x57545243" };

let net: Net | undefined;
const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await net?.remove();
  net = undefined;
});

/** Counters of UDP probes: marked, as they leave the guest, and behind the NAT, where no mark is left. */
const COUNTING = {
  guest: `table inet seen { counter probes { }
    chain c { type filter hook postrouting priority 300;
      meta mark & 0xffff0000 == 0x57540000 ${COOKIE.nft} counter name "probes"; }; }\n`,
  r1: `table ip seen { counter probes { }
    chain nat { type nat hook postrouting priority 100; oifname "o1" masquerade; }
    chain c { type filter hook forward priority 0;
      oifname "o1" meta mark 0 ${COOKIE.nft} counter name "probes"; }; }\n`,
};

async function chain(): Promise<Net> {
  ({ net } = await createChain([1500, 1500]));
  await net.serve("site", process.execPath, "-e", SERVER);
  for (const host of ["guest", "r1"] as const) await net.nft(host, COUNTING[host]);
  return net;
}

async function counted(on: Net, host: "guest" | "r1"): Promise<number> {
  const family = host === "guest" ? "inet" : "ip";
  const text = await on.run(host, "nft", "list", "counter", family, "seen", "probes");
  return Number(/packets (\d+)/.exec(text)?.[1]);
}

/** What tcpdump prints of a device, once it listens; `end` gives the lines. */
async function capture(on: Net, host: string, device: string) {
  const argv = [
    "netns",
    "exec",
    on.name(host),
    "tcpdump",
    "-i",
    device,
    "-nn",
    "-l",
    "--immediate-mode",
    COOKIE.pcap,
  ];
  const child = spawn("ip", argv, { stdio: ["ignore", "pipe", "pipe"] });
  children.push(child);
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => lines.push(line));
  const errors = createInterface({ input: child.stderr });
  await new Promise<void>((resolve, reject) => {
    errors.on("line", (line) => line.startsWith("listening on") && resolve());
    child.once("close", () => reject(new Error("tcpdump ended")));
  });
  const closed = new Promise((resolve) => child.once("close", resolve));
  return {
    end: async () => {
      child.kill("SIGINT");
      await closed;
      // It ends with an empty line.
      return lines.filter((line) => line.includes(" IP "));
    },
  };
}

/** UDP probes, each with where the kernel saw it on its way out: "device r1 o1". */
function followed({ events }: Report, netOf: Net) {
  return events.flatMap((event) => {
    if (event.kind !== "probe" || event.protocol !== "udp") return [];
    const seen = events.flatMap((other) =>
      other.kind === "kernel-probe" && other.of.by === "cookie" && other.of.cookie === event.cookie
        ? other.seen
        : [],
    );
    const out = seen.filter(({ answer }) => !answer);
    const nameOf = ({ own, name }: (typeof out)[number]["namespace"]) =>
      own ? "guest" : (name ?? "").replace(netOf.name(""), "");
    const places = out.map(
      ({ stage, interface: device, namespace }) => `${stage} ${nameOf(namespace)} ${device}`,
    );
    return [
      {
        probe: event,
        places,
        back: seen.some(
          ({ answer, stage, namespace }) =>
            answer && stage === "received" && namespace.own === true,
        ),
      },
    ];
  });
}

describe.each(ENGINES)("a marked probe of $engine", ({ flags }) => {
  it("is followed through netfilter, the device and a NAT, as nft and tcpdump see it", async () => {
    const on = await chain();
    const capturing = [await capture(on, "guest", "eth0"), await capture(on, "r1", "o1")];
    const args = [`http://${SITE[4]}:${PORT}/`, "--host-snapshot", "none", "-n", "--all-netns"];
    const { report } = await tracePath(on, [...args, ...flags], { privilege: "root" });
    const [inside = [], outside = []] = await Promise.all(capturing.map(({ end }) => end()));

    const probes = followed(report, on);
    expect(probes.length).toBeGreaterThan(2);
    for (const { probe, places } of probes) {
      expect(probe.mark).toBe(0x57540000 + (probe.cookie & 0xffff));
      expect(places.slice(0, 3)).toEqual([
        "netfilter guest eth0",
        "device guest eth0",
        "received r1 i0",
      ]);
    }
    // nft and tcpdump saw as many.
    expect(await counted(on, "guest")).toBe(probes.length);
    expect(inside).toHaveLength(probes.length);
    const beyond = probes.filter(({ places }) => places.includes("device r1 o1"));
    expect(beyond.length).toBeGreaterThan(0);
    expect(await counted(on, "r1")).toBe(beyond.length);
    expect(outside).toHaveLength(beyond.length);
    // The NAT: in the headers that tcpdump shows, and in the report.
    expect(inside.every((line) => line.includes(`IP ${GUEST}.`))).toBe(true);
    expect(outside.every((line) => line.includes(`IP ${TRANSLATED}.`))).toBe(true);
    const [passed] = report.kernel?.namespaces ?? [];
    expect(passed).toMatchObject({
      name: on.name("r1"),
      received: "i0",
      sent: "o1",
      translated: { from: { source: GUEST }, to: { source: TRANSLATED } },
    });
    // An answer came back through the NAT to the socket.
    expect(probes.filter(({ back }) => back).length).toBeGreaterThan(0);
    for (const { probe, back } of probes) {
      if (probe.outcome.kind !== "no-reply") expect(back).toBe(true);
    }
    const rows = report.kernel?.hops ?? [];
    for (const { sent, netfilter, device } of rows)
      expect([netfilter, device]).toEqual([sent, sent]);
  });
});

describe("a rule of this machine", () => {
  const rule = (hook: string, match: string) =>
    `table inet wall { chain x { type filter hook ${hook} priority 0; ${match} drop; }; }\n`;
  const traced = async (rules: string) => {
    const on = await chain();
    await on.nft("guest", rules);
    const args = [
      "path",
      `http://${SITE[4]}:${PORT}/`,
      "--host-snapshot",
      "none",
      "-n",
      "--json",
      "--no-redact",
    ];
    const { stdout } = await runTool(on, "guest", args, { privilege: "root" });
    const { kernel, events }: Report = JSON.parse(stdout);
    const watch = events.find(({ kind }) => kind === "kernel-watch");
    expect(watch).toMatchObject({ source: "ebpf" });
    return kernel?.hops ?? [];
  };

  it("on output keeps probes from passing netfilter", async () => {
    const rows = await traced(rule("output", "udp dport 33434"));
    const [udp] = rows.filter(({ ttl, dropped }) => ttl !== null && dropped > 0);
    expect(udp?.netfilter).toBe((udp?.sent ?? 0) - (udp?.dropped ?? 0));
  });

  it("on input drops answers that had come back", async () => {
    const rows = await traced(rule("input", `tcp sport ${PORT}`));
    const connections = rows.find(({ ttl }) => ttl === null);
    expect(connections).toMatchObject({ answered: 0 });
    expect(connections?.netfilter).toBe(connections?.sent);
    expect(connections?.returned).toBe(connections?.sent);
    expect(connections?.dropped).toBe(connections?.sent);
  });
});

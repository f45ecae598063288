// `wsl-trace drops` of the built command line, in a network of three hosts.

import { type ChildProcess, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import { setImmediate } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Report } from "../../src/schema/report.ts";
import { whyNo } from "./harness/bpf-rights.ts";
import { createChain, SITE } from "./independent/chain.ts";
import { inside } from "./independent/inside.ts";
import { createNet, type Net } from "./independent/net.ts";
import { runTool, tracePath } from "./independent/tool.ts";

const CLI = path.resolve(import.meta.dirname, "../../dist/cli.js");
const CLOSED = 7171;
const whyNot = await whyNo("tp_btf");
beforeEach(({ skip }) => skip(whyNot !== null, whyNot ?? ""));

const children: ChildProcess[] = [];
// A test that fails leaves nothing running.
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

let net: Net;
beforeAll(async () => {
  ({ net } = await createChain([1500, 1500]));
});
afterAll(() => net?.remove());

const sendTo = async (to: string, port: number) => {
  const socket = createSocket(to.includes(":") ? "udp6" : "udp4");
  await new Promise((resolve) => socket.send("hello", port, to, resolve));
  const from = socket.address();
  socket.close();
  return from.port;
};
const SERVER = `require("node:http").createServer((_, answer) => answer.end("hello\\n"))
  .listen(8080, "::", () => console.log("ready"));`;
const send = (host: string, to: string, port: number) => inside(net, host, () => sendTo(to, port));

interface Watching {
  readonly child: ChildProcess;
  /** The next line that holds the text. */
  line(holding: string): Promise<string>;
  end(): Promise<{ readonly code: number | null; readonly rest: readonly string[] }>;
}

/** Started in a namespace as root; it is on when this resolves. JSON is looked through for real names. */
async function watch(host: string, ...args: readonly string[]): Promise<Watching> {
  const real = args.includes("--json") ? ["--no-redact"] : [];
  const argv = ["netns", "exec", net.name(host), process.execPath, CLI, "drops", ...args, ...real];
  const child = spawn("ip", argv, { stdio: ["ignore", "pipe", "pipe"] });
  children.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const closed = new Promise<number | null>((resolve) => child.on("close", resolve));
  await new Promise((resolve, reject) => {
    child.stderr.once("data", resolve);
    child.once("close", () => reject(new Error("it ended")));
  });
  return {
    child,
    line: async (holding) => {
      for (let next = await lines.next(); !next.done; next = await lines.next()) {
        if (next.value.includes(holding)) return next.value;
      }
      throw new Error(`no line holds ${holding}`);
    },
    end: async () => {
      child.kill("SIGINT");
      const rest: string[] = [];
      for (let next = await lines.next(); !next.done; next = await lines.next()) {
        rest.push(next.value);
      }
      return { code: await closed, rest };
    },
  };
}

describe("drops", () => {
  it.each([
    [4, "__udp4_lib_rcv", "3/3"],
    [6, "__udp6_lib_rcv", "1/4"],
  ] as const)(
    "tells reason, place and meaning of a drop here, over IPv%i",
    async (family, symbol, icmp) => {
      const watching = await watch("site", "--all");
      await send("guest", SITE[family], CLOSED);
      const line = await watching.line(`${CLOSED}`);
      expect(line).toContain(`NO_SOCKET        at ${symbol} on eth0: UDP `);
      // The ICMPv6 error is reported where this kernel lets functions be watched.
      if (family === 4) expect(line).toContain(`answered by ICMP ${icmp}`);
      expect(await watching.line("NO_SOCKET:")).toContain("nothing listens on that port");
      const { code, rest } = await watching.end();
      expect(code).toBe(130);
      expect(rest.join("\n")).toMatch(/\d+ drops in [\d.]+ s.*\n +\d+ {2}NO_SOCKET/s);
    },
  );

  it("of a host are those from and to it, in this namespace by default", async () => {
    const watching = await watch("guest", SITE[4], "--json", "--all-netns");
    await send("guest", "10.91.0.2", CLOSED);
    await send("guest", SITE[4], CLOSED);
    // Other tests of this machine use the same addresses in namespaces of their own.
    const first = JSON.parse(await watching.line(net.name("site")));
    expect(first).toMatchObject({
      reason: "NO_SOCKET",
      namespace: net.name("site"),
      destination: SITE[4],
      destinationPort: CLOSED,
    });
    const own = await watch("guest", SITE[4], "--json");
    await send("guest", SITE[4], CLOSED);
    await watching.line(net.name("site"));
    const { rest } = await own.end();
    expect(rest.map((line) => JSON.parse(line))).toMatchObject([{ kind: "summary", dropped: 0 }]);
    await watching.end();
  });

  it("of a flow are those of its two ends, whichever way", async () => {
    const flow = `${SITE[4]}:${CLOSED},10.91.0.1:40404`;
    const watching = await watch("site", "--flow", flow, "--json");
    await send("guest", SITE[4], CLOSED);
    await inside(net, "guest", async () => {
      const socket = createSocket("udp4");
      await new Promise<void>((resolve) => socket.bind(40404, resolve));
      await new Promise((resolve) => socket.send("hello", CLOSED, SITE[4], resolve));
      socket.close();
    });
    expect(JSON.parse(await watching.line("{"))).toMatchObject({ sourcePort: 40404 });
    const { rest } = await watching.end();
    expect(rest.map((line) => JSON.parse(line).kind)).toEqual(["summary"]);
  });

  it("bear the name of a namespace that is made while they are watched", async () => {
    const { line } = await watch("guest", "--all", "--all-netns", "--json");
    const later = await createNet(["later"]);
    let found = false;
    try {
      const named = line(`"${later.name("later")}"`).then(() => {
        found = true;
      });
      // It is looked for once a second.
      while (!found) {
        await inside(later, "later", () => sendTo("127.0.0.1", CLOSED));
        await Promise.race([named, setImmediate()]);
      }
    } finally {
      await later.remove();
    }
    expect(found).toBe(true);
  });

  describe("without a target", () => {
    const HTTP = 8080;
    const rule = (hook: string, match: string) =>
      `table inet wall { chain c { type filter hook ${hook} priority 0; ${match} drop; }; }\n`;
    beforeAll(async () => {
      await net.serve("site", process.execPath, "-e", SERVER);
    });
    afterEach(() => net.run("guest", "nft", "flush", "ruleset"));

    /** What \`drops\` of one terminal shows while \`path\` runs in another. */
    const shownOf = async (rules: string | null, family: 4 | 6) => {
      if (rules !== null) await net.nft("guest", rules);
      const host = family === 4 ? SITE[4] : `[${SITE[6]}]`;
      const watching = await watch("guest", "--json");
      // Of somebody else, and dropped as well where a rule drops it.
      await send("guest", SITE[family], HTTP);
      const args = [`http://${host}:${HTTP}/`, "--host-snapshot", "none", "-n"];
      const { report } = await tracePath(net, args, { privilege: "root" });
      const { rest } = await watching.end();
      const lines = rest.map((line) => JSON.parse(line));
      return { report, drops: lines.filter(({ kind }) => kind === "drop") };
    };
    const marksOf = ({ events }: Report) =>
      events.flatMap((event) => (event.kind === "tcp-started" ? [event.mark] : []));

    it.each([
      ["output", `meta l4proto { tcp, udp } th dport ${HTTP}`, { destinationPort: HTTP }],
      ["input", `tcp sport ${HTTP}`, { sourcePort: HTTP, interface: "eth0" }],
    ])("are those of a path in another terminal, on %s", async (hook, match, packet) => {
      for (const family of [4, 6] as const) {
        const { report, drops } = await shownOf(rule(hook, match), family);
        expect(report.findings[0]?.cause).toBe("linux-firewall-in-distro");
        expect(drops[0]).toMatchObject({ ...packet, protocol: 6, reason: "NETFILTER_DROP" });
        expect(drops.every(({ protocol }) => protocol === 6)).toBe(true);
        const marks = marksOf(report);
        expect(marks.length).toBeGreaterThan(0);
        // The default attempt's SYN, or its answer.
        expect(drops.map(({ mark }) => mark)).toContain(marks[0]);
      }
    });

    it("are none while a path loses nothing", async () => {
      const { report, drops } = await shownOf(null, 4);
      expect(report.findings.filter(({ severity }) => severity !== "note")).toEqual([]);
      expect(drops).toEqual([]);
    });
  });

  it("ends without a word when nobody reads any more", async () => {
    const { child, line } = await watch("site", "--all", "--json");
    let said = "";
    child.stderr?.on("data", (text) => {
      said += String(text);
    });
    const ended = once(child, "close");
    await send("guest", SITE[4], CLOSED);
    await line(`${CLOSED}`);
    child.stdout?.destroy();
    // The first write after that is refused.
    while (child.exitCode === null) {
      await send("guest", SITE[4], CLOSED);
      await setImmediate();
    }
    expect([await ended, said]).toEqual([[141, null], ""]);
  });

  it("ends by itself after --timeout", async () => {
    const { code, stdout } = await runTool(net, "guest", ["drops", "--timeout", "300ms"], {
      privilege: "root",
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/no drops in /);
  });

  it("without privilege ends with exit code 3 and the missing capabilities", async () => {
    const { code, stderr } = await runTool(net, "guest", ["drops", "--all"]);
    expect(code).toBe(3);
    expect(stderr).toContain("lacks CAP_BPF and CAP_PERFMON");
  });

  it("over tracefs knows no addresses: a target is refused, and --all is not", async () => {
    const refused = await runTool(net, "guest", ["drops", SITE[4], "--no-ebpf"], {
      privilege: "root",
    });
    expect([refused.code, refused.stderr]).toEqual([3, expect.stringContaining("--all")]);
    const args = ["drops", "--all", "--no-ebpf", "--timeout", "300ms"];
    const all = await runTool(net, "guest", args, { privilege: "root" });
    expect([all.code, all.stderr]).toEqual([0, expect.stringContaining("through tracefs")]);
  });
});

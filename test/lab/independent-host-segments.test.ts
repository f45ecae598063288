// Faults on the Windows host over IPv4 and IPv6, each placed on its own segment by what both sides find.

import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Report, report } from "../../src/schema/report.ts";
import { whyNotRun } from "../builders/engine.ts";
import { createHome, HOME, type HomeOptions, homeSnapshot } from "./independent/home.ts";
import type { Net } from "./independent/net.ts";
import { makeServerFiles, type ServerFiles, startServer } from "./independent/server.ts";
import { createFolder, runTool } from "./independent/tool.ts";
import { startWindows } from "./independent/windows-host.ts";

const folder = createFolder();
const NAME = "files.example.test";
const NAME_SERVER = new URL("./independent/dns-server.mjs", import.meta.url).pathname;
let files: ServerFiles;
let net: Net | undefined;

beforeAll(async () => {
  files = await makeServerFiles(folder, "site", 0, [HOME.site4, HOME.site6]);
});
afterEach(async () => {
  await net?.remove();
  net = undefined;
});
afterAll(() => folder.remove());

const BLOCKED = `table inet block {
  chain passing { type filter hook forward priority 0; iifname "sw0" drop; }
}
`;
const MUTE = `table inet mute {
  chain in { type filter hook input priority 0; meta l4proto { tcp, udp } th dport 53 drop; }
}
`;

interface Case extends HomeOptions {
  readonly target: string;
  readonly command?: "path" | "dns";
  readonly breaks: (home: Net) => Promise<unknown>;
}

/** Traced from the guest, with the host's own PowerShell at hand. */
async function trace({ target, command = "path", breaks, ...options }: Case): Promise<Report> {
  net = await createHome(options);
  await startServer(net, files, 1000);
  await breaks(net);
  const snapshot = folder.file("host.json", homeSnapshot(options));
  const resolvConf = folder.file("resolv.conf", `nameserver ${HOME.box4}\n`);
  const args = [command, target, "--host-snapshot", snapshot, "--json", "--no-redact"];
  const trusted = command === "path" ? ["--ca", files.ca] : [];
  const env = { PATH: await startWindows(net, "box", folder, HOME.router4) };
  const { stdout, stderr } = await runTool(net, "guest", [...args, ...trusted], {
    env,
    resolvConf,
  });
  if (stdout === "") throw new Error(stderr);
  return report.parse(JSON.parse(stdout));
}

const told = ({ findings }: Report) =>
  findings
    .filter(({ severity }) => severity !== "note")
    .map(({ cause, segment }) => `${cause} at ${segment}`);

function skipWithoutEngine(skip: (when: boolean, why: string) => void): void {
  const why = whyNotRun({});
  skip(why !== null, why ?? "");
}

const SITE_4 = `https://${HOME.site4}/`;
const SITE_6 = `https://[${HOME.site6}]/`;

it.for([SITE_4, SITE_6])(
  "a card without link is its own fault, not its router's: %s",
  async (target, { skip }) => {
    skipWithoutEngine(skip);
    const found = await trace({
      vpn: false,
      nicDown: true,
      target,
      breaks: (home) => home.ip("box", "link", "set", "nic0", "down"),
    });
    expect(told(found)).toEqual(["lan-gateway-unreachable at physical-nic"]);
  },
);

describe("over IPv6", () => {
  const target = SITE_6;

  it("a block of what is forwarded is the host's own", async ({ skip }) => {
    skipWithoutEngine(skip);
    const found = await trace({
      vpn: false,
      target,
      breaks: (home) => home.nft("box", BLOCKED),
    });
    expect(told(found)).toEqual(["host-forwarding-blocked at windows-stack"]);
  });

  it("a router that is gone is the LAN's", async ({ skip }) => {
    skipWithoutEngine(skip);
    const found = await trace({
      vpn: false,
      target,
      breaks: async (home) => {
        await home.ip("router", "link", "set", "lan0", "arp", "off", "multicast", "off");
        await home.ip("router", "addr", "flush", "dev", "lan0");
      },
    });
    expect(told(found)).toEqual(["lan-gateway-unreachable at lan-gateway"]);
  });

  it("nothing is found where nothing is wrong", async ({ skip }) => {
    skipWithoutEngine(skip);
    const found = await trace({ vpn: false, target, breaks: async () => undefined });
    expect(found).toMatchObject({ verdict: "healthy" });
    expect(told(found)).toEqual([]);
  });
});

describe("a proxy for names on the host that is silent", () => {
  const serveRouter = (home: Net) =>
    home.serve("router", process.execPath, NAME_SERVER, HOME.router4, NAME, HOME.site4);
  const silent = (home: Net, host: string) => home.nft(host, MUTE);

  it.each(["path", "dns"] as const)(
    "is told by `%s` from Windows' own server, which is reached from the distro",
    async (command) => {
      const target = command === "path" ? `https://${NAME}/` : NAME;
      const found = await trace({
        vpn: false,
        target,
        command,
        breaks: async (home) => {
          await serveRouter(home);
          await silent(home, "box");
        },
      });
      expect(told(found)[0]).toBe("dns-server-unreachable at resolver");
      expect(found.findings[0]?.summary).toContain("between the distro and its server");
    },
  );

  it("is behind both where Windows does not resolve either", async ({ skip }) => {
    skipWithoutEngine(skip);
    const found = await trace({
      vpn: false,
      target: `https://${NAME}/`,
      breaks: async (home) => {
        await silent(home, "box");
        await silent(home, "router");
      },
    });
    expect(told(found)).toEqual(["dns-server-unreachable at resolver"]);
    expect(found.findings[0]?.summary).toContain("the fault lies behind both");
  });
});

// A container as the vantage, beside its host, by the built command line:
//
//   guest ---- r1 ---- site       guest stands for the container, r1 for its host, where the tool is started

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { report } from "../../src/schema/report.ts";
import { SITE } from "./independent/chain.ts";
import { chainTests } from "./independent/chain-tests.ts";
import type { Net } from "./independent/net.ts";
import { runTool } from "./independent/tool.ts";

const tests = chainTests(20);

async function container(): Promise<Net> {
  const { net } = await tests.chain([1500, 1500], 4000);
  return net;
}

const args = (netns: string) => [
  "path",
  `https://${SITE[4]}/`,
  "--ca",
  tests.files.ca,
  "--host-snapshot",
  "none",
  "-n",
  "--netns",
  netns,
];

async function both(on: Net, netns: string, ...more: readonly string[]) {
  const argv = [...args(netns), ...more, "--json", "--no-redact"];
  const { code, stdout, stderr } = await runTool(on, "r1", argv, { privilege: "root" });
  const [inside, host, ...rest] = report.array().parse(JSON.parse(stdout));
  if (inside === undefined || host === undefined || rest.length > 0) throw new Error(stderr);
  return { code, inside, host };
}

it("what stops the container alone is seen beside a host that is well", async () => {
  const on = await container();
  await on.nft(
    "r1",
    `table inet wall { chain c { type filter hook forward priority 0;
      iifname "i0" tcp dport 443 drop; }; }\n`,
  );
  const { code, inside, host } = await both(on, on.name("guest"));
  expect(inside.vantage.netns).toBe(on.name("guest"));
  expect(inside.chain.find(({ kind }) => kind === "linux-nic")?.address).toBe("10.91.0.1");
  expect([inside.verdict, inside.findings[0]?.cause]).toEqual(["fault", "port-filtered"]);
  expect(host.vantage.netns).toBeUndefined();
  expect(host.chain.find(({ kind }) => kind === "linux-nic")?.address).toBe("10.91.1.1");
  expect(host.verdict).toBe("healthy");
  expect(code).toBe(1);
  const text = await runTool(on, "r1", args(on.name("guest")), { privilege: "root" });
  expect(text.stdout).toContain(`${SITE[4]} from ${on.name("guest")}: fault port-filtered`);
  expect(text.stdout).toContain(`${SITE[4]}: healthy`);
});

it("a process names it as well, and its own resolver file counts", async () => {
  const on = await container();
  const resolvConf = tests.folder.file("container.conf", "nameserver 192.0.2.77\n");
  const pidFile = `${tests.folder.path}/pid`;
  const script = `mount --bind "$1" /etc/resolv.conf && echo $$ > "$2" && echo ready && exec sleep 600`;
  const mounted = ["--mount", "sh", "-c", script, "sh", resolvConf, pidFile];
  await on.serve("guest", "unshare", ...mounted);
  const { code, inside, host } = await both(on, readFileSync(pidFile, "utf8").trim());
  expect([code, inside.verdict, host.verdict]).toEqual([0, "healthy", "healthy"]);
  const serversOf = ({ events }: typeof inside) =>
    events.flatMap((event) => (event.kind === "resolver-config" ? event.servers : []));
  expect(serversOf(inside)).toEqual(["192.0.2.77"]);
  expect(serversOf(host)).not.toEqual(["192.0.2.77"]);
});

it("a name that is not there, and a user who may not enter it, are told what to do", async () => {
  const on = await container();
  const unknown = await runTool(on, "r1", args("nobody"), { privilege: "root" });
  expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining("`ip netns`")]);
  const refused = await runTool(on, "r1", args(on.name("guest")));
  expect([refused.code, refused.stderr]).toEqual([
    3,
    `wsl-trace: --netns ${on.name("guest")} needs root: run it with sudo\n`,
  ]);
});

// Real programs in networks that the product did not build, followed by an ordinary user: where names or packets are lost.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { NAME } from "./independent/dns.ts";
import type { Net } from "./independent/net.ts";
import { OFFICE, type OfficeOptions } from "./independent/office.ts";
import {
  causesOf,
  NO_SSHD,
  type ProgramName,
  type Programs,
  preparePrograms,
} from "./independent/programs.ts";

let programs: Programs;
let net: Net | undefined;
beforeAll(async () => {
  programs = await preparePrograms();
});
beforeEach(({ skip, task }) => skip(task.name.includes("SSH") && NO_SSHD !== null, NO_SSHD ?? ""));
afterEach(async () => {
  await net?.remove();
  net = undefined;
});
afterAll(() => programs.remove());

async function office(options: Partial<OfficeOptions> = {}): Promise<Net> {
  net = await programs.office(options);
  return net;
}

const ALL: readonly ProgramName[] = ["curl", "git over HTTPS", "git over SSH", "apt", "npm", "200"];

describe("behind a VPN that loses large packets", () => {
  it.each(ALL)("%s hangs, and the VPN's limit is named", async (name) => {
    const on = await office({ tunnelMtu: 1400, farSilent: true });
    const seen = await programs.follow(on, programs.commands[name](), { hosts: programs.hosts });
    expect(causesOf(seen), seen.stderr).toEqual(["vpn-mtu-inbound-blackhole"]);
    expect(seen.report.program?.doing).toContain(name === "200" ? OFFICE.site4 : NAME);
    expect(seen.stderr).toContain("sudo ip link set dev eth0 mtu 1400");
  });
});

describe("with a dead name server", () => {
  it.each(ALL.filter((name) => name !== "200"))(
    "%s waits for it, and the name server is named",
    async (name) => {
      const resolvConf = programs.folder.file("resolv.conf", "nameserver 198.51.100.99\n");
      const seen = await programs.follow(await office(), programs.commands[name](), { resolvConf });
      expect(causesOf(seen), seen.stderr).toEqual(["dns-server-unreachable"]);
      expect(seen.report.program?.doing).toContain("198.51.100.99:53");
    },
  );
});

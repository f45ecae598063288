// Real programs in networks that the product did not build, followed by an ordinary user: where names or packets are lost.

import { describe, expect, it } from "vitest";
import { NAME } from "./independent/dns.ts";
import { ALL, setUpPrograms } from "./independent/followed.ts";
import { OFFICE } from "./independent/office.ts";
import { causesOf, many } from "./independent/programs.ts";

const { programs, office } = setUpPrograms();

describe("behind a VPN that loses large packets", () => {
  it.each(ALL)("%s hangs, and the VPN's limit is named", async (name) => {
    const on = await office({ tunnelMtu: 1400, farSilent: true });
    const seen = await programs().follow(on, programs().commands[name](), {
      hosts: programs().hosts,
    });
    expect(causesOf(seen), seen.stderr).toEqual(["vpn-mtu-inbound-blackhole"]);
    expect(seen.report.program?.doing).toContain(name === "200" ? OFFICE.site4 : NAME);
    expect(seen.stderr).toContain("sudo ip link set dev eth0 mtu 1400");
  });
});

describe("with a dead name server", () => {
  it.each(ALL)("%s waits for it, and the name server is named", async (name) => {
    const resolvConf = programs().folder.file("resolv.conf", "nameserver 198.51.100.99\n");
    const ofNames = many(`http://${OFFICE.site4}/small`, `http://${NAME}/small`);
    const program = name === "200" ? ofNames : programs().commands[name]();
    const seen = await programs().follow(await office(), program, { resolvConf });
    expect(causesOf(seen), seen.stderr).toEqual(["dns-server-unreachable"]);
    expect(seen.report.program?.doing).toContain("198.51.100.99:53");
  });
});

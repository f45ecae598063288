// What kind of machine this is, by its files: WSL1, WSL2 in each mode, a container inside, plain Linux.

import { describe, expect, test } from "vitest";
import { resolverVariant } from "../../../probes/linux/dns-variant.ts";
import { windowsDrives } from "../../../probes/linux/drives.ts";
import { detectVantage, type GuestLinks } from "../../../probes/linux/vantage.ts";
import type { GuestRoute, NetworkInterface } from "../../../src/schema/events/guest.ts";
import { type FakeMachine, systemOf } from "../../builders/files.ts";

const HANDLER = "/proc/sys/fs/binfmt_misc/WSLInterop";
const HANDLER_TEXT = "enabled\ninterpreter /init\nflags: PF\noffset 0\nmagic 4d5a\n";
const WSL2_KERNEL = "6.6.87.2-microsoft-standard-WSL2";
const WSLINFO = "/usr/bin/wslinfo --networking-mode";

function card(name: string, mac: string, ...addresses: readonly string[]): NetworkInterface {
  return {
    name,
    index: 2,
    mtu: 1500,
    up: true,
    loopback: name === "lo",
    mac: mac || null,
    addresses: addresses.map((text) => {
      const [address = "", length] = text.split("/");
      const family = address.includes(":") ? (6 as const) : (4 as const);
      return { address, prefixLength: Number(length), family };
    }),
  };
}

const LO = card("lo", "", "127.0.0.1/8");
const defaultVia = (gateway: string): readonly GuestRoute[] => [
  { family: 4, prefix: "0.0.0.0/0", gateway, interface: "eth0", metric: 0 },
];
const NAT = {
  interfaces: [LO, card("eth0", "00:15:5d:00:53:03", "172.24.16.20/20")],
  routes: defaultVia("172.24.16.1"),
};

describe("the vantage", () => {
  const wsl2: FakeMachine = { files: { "/run/WSL/1_interop": "", [HANDLER]: HANDLER_TEXT } };
  test.each([
    {
      what: "WSL1",
      release: "4.4.0-19041-Microsoft",
      machine: {},
      expected: { vantage: "wsl1", networkingMode: "wsl1" },
    },
    {
      what: "WSL2",
      release: WSL2_KERNEL,
      machine: wsl2,
      expected: { vantage: "wsl2", basis: "/run/WSL is there" },
    },
    {
      what: "WSL2 with a kernel of one's own",
      release: "6.9.1-mine",
      machine: wsl2,
      expected: { vantage: "wsl2" },
    },
    {
      what: "WSL2 without interop",
      release: WSL2_KERNEL,
      machine: { files: { "/run/WSL/1_interop": "" } },
      expected: { vantage: "wsl2", interop: { handler: "unreadable" } },
    },
    {
      what: "WSL2 whose handler has the late name",
      release: WSL2_KERNEL,
      machine: { files: { [`${HANDLER}-late`]: HANDLER_TEXT } },
      expected: {
        vantage: "wsl2",
        basis: "WSLInterop is registered",
        interop: { handler: "registered" },
      },
    },
    {
      what: "a container inside WSL2",
      release: WSL2_KERNEL,
      machine: { files: { "/.dockerenv": "" } },
      expected: {
        vantage: "linux",
        networkingMode: null,
        containerInWsl: true,
        basis: expect.stringContaining("/.dockerenv"),
      },
    },
    {
      what: "a container that sees the handler",
      release: WSL2_KERNEL,
      machine: { files: { "/run/.containerenv": "", [HANDLER]: HANDLER_TEXT } },
      expected: { vantage: "linux", containerInWsl: true },
    },
    {
      what: "a chroot inside WSL2",
      release: WSL2_KERNEL,
      machine: {},
      expected: { vantage: "linux", containerInWsl: true },
    },
    {
      what: "systemd inside WSL2",
      release: WSL2_KERNEL,
      machine: { files: { [HANDLER]: HANDLER_TEXT, "/run/systemd/container": "wsl\n" } },
      expected: { vantage: "wsl2" },
    },
    {
      what: "plain Linux",
      release: "6.1.0-30-amd64",
      machine: {},
      expected: { vantage: "linux", containerInWsl: false, basis: "no mark of WSL" },
    },
    {
      what: "a container on plain Linux",
      release: "6.1.0-30-amd64",
      machine: { files: { "/.dockerenv": "" } },
      expected: { vantage: "linux", containerInWsl: false },
    },
    {
      what: "a Hyper-V machine",
      release: "6.8.0-azure",
      machine: { files: { "/dev/vsock": "" } },
      expected: { vantage: "linux", containerInWsl: false },
    },
  ])("of $what", async ({ release, machine, expected }) => {
    const found = await detectVantage(systemOf(machine), NAT, release);
    expect(found).toMatchObject({ kernel: release, ...expected });
  });

  test("holds WSL's release, drives and settings", async () => {
    const system = systemOf({
      files: {
        "/run/WSL/1_interop": "",
        [HANDLER]: "disabled\n",
        "/etc/wsl.conf": "[network]\ngenerateResolvConf = false # mine\n[interop]\nEnabled=true\n",
        "/proc/mounts": "C:\\134 /mnt/my\\040c 9p rw,aname=drvfs;path=C:\\134 0 0\n",
      },
      programs: { "/usr/bin/wslinfo --wsl-version": "2.7.10\n" },
    });
    expect(await detectVantage(system, NAT, WSL2_KERNEL)).toMatchObject({
      wslVersion: "2.7.10",
      interop: { handler: "switched-off", offByConfiguration: false, drives: ["/mnt/my c"] },
      wslConf: { "network.generateresolvconf": "false", "interop.enabled": "true" },
    });
  });
});

describe("how long the virtual machine has been up", () => {
  const upOf = async (uptime: string, release = WSL2_KERNEL) => {
    const files = { "/run/WSL/1_interop": "", "/proc/uptime": uptime };
    return (await detectVantage(systemOf({ files }), NAT, release)).upSeconds;
  };

  test("is read in whole seconds, in WSL2 alone", async () => {
    expect(await upOf("350735.47 234388.90\n")).toBe(350735);
    expect(await upOf("350735.47 234388.90\n", "4.4.0-19041-Microsoft")).toBeUndefined();
    expect(await upOf("soon\n")).toBeUndefined();
  });
});

describe("the networking mode", () => {
  const modeOf = async (machine: FakeMachine, links: GuestLinks = NAT) => {
    const files = { "/run/WSL/1_interop": "", ...machine.files };
    const { networkingMode } = await detectVantage(
      systemOf({ ...machine, files }),
      links,
      WSL2_KERNEL,
    );
    return networkingMode;
  };

  test.each(["nat", "mirrored", "consomme", "virtioproxy", "bridged", "none"])(
    "is %s when wslinfo prints it, whatever else is there",
    async (mode) => {
      expect(await modeOf({ programs: { [WSLINFO]: `${mode}\n` } })).toBe(mode);
    },
  );

  test.each(["", "Failed to query networking mode", "a b", "\u001b[31mnat"])(
    "is read from the signatures when wslinfo prints %j",
    async (reported) => {
      expect(await modeOf({ programs: { [WSLINFO]: reported } })).toBe("nat");
    },
  );

  const eth0 = (mac: string, address: string) => [LO, card("eth0", mac, address)];
  const HYPER_V = "00:15:5d:00:53:03";
  test.each([
    { what: "NAT", machine: {}, links: NAT, mode: "nat" },
    {
      what: "NAT in 192.168",
      machine: {},
      links: { interfaces: eth0(HYPER_V, "192.168.72.5/20"), routes: defaultVia("192.168.64.1") },
      mode: "nat",
    },
    {
      what: "mirrored by loopback0",
      machine: {},
      links: { ...NAT, interfaces: [...NAT.interfaces, card("loopback0", HYPER_V)] },
      mode: "mirrored",
    },
    {
      what: "mirrored by its rules",
      machine: {},
      links: { ...NAT, rules: "0:\tfrom all lookup local\n1:\tfrom all lookup 127\n" },
      mode: "mirrored",
    },
    {
      what: "the user-mode gateway",
      machine: {
        links: { "/sys/class/net/eth0/device/driver": "../../bus/virtio/drivers/virtio_net" },
      },
      links: NAT,
      mode: "consomme",
    },
    { what: "no card", machine: {}, links: { interfaces: [LO], routes: [] }, mode: "none" },
    {
      what: "a LAN of one's own: bridged, or a NAT that somebody made",
      machine: {},
      links: { interfaces: eth0(HYPER_V, "192.0.2.20/24"), routes: defaultVia("192.0.2.1") },
      mode: null,
    },
    {
      what: "a router that is not the first address",
      machine: {},
      links: { ...NAT, routes: defaultVia("172.24.16.9") },
      mode: null,
    },
    {
      what: "a card of another maker",
      machine: {},
      links: { ...NAT, interfaces: eth0("02:00:00:00:53:03", "172.24.16.20/20") },
      mode: null,
    },
    {
      what: "no eth0",
      machine: {},
      links: { ...NAT, interfaces: [LO, card("eth3", HYPER_V, "172.24.16.20/20")] },
      mode: null,
    },
  ])("by its interop: $what", async ({ machine, links, mode }) => {
    expect(
      await modeOf(machine, {
        ...links,
        interfaces: [...links.interfaces],
        routes: [...links.routes],
      }),
    ).toBe(mode);
  });
});

describe("the DNS variant", () => {
  const of = (server: string | undefined, generatedByWsl = true, lo: NetworkInterface = LO) =>
    resolverVariant({
      servers: server === undefined ? [] : [server],
      generatedByWsl,
      interfaces: [lo, ...NAT.interfaces],
      routes: NAT.routes,
    });

  test.each([
    ["10.255.255.254", true, "dns-tunnel"],
    ["10.255.255.254", false, "dns-tunnel"],
    ["172.24.16.1", true, "gateway-proxy"],
    ["127.0.0.53", false, "systemd-stub"],
    ["127.0.0.54", false, "systemd-stub"],
    ["192.0.2.53", true, "host-servers"],
    ["192.0.2.53", false, "manual"],
    ["127.0.0.1", false, "manual"],
    [undefined, true, null],
  ] as const)("with the server %s, written by WSL %s, is %s", (server, generated, variant) => {
    expect(of(server, generated)).toBe(variant);
  });

  test("is the tunnel on another address that WSL has put on lo", () => {
    const lo = card("lo", "", "127.0.0.1/8", "192.0.2.99/32");
    expect(of("192.0.2.99", true, lo)).toBe("dns-tunnel");
  });
});

test("Windows' drives are those that WSL mounts, C: first", () => {
  const mounts = [
    "D:\\134 /mnt/d 9p rw,noexec,aname=drvfs;path=D:\\134 0 0",
    "none /mnt/wsl tmpfs rw 0 0",
    "drivers /usr/lib/wsl/drivers 9p ro,aname=drivers 0 0",
    "C: /c drvfs rw,noatime 0 0",
    "drvfsaC /mnt/v virtiofs rw 0 0",
    "tag /mnt/x 9p rw,trans=virtio 0 0",
  ].join("\n");
  expect(windowsDrives(mounts)).toEqual([
    { mountPoint: "/c", noExec: false },
    { mountPoint: "/mnt/d", noExec: true },
    { mountPoint: "/mnt/v", noExec: false },
  ]);
});

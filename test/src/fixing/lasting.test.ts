// The lasting form of a fix, merged into what is there.

import { describe, expect, it } from "vitest";
import { type Change, edited } from "../../../src/fixing/change.ts";
import { lineDiff } from "../../../src/fixing/formatted.ts";
import { type Ground, lastingForm } from "../../../src/fixing/lasting.ts";
import { mergedSetting } from "../../../src/fixing/wsl-conf.ts";

const MTU: Change = { kind: "link-mtu", device: "eth0", mtu: 1400 };
const SETTING: Change = { kind: "sysctl", key: "net.ipv4.conf.all.rp_filter", value: "2" };
const SERVER: Change = {
  kind: "edit",
  path: "/etc/resolv.conf",
  edit: { kind: "write", text: "nameserver 192.0.2.53\n" },
};

function ground(texts: Readonly<Record<string, string>>, more: Partial<Ground> = {}): Ground {
  const text = (path: string) => texts[path] ?? "";
  return { isWsl: true, hasSystemd: false, resolvConfLink: null, text, ...more };
}

/** What is written into each file; null for one that is removed. */
function written(changes: readonly Change[]) {
  return Object.fromEntries(
    changes.flatMap((one) => (one.kind === "edit" ? [[one.path, edited("", one.edit)]] : [])),
  );
}

describe("a setting of wsl.conf", () => {
  it.each([
    ["", "[boot]\ncommand=x\n"],
    [
      "[boot]\nsystemd=true\n\n[user]\ndefault=me\n",
      "[boot]\nsystemd=true\ncommand=x\n\n[user]\ndefault=me\n",
    ],
    ["[boot]\r\nCommand = y\r\n", "[boot]\r\ncommand=y; x\r\n"],
    ["# c\n[user]\ncommand=no", "# c\n[user]\ncommand=no\n[boot]\ncommand=x\n"],
  ])("goes into %j and leaves the rest", (text, expected) => {
    expect(
      mergedSetting(text, "boot", "command", (old) => (old === null ? "x" : `${old}; x`)),
    ).toBe(expected);
  });
});

describe("what stays after a restart", () => {
  it("is a command of wsl.conf where no systemd runs, beside the one that is there, and once", () => {
    const before = "[boot]\ncommand=service ssh start\n";
    const once = written(lastingForm([MTU], ground({ "/etc/wsl.conf": before })));
    expect(once).toEqual({
      "/etc/wsl.conf": "[boot]\ncommand=service ssh start; ip link set dev eth0 mtu 1400\n",
    });
    expect(written(lastingForm([MTU], ground(once)))).toEqual(once);
  });

  it("is a unit where systemd runs, and each command stands in it once", () => {
    const changes = lastingForm([MTU], ground({}, { hasSystemd: true }));
    const unit = "/etc/systemd/system/wsl-trace-fix.service";
    const text = written(changes)[unit] ?? "";
    expect(text).toContain("ExecStart=/usr/bin/env ip link set dev eth0 mtu 1400\n");
    expect(changes.at(-1)).toEqual({
      kind: "link",
      path: "/etc/systemd/system/multi-user.target.wants/wsl-trace-fix.service",
      target: unit,
    });
    expect(written(lastingForm([MTU], ground({ [unit]: text }, { hasSystemd: true })))[unit]).toBe(
      text,
    );
  });

  it("is a file of sysctl.d, which wsl.conf reads where no systemd does", () => {
    const file = "/etc/sysctl.d/90-wsl-trace.conf";
    const old = "net.ipv4.tcp_ecn = 0\nnet.ipv4.conf.all.rp_filter = 1\n";
    expect(written(lastingForm([SETTING], ground({ [file]: old })))).toEqual({
      [file]: "net.ipv4.tcp_ecn = 0\nnet.ipv4.conf.all.rp_filter = 2\n",
      "/etc/wsl.conf": `[boot]\ncommand=sysctl -q -p ${file}\n`,
    });
  });

  it("keeps WSL from writing resolv.conf, which becomes a file of its own", () => {
    const text = "nameserver 192.0.2.53\n";
    const link = ground({ "/etc/resolv.conf": text }, { resolvConfLink: "/mnt/wsl/resolv.conf" });
    const changes = lastingForm([SERVER], link);
    expect(changes.map(({ kind }) => kind)).toEqual(["edit", "remove", "edit"]);
    expect(written(changes)).toEqual({
      "/etc/wsl.conf": "[network]\ngenerateResolvConf=false\n",
      "/etc/resolv.conf": text,
    });
  });

  it("is a setting of systemd-resolved where that writes resolv.conf", () => {
    const link = { resolvConfLink: "/run/systemd/resolve/stub-resolv.conf", hasSystemd: true };
    const text = "nameserver 192.0.2.53\nnameserver 192.0.2.54\n";
    expect(written(lastingForm([SERVER], ground({ "/etc/resolv.conf": text }, link)))).toEqual({
      "/etc/systemd/resolved.conf.d/90-wsl-trace.conf": "[Resolve]\nDNS=192.0.2.53 192.0.2.54\n",
    });
  });

  it("is nothing on a Linux of its own without systemd", () => {
    expect(lastingForm([MTU, SERVER], ground({}, { isWsl: false }))).toEqual([]);
  });
});

it("shows the lines of a file that differ", () => {
  expect(lineDiff("/etc/hosts", "a\nb\nc\n", "a\nx\nc\n")).toEqual(["--- /etc/hosts", "-b", "+x"]);
  expect(lineDiff("/etc/hosts", "a\na\n", "a\na\na\n")).toEqual(["--- /etc/hosts", "+a"]);
  expect(lineDiff("/etc/hosts", "", "a\n")).toEqual(["--- /etc/hosts", "+a"]);
});

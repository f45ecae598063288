// Every fix for Linux that the recordings print is read as changes, or is for the user's own hands.

import { expect, it } from "vitest";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import { edited } from "../../../src/fixing/change.ts";
import { changesOf, withoutSudo } from "../../../src/fixing/read-commands.ts";
import { fold } from "../../../src/model/reduce.ts";
import { readEvents, readRecordings } from "../../recordings/files.ts";

/** They set what a shell, a clock, a card or another table holds, start or stop programs, or only show something. */
const BY_HAND =
  /^(export|unset|grep|ss|cat|sudoedit|sudo (hwclock|timedatectl|systemctl|nft list|ss|ethtool|iptables))\b/;

it("reads all that fixes change, and leaves what cannot be taken back", () => {
  const lines = new Map<string, readonly string[]>();
  for (const { files } of readRecordings()) {
    for (const { fixes } of diagnose(fold(readEvents(files[0] ?? ""))).findings) {
      for (const { where, commands } of fixes) {
        if (where === "linux") lines.set(commands.join("\n"), commands);
      }
    }
  }
  const wrong = [...lines.values()].filter(
    (commands) => (changesOf(commands) === null) !== commands.some((line) => BY_HAND.test(line)),
  );
  expect(wrong).toEqual([]);
  expect(lines.size).toBeGreaterThan(40);
});

it.each([
  "sudo ip link set dev eth0;id mtu 1400",
  "sudo ip link set dev eth0 mtu 99999",
  "sudo ip route del -6 default",
  "sudo ip route del default; id",
  "printf 'x\\n' | sudo tee /etc/shadow",
  "printf 'x\\n' | sudo tee /etc/sysctl.d/../shadow",
  "sudo sysctl -w kernel.core_pattern=x",
  "sudo ln -sf /etc/shadow /etc/resolv.conf",
  "sudo rm -f /etc/passwd",
  "echo 'a' | sudo tee -a /etc/hosts; id",
])("does not read %s", (line) => {
  expect(changesOf([line])).toBeNull();
});

it("leaves sudo out where it stands before a command", () => {
  const line = "sudo touch /etc/wsl.conf && sudo sed -i '/sudo x/d' /etc/wsl.conf";
  expect(withoutSudo(line)).toBe("touch /etc/wsl.conf && sed -i '/sudo x/d' /etc/wsl.conf");
  expect(withoutSudo("printf 'a' | sudo tee /etc/hosts")).toBe("printf 'a' | tee /etc/hosts");
});

it("edits text as the commands do", () => {
  const text = "options edns0 timeout:1\nnameserver 192.0.2.1";
  expect(edited(text, { kind: "delete-word", text: "edns0" })).toBe(
    "options timeout:1\nnameserver 192.0.2.1",
  );
  expect(edited(text, { kind: "first-line", text: "nameserver 192.0.2.2" })).toBe(
    `nameserver 192.0.2.2\n${text}`,
  );
  expect(edited("a\nb=1\nc\n", { kind: "delete-lines", text: "b" })).toBe("a\nc\n");
  expect(
    edited("hosts: x\nnet: y\n", { kind: "replace-lines", begin: "hosts:", text: "hosts: files" }),
  ).toBe("hosts: files\nnet: y\n");
});

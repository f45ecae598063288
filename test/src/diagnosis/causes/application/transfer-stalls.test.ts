// A long answer that is read on: what is a stall, what cures it, and what is only slow.

import { describe, expect, it } from "vitest";
import type { ProgramConnection } from "../../../../../src/schema/events/program.ts";
import type { Transfer, Upload } from "../../../../../src/schema/events/transfer.ts";
import { causes, first } from "../../../../builders/diagnosed.ts";
import { TARGET } from "../../../../builders/events.ts";
import { tcpInfo } from "../../../../builders/tcp.ts";

const transfer = (more: Partial<Transfer> = {}): Transfer => ({
  kind: "transfer",
  variant: "plain",
  address: TARGET,
  family: 4,
  port: 443,
  outcome: "stalled",
  detail: null,
  receivedBytes: 50_000,
  missingBytes: 350_000,
  ms: 20,
  silentMs: 5000,
  acknowledged: false,
  negotiated: { timestamps: true, sack: true, windowScaling: true, ecn: false },
  info: tcpInfo(),
  ...more,
});
const again = (more: Partial<Transfer> = {}) => transfer({ variant: "again", ...more });
const followed = (more: Partial<ProgramConnection>): ProgramConnection => ({
  kind: "program-connection",
  program: "ssh",
  protocol: "tcp",
  family: 4,
  address: TARGET,
  port: 22,
  name: null,
  openedAtMs: 10,
  condition: "idle",
  silentMs: 6000,
  closed: false,
  failed: false,
  diagnosed: true,
  info: { ...tcpInfo(), bytesReceived: 143_000 },
  ...more,
});

describe("transfer-stalls", () => {
  it("fires where the same transfer stops twice at about the same byte", () => {
    const found = first({ extra: [transfer(), again({ receivedBytes: 52_000 })] });
    expect(found).toMatchObject({ cause: "transfer-stalls", severity: "fault" });
    expect(found?.summary).toContain("stops after 50 kB");
    expect(found?.fixes.flatMap(({ commands }) => commands)).toEqual([
      "sudo sysctl -w net.ipv4.tcp_timestamps=0",
      "sudo sysctl -w net.ipv4.tcp_sack=0",
    ]);
  });

  it("names a cure only where it came to twice as many bytes", () => {
    const variant = "no-window-scaling";
    const cured = transfer({ variant, outcome: "enough", receivedBytes: 104_000 });
    const found = first({ extra: [transfer(), again(), cured] });
    expect(found?.summary).toContain("without window scaling it comes to twice as much");
    const half = transfer({ variant, outcome: "ended", receivedBytes: 90_000 });
    const open = first({ extra: [transfer(), again(), half] });
    expect(open?.summary).not.toContain("without window scaling");
  });

  it("is a warning where the transfer goes on the second time, or there is none", () => {
    for (const second of [[again({ outcome: "enough" })], []]) {
      const found = first({ extra: [transfer(), ...second] });
      expect(found).toMatchObject({ cause: "transfer-stalls", severity: "warning", fixes: [] });
    }
  });

  it("names no cure and no candidate where it stops elsewhere the second time", () => {
    const cured = transfer({ variant: "small-mss", outcome: "enough", receivedBytes: 500_000 });
    const found = first({ extra: [transfer(), again({ receivedBytes: 200_000 }), cured] });
    expect(found).toMatchObject({ cause: "transfer-stalls", severity: "fault", fixes: [] });
    expect(found?.summary).toContain("after 50 kB, a second time after 200 kB");
    expect(found?.summary).not.toContain("twice as much");
  });

  it("fires for a program's own transfer whose end nobody acknowledges, while a new connection works", () => {
    const found = first({ extra: [followed({ condition: "gone" })] });
    expect(found).toMatchObject({ cause: "transfer-stalls", severity: "fault", fixes: [] });
    expect(found?.summary).toContain("to ssh stopped after 143 kB");
    for (const more of [
      // Its end is acknowledged: it only has nothing more to say.
      { condition: "cut-off" },
      // It was idle when it was forgotten, or is not what hung.
      { condition: "gone", info: { ...tcpInfo(), bytesReceived: 900 } },
      { condition: "gone", diagnosed: false },
    ] as const)
      expect(causes({ extra: [followed(more)] })).not.toContain("transfer-stalls");
  });

  it("does not fire for a transfer that goes on", () => {
    expect(causes({ extra: [transfer({ outcome: "enough" })] })).not.toContain("transfer-stalls");
  });

  it("does not fire where the server only waits: it acknowledges, and has announced no more", () => {
    const waiting = { acknowledged: true, missingBytes: null };
    const extra = [transfer(waiting), again(waiting)];
    expect(causes({ extra })).not.toContain("transfer-stalls");
  });

  it("takes an early end for a stop only where more was announced", () => {
    const ended = { outcome: "ended", acknowledged: null } as const;
    const cut = first({ extra: [transfer(ended), again(ended)] });
    expect(cut).toMatchObject({ cause: "transfer-stalls" });
    expect(cut?.summary).toContain("is closed after 50 kB");
    const whole = { ...ended, missingBytes: null };
    expect(causes({ extra: [transfer(whole), again(whole)] })).not.toContain("transfer-stalls");
  });
});

describe("over connections that are not the kernel's", () => {
  const raw = (variant: Transfer["variant"], more: Partial<Transfer> = {}) =>
    transfer({ variant, ...more });
  const passes = { outcome: "enough", receivedBytes: 104_000 } as const;
  const stopped = [transfer(), again()];

  it("names the option without which it goes on, where it stopped with all of them", () => {
    const extra = [...stopped, raw("raw"), raw("raw-no-sack", passes), raw("raw-no-timestamps")];
    const found = first({ extra });
    expect(found?.summary).toContain("without selective acknowledgements it comes to twice");
    expect(found?.fixes.flatMap(({ commands }) => commands)).toEqual([
      "sudo sysctl -w net.ipv4.tcp_sack=0",
    ]);
  });

  it("shows nothing where it goes on with all of them as well", () => {
    const found = first({ extra: [...stopped, raw("raw", passes), raw("raw-no-sack", passes)] });
    expect(found?.summary).not.toContain("twice");
    expect(found?.fixes).toHaveLength(2);
  });

  it("leaves no option a candidate that was left out in vain", () => {
    const extra = [...stopped, raw("raw"), raw("raw-no-sack"), raw("raw-no-timestamps")];
    const found = first({ extra });
    expect(found?.summary).toContain(
      "without selective acknowledgements, without timestamps as well",
    );
    expect(found?.fixes).toEqual([]);
  });
});

describe("what is sent up", () => {
  const upload = (variant: Upload["variant"], more: Partial<Upload> = {}): Upload => ({
    kind: "upload",
    variant,
    address: TARGET,
    family: 4,
    port: 443,
    outcome: "stalled",
    sentBytes: 264_000,
    ackedBytes: 100_000,
    ms: 20,
    silentMs: 5000,
    negotiated: { timestamps: true, sack: true, windowScaling: true, ecn: false },
    info: tcpInfo({ unacked: 10, backoff: 4 }),
    ...more,
  });
  const read = transfer({ outcome: "enough" });

  it("is a fault where it stops twice, and a warning where it stops once", () => {
    const twice = first({ extra: [read, upload("plain"), upload("again")] });
    expect(twice).toMatchObject({
      cause: "transfer-stalls",
      severity: "fault",
      direction: "outbound",
    });
    const once = first({ extra: [read, upload("plain"), upload("again", { outcome: "enough" })] });
    expect(once).toMatchObject({ cause: "transfer-stalls", severity: "warning", fixes: [] });
  });

  it.each<[string, Partial<Upload>]>([
    ["a server that ends it", { outcome: "ended" }],
    ["a server that resets it with requests unread", { outcome: "reset" }],
    ["a server that takes no more and says so", { info: tcpInfo({ unacked: 0 }) }],
  ])("does not stall by %s", (_, more) => {
    const extra = [read, upload("plain", more), upload("again", more)];
    expect(causes({ extra })).not.toContain("transfer-stalls");
  });
});

// The capture file of recordings: what stands in it, the same each time, and sound packets.

import { describe, expect, it } from "vitest";
import { decodeIp } from "../../../../probes/packet/ip.ts";
import { makeReport } from "../../../../src/report/make.ts";
import { captureFile } from "../../../../src/report/pcap/file.ts";
import { packetTools } from "../../../../src/wiring/packets.ts";
import { readPcapng } from "../../../builders/read-pcapng.ts";
import { readEvents } from "../../../recordings/files.ts";

const GOLDENS = ["wsl2-vpn.user", "wsl1-nrpt.root", "route-blackhole.user", "wsl2-healthy.root"];

function fileOf(name: string): Uint8Array {
  const report = makeReport(readEvents(`${name}.ndjson.gz`));
  return captureFile([{ report, capture: null }], packetTools, { target: false }).bytes;
}

describe.each(GOLDENS)("%s", (name) => {
  it("is rebuilt as it was", async () => {
    const [section] = readPcapng(fileOf(name));
    const lines = section?.packets.map(({ place, atNs, flags, bytes, originalBytes, comment }) => {
      const packet = decodeIp(bytes);
      const ends = `${packet?.source} > ${packet?.destination}, protocol ${packet?.protocol}`;
      const where = `${section.names[place]} ${flags === 1 ? "in" : "out"}`;
      return `${atNs} ${where}: ${ends}, TTL ${packet?.ttl}, ${originalBytes} bytes\n${comment.replaceAll(/^/gm, "    ")}\n`;
    });
    const text = `${section?.comment}\n\n${lines?.join("")}`;
    await expect(text).toMatchFileSnapshot(`golden/${name}.txt`);
  });

  it("is the same file each time", () => {
    expect(Buffer.from(fileOf(name)).equals(fileOf(name))).toBe(true);
  });

  it("names the section, the places and whose words stand beside each packet", () => {
    const [section, more] = readPcapng(fileOf(name));
    expect(more).toBeUndefined();
    expect(section?.comment).toContain("Rebuilt");
    expect(section?.comment).toContain("Redacted");
    expect(section?.packets.filter(({ comment }) => comment === "")).toEqual([]);
  });
});

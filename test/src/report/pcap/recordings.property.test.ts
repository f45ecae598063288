// The capture file of every recording: blocks that fit, packets in the order of their times, sums that are right.

import { expect, it } from "vitest";
import { checksum } from "../../../../probes/packet/checksum.ts";
import { decodeIp } from "../../../../probes/packet/ip.ts";
import { makeReport } from "../../../../src/report/make.ts";
import { captureFile } from "../../../../src/report/pcap/file.ts";
import { packetTools } from "../../../../src/wiring/packets.ts";
import { propertyRuns } from "../../../builders/property-runs.ts";
import { readPcapng } from "../../../builders/read-pcapng.ts";
import { readEvents, readRecordings } from "../../../recordings/files.ts";

const ALL = 1000;
const files = readRecordings().flatMap((recording) => recording.files);
const chosen = files.filter((_, n) => n % (ALL / propertyRuns(ALL)) === 0);

it.each(chosen)("%s becomes a sound file", (file) => {
  const report = makeReport(readEvents(file));
  const { bytes, packets } = captureFile([{ report, capture: null }], packetTools, null);
  const [section] = readPcapng(bytes);
  expect(section?.packets).toHaveLength(packets);
  let before = 0n;
  for (const packet of section?.packets ?? []) {
    expect(packet.atNs >= before).toBe(true);
    before = packet.atNs;
    const decoded = decodeIp(packet.bytes);
    expect(decoded?.totalBytes).toBe(packet.originalBytes);
    if (decoded?.family === 4) expect(checksum(packet.bytes.subarray(0, 20))).toBe(0);
  }
});

// Counters of losses, from the texts of /proc and of nft.

import { describe, expect, it } from "vitest";
import { parsePairs, parseSoftnet, readCounters, rises } from "../../../probes/kernel/counters.ts";
import { parseNft } from "../../../probes/kernel/nft-counters.ts";
import type { System } from "../../../probes/system.ts";

const SNMP = `Ip: Forwarding InDiscards OutNoRoutes
Ip: 1 3 0
Udp: InDatagrams NoPorts RcvbufErrors
Udp: 100 7 2
`;
const NETSTAT = `TcpExt: SyncookiesSent IPReversePathFilter
TcpExt: 0 5
`;

const rule = (handle: number, ...expr: readonly unknown[]) => ({
  rule: { family: "inet", table: "wall", chain: "out", handle, expr },
});
const counted = (packets: number) => ({ counter: { packets, bytes: 60 * packets } });

it("pairs names with values, group by group, and passes over what does not fit", () => {
  expect(parsePairs(SNMP)).toContainEqual(["UdpRcvbufErrors", 2]);
  expect(parsePairs("Ip: InDiscards\nUdp: 3\n")).toEqual([]);
});

it("adds up what each processor's backlog dropped, in hexadecimal", () => {
  expect(parseSoftnet("00a1 0000000a 0\n00b2 00000001 0\n")).toEqual([["SoftnetDropped", 11]]);
  expect(parseSoftnet("")).toEqual([]);
});

describe("nft", () => {
  it("counts rules that drop or reject, and no others", () => {
    const text = JSON.stringify({
      nftables: [
        { metainfo: { version: "1.0.6" } },
        rule(4, counted(3), { drop: null }),
        rule(5, counted(9), { accept: null }),
        rule(6, { drop: null }),
        rule(7, counted(2), { reject: { type: "tcp reset" } }),
      ],
    });
    expect(parseNft(text)).toEqual([
      ["nft inet wall out handle 4", 3],
      ["nft inet wall out handle 7", 2],
    ]);
  });

  it.each(["", "{", "[]", '{"nftables":[{"rule":{}}]}'])("gives nothing for %j", (text) => {
    expect(parseNft(text)).toEqual([]);
  });
});

describe("a run", () => {
  const system = (files: Readonly<Record<string, string>>): System => ({
    run: async () => ({ exitCode: 1, stdout: "", stderr: "" }),
    readText: async (path) => {
      const text = files[path];
      if (text === undefined) throw new Error("ENOENT");
      return text;
    },
    readLink: async () => "",
    listDirectory: async () => [],
  });

  it("reports what rose, of losses only", async () => {
    const before = await readCounters(
      system({ "/proc/self/net/snmp": SNMP, "/proc/self/net/netstat": NETSTAT }),
    );
    const after = await readCounters(
      system({
        "/proc/self/net/snmp": SNMP.replace("100 7 2", "180 9 2"),
        "/proc/self/net/netstat": NETSTAT.replace("0 5", "4 8"),
      }),
    );
    expect(rises(before, after)).toEqual([
      { counter: "UdpNoPorts", delta: 2 },
      { counter: "TcpExtIPReversePathFilter", delta: 3 },
    ]);
  });

  it("without readable files has no counters", async () => {
    expect((await readCounters(system({}))).size).toBe(0);
  });
});

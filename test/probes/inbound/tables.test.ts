// The tables that tell who serves a port: sockets of the kernel, and DNAT rules in both notations.

import { expect, it } from "vitest";
import { parseForwards } from "../../../probes/inbound/forwards.ts";
import { parseTcpTable } from "../../../probes/linux/tcp-table.ts";

it("reads listening and half-open sockets of both families, and no others", () => {
  const four = [
    "  sl  local_address rem_address   st tx_queue rx_queue",
    "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000",
    "   1: 1419A8C0:1F90 0101A8C0:C350 03 00000000:00000000",
    "   2: 1419A8C0:1F90 0101A8C0:C351 01 00000000:00000000",
  ].join("\n");
  const six =
    "   0: 00000000000000000000000001000000:0050 00000000000000000000000000000000:0000 0A 0";
  expect(parseTcpTable(four)).toEqual([
    { family: 4, address: "127.0.0.1", port: 8080, state: "listening" },
    { family: 4, address: "192.168.25.20", port: 8080, state: "half-open" },
  ]);
  expect(parseTcpTable(six)).toEqual([{ family: 6, address: "::1", port: 80, state: "listening" }]);
});

it("reads what Docker writes by iptables and what nft lists, of this port alone", () => {
  const saved = [
    "-A DOCKER -d 127.0.0.1/32 ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80",
    "-A DOCKER ! -i docker0 -p tcp -m tcp --dport 80801 -j DNAT --to-destination 172.17.0.3:80",
  ].join("\n");
  expect(parseForwards(saved, 8080)).toEqual([
    { address: "127.0.0.1", toAddress: "172.17.0.2", toPort: 80 },
  ]);
  expect(parseForwards("tcp dport 8080 dnat ip to 172.17.0.2:80", 8080)).toEqual([
    { address: null, toAddress: "172.17.0.2", toPort: 80 },
  ]);
  expect(parseForwards("tcp dport 8080 dnat to $(id)", 8080)).toEqual([]);
});

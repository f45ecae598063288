// Route tables of Windows with the choice worked out by hand: longest prefix, then route + interface metric.

export interface RouteCase {
  readonly name: string;
  readonly routes: readonly string[];
  readonly interfaces: readonly string[];
  readonly target: string;
  readonly expected: string;
}

/**
 * One case a line: name | routes | interfaces | target | expected.
 * A route is "ifIndex prefix nextHop routeMetric interfaceMetric", an interface "ifIndex family metric state", "-" a
 * blank column, and a last word a row of the persistent store. Expected is "ifIndex nextHop metric", with "=" and other
 * indexes behind it when those are exactly as good, or why nothing is known.
 */
const TABLE = `
# The default route and what is more specific
the default route alone | 9 0.0.0.0/0 192.0.2.1 0 25 | | 203.0.113.7 | 9 192.0.2.1 25
the own network before the default route | 9 0.0.0.0/0 192.0.2.1 0 25 ; 9 192.0.2.0/24 0.0.0.0 256 25 | | 192.0.2.9 | 9 on-link 281
a worse metric does not matter to a longer prefix | 9 0.0.0.0/0 192.0.2.1 0 25 ; 62 203.0.113.0/24 0.0.0.0 9000 9000 | | 203.0.113.7 | 62 on-link 18000
the longest of three | 9 0.0.0.0/0 192.0.2.1 0 25 ; 7 203.0.0.0/8 192.0.2.2 0 1 ; 8 203.0.113.0/24 192.0.2.3 0 9000 | | 203.0.113.7 | 8 192.0.2.3 9000
a host route before everything | 9 0.0.0.0/0 192.0.2.1 0 25 ; 62 0.0.0.0/1 0.0.0.0 0 5 ; 62 128.0.0.0/1 0.0.0.0 0 5 ; 9 203.0.113.5/32 192.0.2.1 0 25 | | 203.0.113.5 | 9 192.0.2.1 25
a neighbour of that host takes the other route | 9 0.0.0.0/0 192.0.2.1 0 25 ; 62 0.0.0.0/1 0.0.0.0 0 5 ; 62 128.0.0.0/1 0.0.0.0 0 5 ; 9 203.0.113.5/32 192.0.2.1 0 25 | | 203.0.113.4 | 62 on-link 5
the order of the rows does not matter | 9 0.0.0.0/0 192.0.2.1 0 25 ; 62 128.0.0.0/1 0.0.0.0 0 5 ; 62 0.0.0.0/1 0.0.0.0 0 5 ; 9 203.0.113.5/32 192.0.2.1 0 25 | | 203.0.113.5 | 9 192.0.2.1 25
the last address of a prefix is inside it | 9 0.0.0.0/0 192.0.2.1 0 25 ; 62 203.0.113.0/25 0.0.0.0 0 1 | | 203.0.113.127 | 62 on-link 1
the next address is outside | 9 0.0.0.0/0 192.0.2.1 0 25 ; 62 203.0.113.0/25 0.0.0.0 0 1 | | 203.0.113.128 | 9 192.0.2.1 25
host bits in a destination are cleared | 9 0.0.0.0/0 192.0.2.1 0 25 ; 62 203.0.113.77/24 0.0.0.0 0 1 | | 203.0.113.7 | 62 on-link 1
no default route: no route | 9 192.0.2.0/24 0.0.0.0 256 25 | | 203.0.113.7 | no-route
an empty table: no route | |  | 203.0.113.7 | no-route

# Equal prefixes: the sum of both metrics
the lower interface metric | 9 0.0.0.0/0 192.0.2.1 0 25 ; 62 0.0.0.0/0 0.0.0.0 0 5 | | 203.0.113.7 | 62 on-link 5
the lower route metric | 9 0.0.0.0/0 192.0.2.1 10 25 ; 7 0.0.0.0/0 192.0.2.2 1 25 | | 203.0.113.7 | 7 192.0.2.2 26
the sum, not the route metric | 9 0.0.0.0/0 192.0.2.1 0 50 ; 7 0.0.0.0/0 192.0.2.2 30 10 | | 203.0.113.7 | 7 192.0.2.2 40
the sum, not the interface metric | 9 0.0.0.0/0 192.0.2.1 100 1 ; 7 0.0.0.0/0 192.0.2.2 0 100 | | 203.0.113.7 | 7 192.0.2.2 100
a client that raises the others' metrics | 9 0.0.0.0/0 192.0.2.1 0 4250 ; 62 0.0.0.0/0 0.0.0.0 0 25 | | 203.0.113.7 | 62 on-link 25
cable before radio by automatic metrics | 9 0.0.0.0/0 192.0.2.1 0 25 ; 10 0.0.0.0/0 192.0.2.1 0 50 | | 203.0.113.7 | 9 192.0.2.1 25
the same route twice counts once, with its lower metric | 9 0.0.0.0/0 192.0.2.1 50 25 ; 9 0.0.0.0/0 192.0.2.1 0 25 | | 203.0.113.7 | 9 192.0.2.1 25
equal sums are as good as each other | 9 0.0.0.0/0 192.0.2.1 0 25 ; 7 0.0.0.0/0 192.0.2.2 5 20 | | 203.0.113.7 | 9 192.0.2.1 25 = 7
equal sums of three | 9 0.0.0.0/0 192.0.2.1 0 25 ; 7 0.0.0.0/0 192.0.2.2 5 20 ; 8 0.0.0.0/0 192.0.2.3 25 0 | | 203.0.113.7 | 9 192.0.2.1 25 = 7 8
two gateways of one interface are as good as each other | 9 0.0.0.0/0 192.0.2.1 0 25 ; 9 0.0.0.0/0 192.0.2.2 0 25 | | 203.0.113.7 | 9 192.0.2.1 25 = 9
a worse third is no part of the tie | 9 0.0.0.0/0 192.0.2.1 0 25 ; 7 0.0.0.0/0 192.0.2.2 5 20 ; 8 0.0.0.0/0 192.0.2.3 1 25 | | 203.0.113.7 | 9 192.0.2.1 25 = 7

# A default route in halves
the lower half beats any default route | 9 0.0.0.0/0 192.0.2.1 0 0 ; 62 0.0.0.0/1 0.0.0.0 0 5 ; 62 128.0.0.0/1 0.0.0.0 0 5 | | 1.1.1.1 | 62 on-link 5
the upper half too | 9 0.0.0.0/0 192.0.2.1 0 0 ; 62 0.0.0.0/1 0.0.0.0 0 5 ; 62 128.0.0.0/1 0.0.0.0 0 5 | | 203.0.113.7 | 62 on-link 5
half a tunnel carries half the world | 9 0.0.0.0/0 192.0.2.1 0 25 ; 62 0.0.0.0/1 0.0.0.0 0 5 | | 203.0.113.7 | 9 192.0.2.1 25
quarters beat halves | 9 0.0.0.0/0 192.0.2.1 0 25 ; 62 0.0.0.0/1 0.0.0.0 0 5 ; 62 128.0.0.0/1 0.0.0.0 0 5 ; 63 192.0.0.0/2 0.0.0.0 0 99 | | 203.0.113.7 | 63 on-link 99
the own network is outside the halves | 9 0.0.0.0/0 192.0.2.1 0 25 ; 9 192.0.2.0/24 0.0.0.0 256 25 ; 62 0.0.0.0/1 0.0.0.0 0 5 ; 62 128.0.0.0/1 0.0.0.0 0 5 | | 192.0.2.77 | 9 on-link 281

# WSL's subnet
the guest is behind the switch | 9 0.0.0.0/0 192.0.2.1 0 25 ; 31 198.51.100.0/24 0.0.0.0 256 5000 ; 31 198.51.100.1/32 0.0.0.0 256 5000 | | 198.51.100.20 | 31 on-link 5256
a VPN takes the subnet with a lower metric | 9 0.0.0.0/0 192.0.2.1 0 25 ; 31 198.51.100.0/24 0.0.0.0 256 5000 ; 4 198.51.100.0/24 203.0.113.129 1 1 | | 198.51.100.20 | 4 203.0.113.129 2
the VPN's interface metric is raised: the switch has it back | 9 0.0.0.0/0 192.0.2.1 0 25 ; 31 198.51.100.0/24 0.0.0.0 256 5000 ; 4 198.51.100.0/24 203.0.113.129 1 6000 | | 198.51.100.20 | 31 on-link 5256
raised just enough for a tie | 9 0.0.0.0/0 192.0.2.1 0 25 ; 31 198.51.100.0/24 0.0.0.0 256 5000 ; 4 198.51.100.0/24 203.0.113.129 1 5255 | | 198.51.100.20 | 31 on-link 5256 = 4
a longer prefix inside the subnet | 9 0.0.0.0/0 192.0.2.1 0 25 ; 31 198.51.100.0/24 0.0.0.0 256 5000 ; 4 198.51.100.16/29 203.0.113.129 0 1 | | 198.51.100.20 | 4 203.0.113.129 1
an address beside that longer prefix | 9 0.0.0.0/0 192.0.2.1 0 25 ; 31 198.51.100.0/24 0.0.0.0 256 5000 ; 4 198.51.100.16/29 203.0.113.129 0 1 | | 198.51.100.24 | 31 on-link 5256
a longer prefix cannot be beaten by metrics | 9 0.0.0.0/0 192.0.2.1 0 25 ; 31 198.51.100.0/24 0.0.0.0 0 1 ; 4 198.51.100.16/29 203.0.113.129 9000 9000 | | 198.51.100.20 | 4 203.0.113.129 18000
a whole private block in the tunnel leaves the subnet alone | 9 0.0.0.0/0 192.0.2.1 0 25 ; 31 198.51.100.0/24 0.0.0.0 256 5000 ; 4 198.51.0.0/16 203.0.113.129 0 1 | | 198.51.100.20 | 31 on-link 5256
the switch's own address | 9 0.0.0.0/0 192.0.2.1 0 25 ; 31 198.51.100.0/24 0.0.0.0 256 5000 ; 31 198.51.100.1/32 0.0.0.0 256 5000 ; 4 198.51.100.0/24 203.0.113.129 1 1 | | 198.51.100.1 | 31 on-link 5256

# Interfaces that are not connected, and blank columns
a disconnected VPN's route is out | 9 0.0.0.0/0 192.0.2.1 0 25 ; 62 0.0.0.0/0 0.0.0.0 0 5 | 9 4 25 1 ; 62 4 5 0 | 203.0.113.7 | 9 192.0.2.1 25
a disconnected longer prefix is out | 9 0.0.0.0/0 192.0.2.1 0 25 ; 62 203.0.113.0/24 0.0.0.0 0 5 | 9 4 25 1 ; 62 4 5 0 | 203.0.113.7 | 9 192.0.2.1 25
nothing is left when the only one is disconnected | 9 0.0.0.0/0 192.0.2.1 0 25 | 9 4 25 0 ; 31 4 5000 1 | 203.0.113.7 | no-route
a blank state keeps its route | 9 0.0.0.0/0 192.0.2.1 0 25 ; 62 0.0.0.0/0 0.0.0.0 0 5 | 9 4 25 1 ; 62 4 5 - | 203.0.113.7 | 62 on-link 5
a persistent row beside the active one changes nothing | 9 0.0.0.0/0 192.0.2.1 0 25 ; 62 0.0.0.0/0 0.0.0.0 0 - | 62 4 - - persistent ; 62 4 1 1 ; 9 4 25 1 | 203.0.113.7 | 62 on-link 1
a blank interface metric is read from the interface | 9 0.0.0.0/0 192.0.2.1 0 - ; 62 0.0.0.0/0 0.0.0.0 1 - | 9 4 25 1 ; 31 4 5000 1 ; 62 4 5 1 | 203.0.113.7 | 62 on-link 6
its family's row is the one that counts | 9 0.0.0.0/0 192.0.2.1 0 - ; 62 0.0.0.0/0 0.0.0.0 0 - | 9 4 25 1 ; 62 6 1 1 ; 62 4 6000 1 | 203.0.113.7 | 9 192.0.2.1 25
blank metrics everywhere, two interfaces: nothing decides | 9 0.0.0.0/0 192.0.2.1 - - ; 62 0.0.0.0/0 0.0.0.0 - - | | 203.0.113.7 | ambiguous
one blank metric among two is enough for that | 9 0.0.0.0/0 192.0.2.1 0 25 ; 62 0.0.0.0/0 0.0.0.0 - 5 | | 203.0.113.7 | ambiguous
a blank metric does not matter to a longer prefix | 9 0.0.0.0/0 192.0.2.1 0 25 ; 62 203.0.113.0/24 0.0.0.0 - - | | 203.0.113.7 | 62 on-link ?
a row that waits for the next start is out | 9 0.0.0.0/0 192.0.2.1 0 25 ; 62 203.0.113.0/24 0.0.0.0 0 1 persistent | | 203.0.113.7 | 9 192.0.2.1 25
an interface that no list has any more | 9 0.0.0.0/0 192.0.2.1 0 25 ; 77 203.0.113.0/24 0.0.0.0 0 1 | 9 4 25 1 ; 31 4 5000 1 ; 62 4 5 1 | 203.0.113.7 | 9 192.0.2.1 25

# IPv6 has a table of its own
an IPv6 default route | 9 0.0.0.0/0 192.0.2.1 0 25 ; 9 ::/0 fe80::1 256 25 | | 2001:db8:1::7 | 9 fe80::1 281
IPv4 routes do not count | 9 0.0.0.0/0 192.0.2.1 0 25 ; 62 0.0.0.0/1 0.0.0.0 0 5 ; 62 128.0.0.0/1 0.0.0.0 0 5 | | 2001:db8:1::7 | no-route
global unicast in one prefix beats it | 9 ::/0 fe80::1 256 25 ; 62 2000::/3 :: 0 9000 | | 2001:db8:1::7 | 62 on-link 9000
IPv6 in halves | 9 ::/0 fe80::1 256 25 ; 62 ::/1 :: 0 5 ; 62 8000::/1 :: 0 5 | | 2001:db8:1::7 | 62 on-link 5
the longest of IPv6 | 9 ::/0 fe80::1 256 25 ; 7 2001:db8::/32 fe80::2 0 1 ; 8 2001:db8:1::/48 :: 9 900 | | 2001:db8:1::7 | 8 on-link 909
equal IPv6 prefixes by their sums | 9 ::/0 fe80::1 256 25 ; 7 ::/0 fe80::2 16 50 | | 2001:db8:1::7 | 7 fe80::2 66
IPv6 disconnected on an interface whose IPv4 is up | 9 ::/0 fe80::1 256 25 ; 7 ::/0 fe80::2 16 50 | 7 6 50 0 ; 7 4 50 1 ; 9 6 25 1 | 2001:db8:1::7 | 9 fe80::1 281
an IPv4-mapped address is IPv4 | 9 0.0.0.0/0 192.0.2.1 0 25 ; 9 ::/0 fe80::1 256 25 | | ::ffff:203.0.113.7 | 9 192.0.2.1 25
`;

export const ROUTE_CASES: readonly RouteCase[] = TABLE.split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"))
  .map((line) => {
    const [name = "", routes = "", interfaces = "", target = "", expected = ""] = line
      .split("|")
      .map((column) => column.trim());
    return { name, routes: rowsOf(routes), interfaces: rowsOf(interfaces), target, expected };
  });

function rowsOf(column: string): readonly string[] {
  return column.split(";").flatMap((row) => (row.trim() === "" ? [] : [row.trim()]));
}

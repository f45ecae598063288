// Recordings of mirrored mode's ports: no namespace keeps a port for Windows.

import { fault, HEALTHY, noted } from "../../../probes/lab/src/scenarios/building-blocks.ts";
import type { EventBody } from "../../../src/schema/event.ts";
import {
  BEHIND_NAT,
  hostSnapshot,
  interfaces,
  OPTIONS,
  routes,
  runEnded,
  runStarted,
  vantage,
} from "../../builders/events.ts";
import {
  adapter,
  address,
  hostWith,
  ipInterface,
  plainHostWith,
  VPN,
} from "../../src/host/example.ts";
import type { ReplayedScenario } from "../row.ts";

const PORT = 8080;

const MIRRORED_SETTINGS =
  "[wsl2]\nnetworkingMode=mirrored\n[experimental]\nignoredPorts=3000,8080\n";

function fromWindows(address: string, outcome: "connected" | "refused"): EventBody {
  return {
    kind: "host-probe",
    purpose: "service",
    sentAtMs: 40,
    tookMs: 3,
    try: { ask: "connect", address, port: PORT, outcome, detail: null },
  };
}

/** @param service what differs from a port that the program of the distro listens on */
function run(
  service: Partial<Extract<EventBody, { kind: "inbound-service" }>>,
  wslconfig: string,
  rows: readonly object[],
): readonly EventBody[] {
  return [
    {
      ...runStarted({ input: String(PORT), host: "localhost", port: PORT, scheme: "tcp" }),
      options: { ...OPTIONS, hostSnapshot: "file" },
      command: "inbound",
    },
    interfaces(BEHIND_NAT),
    routes(BEHIND_NAT),
    { ...vantage("wsl2"), networkingMode: "mirrored" },
    hostSnapshot(hostWith({ wslconfig, "Get-NetTCPConnection": rows })),
    {
      kind: "inbound-service",
      port: PORT,
      listeners: [{ family: 4, address: "0.0.0.0" }],
      otherPorts: [],
      own: false,
      ownError: null,
      forwards: [],
      ...service,
    },
    {
      kind: "inbound-attempt",
      address: "127.0.0.1",
      outcome: service.ownError ? "refused" : "connected",
      error: null,
      tookMs: 1,
    },
    fromWindows("127.0.0.1", "refused"),
    fromWindows("::1", "refused"),
    runEnded(),
  ];
}

const ON_TAILSCALE = "100.100.3.4";

/** The service is open, and Windows reaches it by the address of Tailscale's adapter too. */
function byTailscale(mtu: number): readonly EventBody[] {
  const own = interfaces(BEHIND_NAT);
  const copy = {
    ...{ name: "eth2", index: 5, mtu, up: true, loopback: false, mac: "00:53:00:00:00:05" },
    addresses: [{ address: ON_TAILSCALE, prefixLength: 32, family: 4 as const }],
  };
  const host = plainHostWith({
    "Get-NetAdapter": [adapter("Tailscale", VPN, { InterfaceType: 53, MtuSize: mtu })],
    "Get-NetIPInterface": [ipInterface("Tailscale", VPN, { NlMtu: mtu })],
    "Get-NetIPAddress": [address(VPN, ON_TAILSCALE, 32)],
  });
  return run({}, PLAIN_SETTINGS, []).map((event): EventBody => {
    if (event.kind === "interfaces") return { ...own, interfaces: [...own.interfaces, copy] };
    if (event.kind === "host-snapshot") return hostSnapshot(host);
    if (event.kind !== "host-probe" || event.try.ask !== "connect") return event;
    const isLast = event.try.address === "::1";
    return {
      ...event,
      try: {
        ...event.try,
        address: isLast ? ON_TAILSCALE : event.try.address,
        outcome: "connected",
      },
    };
  });
}

const PLAIN_SETTINGS = "[wsl2]\nnetworkingMode=mirrored\n";

export const INBOUND_RECORDINGS: readonly ReplayedScenario[] = [
  {
    name: "mirrored-port-ignored",
    title: "Mirrored mode: ignoredPorts names the port of the service",
    events: () => run({}, MIRRORED_SETTINGS, []),
    negativeFor: ["localhost-forwarding-broken", "guest-bound-to-loopback"],
    expected: fault("mirrored-port-conflict", "windows-stack", "inbound"),
  },
  {
    name: "mirrored-port-taken",
    title: "Mirrored mode: a program of Windows has the port, so that nobody in the distro can",
    events: () =>
      run({ listeners: [], ownError: "EADDRINUSE" }, "[wsl2]\nnetworkingMode=mirrored\n", [
        { LocalAddress: "0.0.0.0", LocalPort: PORT },
      ]),
    negativeFor: ["port-refused", "excluded-port-range"],
    expected: fault("mirrored-port-conflict", "windows-stack", "inbound"),
  },
  {
    name: "mirrored-small-mtu-address",
    title: "Mirrored mode: Windows reaches the service by the address of an adapter of 1280 bytes",
    events: () => byTailscale(1280),
    negativeFor: ["mirrored-port-conflict", "localhost-forwarding-broken"],
    expected: noted("mirrored-low-mtu-loopback"),
  },
  {
    name: "mirrored-ordinary-mtu-address",
    title: "Mirrored mode: the same by an adapter of 1500 bytes",
    events: () => byTailscale(1500),
    negativeFor: ["mirrored-low-mtu-loopback"],
    expected: HEALTHY,
  },
];

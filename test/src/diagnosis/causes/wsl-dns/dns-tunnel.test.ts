// WSL's DNS tunnel: not in force, too strict, in conflict with a VPN, slow for local names; and half a look-up.

import { describe, expect, test } from "vitest";
import { diagnosisOf as diagnose } from "../../../../../src/report/diagnosis.ts";
import type { EventBody } from "../../../../../src/schema/event.ts";
import type { DnsOutcome } from "../../../../../src/schema/events/dns-replies.ts";
import { causes, diagnosed, NOTHING_TRACED } from "../../../../builders/diagnosed.ts";
import { conf, dnsCheck, PROXY, says, TUNNEL } from "../../../../builders/dns.ts";
import {
  answer,
  dnsReply,
  NAME,
  NO_DNS_REPLY,
  pathOf,
  RESOLVER,
  rcode,
  runStarted,
  TARGET,
  targetAddresses,
} from "../../../../builders/events.ts";
import { plainHost } from "../../../../builders/host.ts";
import { run } from "../../../../builders/runs.ts";
import { NO_REPLY, unconnected } from "../../../../builders/tcp.ts";
import { hostWith, type Rows } from "../../../host/example.ts";

const tunnelConf = conf([TUNNEL], { variant: "dns-tunnel" });

describe("dns-tunneling-off-or-unsupported", () => {
  const wslconfig = (text: string, more: Rows = {}) => hostWith({ wslconfig: text, ...more });
  const works = (server: string) => [
    ...says(server, answer(TARGET)),
    targetAddresses(TARGET, "resolv.conf", server),
  ];
  const on = "[wsl2]\ndnsTunneling=true\n";

  test("is a note that names the reason", () => {
    const host = wslconfig(on, { wsl: { windows: "10.0.19045.3" } });
    const { verdict, findings } = diagnosed({ host, names: [conf([PROXY]), ...works(PROXY)] });
    expect([verdict, findings.map(({ cause }) => cause)]).toEqual([
      "healthy",
      ["dns-tunneling-off-or-unsupported"],
    ]);
    expect(findings[0]?.summary).toContain("Windows build 19045 is older than 22621");
  });

  test.each([
    { what: "the tunnel is there", host: wslconfig(on), names: [tunnelConf, ...works(TUNNEL)] },
    {
      what: "nobody asked for it",
      host: wslconfig("[wsl2]\n#dnsTunneling=true\n"),
      names: [conf([PROXY]), ...works(PROXY)],
    },
    {
      what: "it is switched off",
      host: wslconfig("[wsl2]\ndnsTunneling=false\n"),
      names: [conf([PROXY]), ...works(PROXY)],
    },
    {
      what: "the file was not collected",
      host: plainHost,
      names: [conf([PROXY]), ...works(PROXY)],
    },
  ])("is not said where $what", ({ host, names }) => {
    expect(causes({ host, names })).toEqual([]);
  });
});

describe("dns-tunneling-strict-edns", () => {
  const sizes = (...outcomes: readonly DnsOutcome[]) =>
    outcomes.map((outcome, n) =>
      dnsCheck(TUNNEL, "size", outcome, { ednsBytes: [512, 1232, 4096][n] ?? 4096 }),
    );
  const SERVFAIL = rcode("SERVFAIL");
  const judged = (checks: readonly EventBody[], file = tunnelConf) => {
    const [server = ""] = file.servers;
    return causes({
      names: [
        file,
        ...says(server, answer(TARGET)),
        ...checks,
        targetAddresses(TARGET, "resolv.conf", server),
      ],
    });
  };

  test.each([
    { outcomes: [SERVFAIL, SERVFAIL, SERVFAIL] },
    { outcomes: [NO_DNS_REPLY, NO_DNS_REPLY, SERVFAIL] },
  ])("is a note in a trace where all of $outcomes.length fail", ({ outcomes }) => {
    expect(judged(sizes(...outcomes))).toEqual(["dns-tunneling-strict-edns note"]);
  });

  test.each([
    { what: "one is answered", checks: sizes(SERVFAIL, answer(TARGET), SERVFAIL) },
    {
      what: "the tunnel says that it knows no EDNS",
      checks: sizes(rcode("FORMERR"), rcode("FORMERR")),
    },
    { what: "nothing was asked with EDNS", checks: [] },
  ])("is not blamed where $what", ({ checks }) => {
    expect(judged(checks)).toEqual([]);
  });

  test("is not said of another server", () => {
    const checks = sizes(SERVFAIL, SERVFAIL).map((check) => ({ ...check, server: RESOLVER }));
    expect(judged(checks, conf([RESOLVER]))).toEqual([]);
  });
});

describe("dns-tunneling-vpn-conflict", () => {
  const FAKE = "198.18.4.7";
  const windows = (address: string, ok: boolean) =>
    hostWith({
      resolve: [{ name: NAME, addresses: [address] }],
      reach: [{ address, port: 443, ok }],
    });
  const judged = (address: string, host: unknown, connects = false) => {
    const names = [
      tunnelConf,
      ...says(TUNNEL, answer(address)),
      targetAddresses(address, "resolv.conf", TUNNEL),
    ];
    const tcp = connects ? undefined : unconnected(NO_REPLY);
    const moved = (tcp ?? []).map((event) =>
      event.kind === "tcp-started" ? { ...event, address } : event,
    );
    return causes({
      host,
      names,
      udp: [],
      lookups: [],
      ...(tcp === undefined ? {} : { tcp: moved }),
    });
  };

  test("is the one fault where Windows connects to the made-up address and the distro does not", () => {
    expect(judged(FAKE, windows(FAKE, true))).toEqual(["dns-tunneling-vpn-conflict fault"]);
  });

  test.each([
    { what: "the address is an ordinary one", address: TARGET, host: windows(TARGET, true) },
    {
      what: "it is Tailscale's, which is real",
      address: "100.100.4.7",
      host: windows("100.100.4.7", true),
    },
    { what: "Windows does not connect either", address: FAKE, host: windows(FAKE, false) },
    { what: "Windows has another address", address: FAKE, host: windows(TARGET, true) },
    { what: "Windows was not asked", address: FAKE, host: plainHost },
  ])("is not blamed where $what", ({ address, host }) => {
    expect(judged(address, host)).not.toContain("dns-tunneling-vpn-conflict fault");
  });
});

describe("dns-tunneling-local-delay", () => {
  const started = runStarted({ input: "nas.local", host: "nas.local" });
  const judged = (
    checks: readonly EventBody[],
    outcome: DnsOutcome = NO_DNS_REPLY,
    file = tunnelConf,
  ) => {
    const [server = ""] = file.servers;
    const names = [file, ...says(server, outcome, { name: "nas.local" }), ...checks];
    const events = run({ names, ...NOTHING_TRACED });
    return diagnose(pathOf(started, ...events.slice(1))).findings.map(({ cause }) => cause);
  };
  const root = (server = TUNNEL, outcome: DnsOutcome = answer()) =>
    dnsCheck(server, "control", outcome, { name: "." });

  test("is the one fault where the tunnel answers another question", () => {
    expect(judged([root()])).toEqual(["dns-tunneling-local-delay"]);
  });

  test.each([
    {
      what: "the tunnel is silent for everything",
      checks: [root(TUNNEL, NO_DNS_REPLY)],
      file: tunnelConf,
    },
    { what: "no other question was asked", checks: [], file: tunnelConf },
    { what: "the server is no tunnel", checks: [root(RESOLVER)], file: conf([RESOLVER]) },
  ])("is not blamed where $what", ({ checks, file }) => {
    expect(judged(checks, NO_DNS_REPLY, file)).toEqual(["dns-server-unreachable"]);
  });

  test("is not blamed where the name is denied at once", () => {
    expect(judged([root()], rcode("NXDOMAIN"))).toEqual(["dns-name-does-not-exist"]);
  });
});

describe("dns-v6-query-delay", () => {
  const judged = (
    silentSent: number,
    again: DnsOutcome | null,
    silent: "A" | "AAAA" = "AAAA",
    together: DnsOutcome | null = null,
  ) => {
    const other = silent === "A" ? "AAAA" : "A";
    const address = other === "A" ? TARGET : "2001:db8:80::80";
    const names = [
      conf([RESOLVER]),
      dnsReply(RESOLVER, answer(address), { type: other }),
      dnsReply(RESOLVER, NO_DNS_REPLY, { type: silent, sent: silentSent }),
      ...(again === null ? [] : [dnsCheck(RESOLVER, "again", again, { type: silent })]),
      ...(together === null ? [] : [dnsCheck(RESOLVER, "together", together, { type: silent })]),
      targetAddresses(),
    ];
    return causes({ names });
  };

  test("is a warning where the second query from one port alone is never answered", () => {
    expect(judged(3, answer(), "AAAA", NO_DNS_REPLY)).toEqual(["dns-v6-query-delay warning"]);
    expect(judged(3, answer(), "AAAA", answer())).toEqual([]);
  });

  test.each(["A", "AAAA"] as const)("is a warning where %s is never answered", (type) => {
    expect(judged(3, NO_DNS_REPLY, type)).toEqual(["dns-v6-query-delay warning"]);
  });

  test("is not blamed for loss: the question was answered later, or hardly repeated", () => {
    expect(judged(3, answer())).toEqual([]);
    expect(judged(1, null)).toEqual([]);
  });

  test("is not blamed where AAAA is answered with nothing", () => {
    expect(causes({})).toEqual([]);
  });
});

// A network of random sizes, silences and TCP settings, and what any right report of it must contain.

import type { Report } from "../../../src/schema/report.ts";
import type { Net } from "./net.ts";
import { createOffice } from "./office.ts";
import { pickerOf } from "./random.ts";

export interface RandomNetwork {
  readonly family: 4 | 6;
  readonly tunnelMtu: number;
  readonly serverMtu: number;
  readonly guestMtu: number;
  readonly farSilent: boolean;
  readonly middleboxSilent: boolean;
  readonly timestamps: boolean;
  readonly sack: boolean;
  /** The snapshot's VPN adapter has the tunnel's MTU, another one, or there is no snapshot. */
  readonly snapshot: "right" | "wrong" | "none";
  /** Of each direction, in percent. */
  readonly lossPercent: 0 | 2 | 25;
}

/** The same network for the same seed. */
export function networkOf(seed: number): RandomNetwork {
  const { between, pick } = pickerOf(seed);
  return {
    family: pick<4 | 6>(4, 6),
    tunnelMtu: between(1281, 1500),
    serverMtu: pick(1500, 1500, between(1281, 1500)),
    guestMtu: pick(1500, 1500, between(1281, 1500)),
    farSilent: pick(true, false),
    middleboxSilent: pick(true, false),
    timestamps: pick(true, false),
    sack: pick(true, true, false),
    snapshot: pick<RandomNetwork["snapshot"]>("right", "wrong", "none"),
    lossPercent: pick<RandomNetwork["lossPercent"]>(0, 0, 0, 2, 25),
  };
}

export async function createRandomNetwork(on: RandomNetwork): Promise<Net> {
  const { tunnelMtu, serverMtu: siteMtu, farSilent, middleboxSilent: boxSilent } = on;
  const net = await createOffice({
    tunnelMtu,
    serverMtu: siteMtu,
    farSilent,
    middleboxSilent: boxSilent,
  });
  try {
    for (const host of ["guest", "site"]) {
      net.set(host, {
        "ipv4/tcp_timestamps": Number(on.timestamps),
        "ipv4/tcp_sack": Number(on.sack),
      });
    }
    await net.build({
      lines: [["guest", `link set eth0 mtu ${on.guestMtu}`]],
      rules: on.lossPercent > 0 ? [["far", lossRules(on.lossPercent)]] : [],
    });
  } catch (error) {
    await net.remove();
    throw error;
  }
  return net;
}

const lossRules = (percent: number) => `table inet lossy {
  chain through {
    type filter hook forward priority 0; policy accept;
    numgen random mod 100 < ${percent} drop
  }
}
`;

/** What a report shows that is not so; empty when all of it holds. */
export function wrongIn(report: Report, on: RandomNetwork): readonly string[] {
  return [...wrongSizes(report, on), ...wrongVerdict(report, on)];
}

/** A size may stay open, and must never be another one. */
function wrongSizes({ pmtu }: Report, on: RandomNetwork): readonly string[] {
  const { tunnelMtu, serverMtu: siteMtu, guestMtu, farSilent } = on;
  const inbound = Math.min(tunnelMtu, siteMtu, guestMtu);
  const outbound = Math.min(tunnelMtu, siteMtu, guestMtu);
  const wrong = (name: string, { atLeast, below }: Report["pmtu"]["inbound"], truth: number) => [
    ...(atLeast !== null && atLeast > truth ? [`${name} at least ${atLeast} of ${truth}`] : []),
    ...(below !== null && below <= truth ? [`${name} below ${below} of ${truth}`] : []),
  ];
  // Without a black hole the far side may have learned a size below what the path carries.
  const silentInbound = farSilent && inbound === tunnelMtu;
  return [
    ...wrong("inbound", pmtu.inbound, silentInbound ? inbound : Math.max(inbound, 1500)),
    ...wrong("outbound", pmtu.outbound, outbound),
  ];
}

function wrongVerdict(report: Report, on: RandomNetwork): readonly string[] {
  const holes = holesOf(on);
  const expected = [
    ...(holes.inbound ? ["pmtu-inbound-blackhole"] : []),
    ...(holes.outbound ? ["pmtu-outbound-blackhole"] : []),
  ];
  const causes = report.findings
    .filter(({ severity }) => severity !== "note")
    .map(({ cause }) => cause.replace(/^vpn-mtu-/, "pmtu-"));
  const none = causes.filter((cause) => !expected.includes(cause) && cause !== "path-loss");
  const owned = report.findings.some(
    ({ cause, confidence }) => cause.startsWith("vpn-mtu-") && confidence > SURE,
  );
  const wrong = [
    ...none.map((cause) => `${cause} is none`),
    ...(owned && on.snapshot !== "right" ? ["a VPN adapter is blamed"] : []),
  ];
  // Loss may leave open what there is; it may never make it look well.
  if (on.lossPercent === HEAVY || (on.lossPercent > 0 && report.verdict !== "healthy"))
    return wrong;
  const missed = expected.filter((cause) => !causes.includes(cause));
  const sized = on.lossPercent === 0 ? wrongWithoutLoss(report, on) : [];
  return [...wrong, ...missed.map((cause) => `${cause} is missed`), ...sized];
}

const HEAVY = 25;
/** Above it a verdict is meant to be acted on. */
const SURE = 0.7;

/** TCP sends what both ends agree on: only then does the tunnel's silence hurt. */
function holesOf({
  tunnelMtu,
  serverMtu: siteMtu,
  guestMtu,
  farSilent,
  middleboxSilent: boxSilent,
}: RandomNetwork) {
  const reportedTooBig = Math.min(siteMtu, guestMtu) > tunnelMtu;
  return { inbound: reportedTooBig && farSilent, outbound: reportedTooBig && boxSilent };
}

function wrongWithoutLoss({ verdict, pmtu }: Report, on: RandomNetwork): readonly string[] {
  const { inbound, outbound } = holesOf(on);
  const right = inbound ? "fault" : outbound ? "degraded" : "healthy";
  return [
    ...(inbound && pmtu.inbound.bytes !== on.tunnelMtu
      ? [`inbound ${pmtu.inbound.bytes} and not ${on.tunnelMtu}`]
      : []),
    ...(verdict === right ? [] : [`verdict ${verdict}`]),
  ];
}

// The connection is accepted and the request acknowledged, and nothing comes back: at no size, for no name.

import { lastInfo, unacknowledged } from "../../../facts/connection/attempt.ts";
import { silenceFacts } from "../../../facts/connection/silence.ts";
import { requestedTarget } from "../../../facts/connection/subject.ts";
import { besideDefault, handshakeEnd } from "../../../facts/connection/tls-answers.ts";
import type { Facts } from "../../../facts/facts.ts";
import { isUserModeNat, vantageFacts } from "../../../facts/vantage.ts";
import type { Path } from "../../../model/path.ts";
import type { SegmentKind } from "../../../schema/verdict.ts";
import { cause } from "../../cause.ts";
import { hopKind } from "../../chain/kinds.ts";
import { commandHost } from "../../command-values.ts";
import { fix } from "../../fixes.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";
import { DEAD_PROXY, OWN_STACK, SIZE_LIMITS, WRONG_ADDRESS } from "../groups.ts";

export const serverSilent = cause({
  id: "server-silent",
  area: "application",
  title: "The server accepts the connection and never answers",
  // The server, or whoever accepts in its place or drops its answers.
  segment: null,
  severity: "fault",
  direction: null,
  dependsOn: [
    "proxy-refuses",
    ...DEAD_PROXY,
    "tls-middlebox-reset",
    "path-loss",
    ...SIZE_LIMITS,
    ...OWN_STACK,
    ...WRONG_ADDRESS,
  ],
  differentialCauses: [
    "tls-middlebox-reset",
    "pmtu-inbound-blackhole",
    "vpn-mtu-inbound-blackhole",
    "path-loss",
  ],
  needs: ["ending"],
  judge: (facts, { ending }) => {
    const { path, inbound } = facts;
    const { attempt } = ending;
    if (ending.kind !== "silent") return rejected(say("answered"), [attempt.id]);
    if (ending.stage === "connect") return notChecked(say("notAccepted"));
    if (ending.cutShort) return notChecked(say("cutShort"));
    if (inbound.interval.passed !== null) {
      return rejected(say("smallerAnswered"), inbound.evidence);
    }
    const info = lastInfo(attempt);
    if (info !== null && unacknowledged(info)) {
      return notChecked(say("unacknowledged"));
    }
    if (!inbound.everySizeHangs) {
      return notChecked(say("sizeUnknown"));
    }
    const others = besideDefault(path, "other-name").filter(
      (other) => handshakeEnd(other) === "silent",
    );
    const who = whoIsSilent(facts);
    return fires({
      confidence: "measured",
      segment: who.segment,
      between: null,
      direction: who.eatenBytes > 0 ? "inbound" : null,
      summary: say("found", {
        who: who.said,
        ttl: who.ttl,
        eatenBytes: who.eatenBytes,
        address: attempt.address,
        port: attempt.port,
        stage: ending.stage,
        names: [
          requestedTarget(path)?.host ?? "",
          ...others.flatMap(({ serverName }) => serverName ?? []),
        ],
      }),
      evidence: [
        ...ending.evidence,
        ...inbound.evidence,
        ...others.map(({ id }) => id),
        ...who.evidence,
      ],
      fixes: who.said === "target" ? [] : fromWindows(path),
    });
  },
});

/** What only looks like the server is told by trying without this distro. */
function fromWindows(path: Path) {
  const { run } = path;
  const kind = vantageFacts(path)?.kind;
  if (run === null || path.proxy !== null || (kind !== "wsl1" && kind !== "wsl2")) return [];
  const { host, port, scheme } = run.target;
  const name = commandHost(host);
  if (name === null || (scheme !== "http" && scheme !== "https")) return [];
  return [
    fix({
      where: "windows",
      title: say("tryInWindows"),
      commands: [`curl.exe -sS -m 10 -o NUL -w "%{http_code}" ${scheme}://${name}:${port}/`],
      persistent: false,
    }),
  ];
}

interface Silent {
  readonly said: "anybody" | "nearer" | "eaten" | "target";
  readonly segment: SegmentKind | null;
  readonly ttl: number;
  readonly eatenBytes: number;
  readonly evidence: readonly string[];
}

/** Who accepts at a router's distance is that; an answer that was sent is lost on its way, and else it is the target. */
function whoIsSilent(facts: Facts): Silent {
  const silence = silenceFacts(facts.path);
  const unknown = { said: "anybody", segment: null, ttl: 0, eatenBytes: 0, evidence: [] } as const;
  // A gateway of that kind accepts whatever it then tries to connect to.
  if (silence === null || isUserModeNat(facts.path)) return unknown;
  const { acceptedAtTtl, atFullDistance, eatenBytes, evidence } = silence;
  const bytes = eatenBytes ?? 0;
  // An end that is nearer may have its answers eaten as well: then nobody is to blame for silence.
  if (bytes > 0) return { ...unknown, said: "eaten", eatenBytes: bytes, evidence };
  if (acceptedAtTtl !== null) {
    // Where nothing answers beyond it, it may be such a gateway, whose far side is silent.
    const { distance, farthest } = facts.reach;
    const isPassed = distance !== null || (farthest?.ttl ?? 0) > acceptedAtTtl;
    const segment = isPassed ? hopKind(facts, acceptedAtTtl) : null;
    return { ...unknown, said: "nearer", segment, ttl: acceptedAtTtl, evidence };
  }
  if (eatenBytes === null || !atFullDistance) return { ...unknown, evidence };
  return { ...unknown, said: "target", segment: "destination", evidence };
}

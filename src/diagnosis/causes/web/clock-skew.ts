// The certificate is rejected for its dates by the distro's clock, and is valid by the clocks of others.

import { readHost } from "../../../host/host.ts";
import { rowsOf } from "../../../host/sources.ts";
import type { Attempt } from "../../../model/connections.ts";
import type { Path } from "../../../model/path.ts";
import type { Certificate } from "../../../schema/events/tcp.ts";
import { cause } from "../../cause.ts";
import type { Grade } from "../../confidence.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

export const clockSkew = cause({
  id: "clock-skew",
  area: "web",
  title: "The distro's clock is wrong, and certificates are rejected for their dates",
  segment: "linux-stack",
  severity: "fault",
  direction: null,
  dependsOn: [],
  differentialCauses: ["tls-inspection-untrusted-ca", "captive-portal"],
  needs: [],
  judge: ({ attempt, path }) => {
    const clocks = attempt === undefined ? [] : [serverClock(path, attempt), hostClock(path)];
    const known = clocks.filter((clock) => clock !== null);
    if (known.length === 0) return notChecked(say("noOtherClock"));
    const evidence = known.map(({ id }) => id);
    const off = known.filter(({ aheadMs }) => Math.abs(aheadMs) > TOLERANCE_MS);
    if (off.length < known.length || off.length === 0) {
      return rejected(say("agrees"), evidence);
    }
    const [first] = off;
    if (
      first === undefined ||
      off.some(({ aheadMs }) => Math.sign(aheadMs) !== Math.sign(first.aheadMs))
    ) {
      return notChecked(say("othersDisagree"));
    }
    return judgeSkew(attempt?.certificate ?? null, off, evidence);
  },
});

/** The certificate's validity by the other clocks, which agree that ours is wrong. */
function judgeSkew(
  certificate: Attempt["certificate"],
  off: readonly OtherClock[],
  evidence: readonly string[],
) {
  const late = certificate?.problem === "expired";
  const dated = late || certificate?.problem === "not-yet-valid";
  const agree = off.length > 1;
  const clocks = off.map(({ of, aheadMs }) => ({ of, aheadMs }));
  if (!dated) {
    const confidence = agree ? "measured" : "candidate";
    return skewed("note", confidence, { clocks, certificate: null }, evidence);
  }
  if (certificate === null || !off.every(({ atMs }) => isValidAt(certificate, atMs))) {
    return rejected(say("invalidAnyway"), evidence);
  } // A server's own clock may be wrong; two that agree hardly are.
  const confidence = agree ? "measured" : "inferred";
  const shown = { subject: certificate.subject, late };
  return skewed("fault", confidence, { clocks, certificate: shown }, [certificate.id, ...evidence]);
}

function skewed(
  severity: "fault" | "note",
  confidence: Grade,
  seen: Skew,
  evidence: readonly string[],
) {
  return fires({
    severity,
    confidence,
    segment: "linux-stack",
    between: null,
    direction: null,
    summary: say("found", seen),
    evidence,
    fixes: [
      {
        where: "linux",
        title: say("setClock"),
        commands: ["sudo hwclock -s"],
        persistent: false,
      },
      {
        where: "linux",
        title: say("keepRight"),
        commands: ["sudo timedatectl set-ntp true"],
        persistent: true,
      },
    ],
  });
}

/** Answers take their time, and so does Windows' PowerShell. */
const TOLERANCE_MS = 120_000;

/** What the sentence has: how far other clocks are off, and a certificate that is valid by them alone. */
type Skew = {
  readonly clocks: readonly { readonly of: "server" | "windows"; readonly aheadMs: number }[];
  readonly certificate: { readonly subject: string; readonly late: boolean } | null;
};

interface OtherClock {
  readonly of: "server" | "windows";
  readonly id: string;
  /** Its time at that moment, and how far it is ahead of the distro's. */
  readonly atMs: number;
  readonly aheadMs: number;
}

/** The run's start by the distro's clock, and the time since, which no clock change moves. */
function ownTime({ run }: Path, sinceStartMs: number): number {
  return Date.parse(run?.startedAt ?? "") + sinceStartMs;
}

function serverClock(path: Path, { answer, atMs }: Attempt): OtherClock | null {
  const theirs = Date.parse(answer?.date ?? "");
  const aheadMs = theirs - ownTime(path, atMs);
  if (answer === null || !Number.isFinite(aheadMs)) return null;
  return { of: "server", id: answer.id, atMs: theirs, aheadMs };
}

/** Only Windows queried in this run: the time in a snapshot file is old. */
function hostClock(path: Path): OtherClock | null {
  const { host } = path;
  if (host?.origin !== "interop" || host.snapshot === null) return null;
  const utc = rowsOf(readHost(host.snapshot).clocks)[0]?.utc ?? null;
  const theirs = Date.parse(utc ?? "");
  const aheadMs = theirs - ownTime(path, 0);
  if (!Number.isFinite(aheadMs)) return null;
  return { of: "windows", id: host.id, atMs: theirs, aheadMs };
}

function isValidAt({ validFrom, validTo }: Certificate, atMs: number): boolean {
  return Date.parse(validFrom) <= atMs && atMs <= Date.parse(validTo);
}

// A captive portal answers for every address and redirects to its own page: the network requires a login first.

import { attemptState } from "../../../facts/connection/attempt.ts";
import { defaultAttempt } from "../../../facts/connection/subject.ts";
import type { Path } from "../../../model/path.ts";
import { cause } from "../../cause.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

export const captivePortal = cause({
  id: "captive-portal",
  area: "web",
  title: "A captive portal answers for every address until the user logs in",
  segment: null,
  severity: "fault",
  direction: null,
  dependsOn: [],
  differentialCauses: [
    "tls-inspection-untrusted-ca",
    "tls-middlebox-reset",
    "dns-answer-forged",
    "port-refused",
    "port-filtered",
  ],
  needs: [{ need: "attempt", reason: "nothingConnected" }],
  judge: ({ path, reach }, { attempt }) => {
    const reported = [
      ...(attempt.answer === null ? [] : [{ ...attempt.answer, what: "target" as const }]),
      ...path.captivePortalChecks,
    ];
    if (reported.length === 0) return notChecked(say("noPlainAnswer"));
    const evidence = reported.map(({ id }) => id);
    if (attempt.certificate?.authorized === true && attemptState(attempt, "http") === "passed") {
      return rejected(say("targetAnswered"), evidence);
    }
    const how = howShown(path, reported, reach.connect !== "passed" && reach.connect !== "none");
    if (how === null) {
      return rejected(say("nowhereSilent"), evidence);
    }
    return fires({
      confidence: how.confidence,
      segment: null,
      between: null,
      direction: null,
      summary: say("found", { shown: how.shown }),
      evidence: [...evidence, ...(path.wildcard === null ? [] : [path.wildcard.id])],
      fixes: [
        {
          where: "windows",
          title: say("logIn"),
          commands: ["Start-Process http://www.msftconnecttest.com/redirect"],
          persistent: false,
        },
      ],
    });
  },
});

interface Page {
  readonly what: "target" | "nowhere";
  readonly status: number | null;
  readonly location: string | null;
}

/** @param shut whether the target's own port takes no connection */
function howShown(path: Path, reported: readonly Page[], shut: boolean) {
  if (reported.some(({ status }) => status === LOGIN_REQUIRED)) return LOGIN_STATUS;
  const of = (what: Page["what"]) => reported.filter((one) => one.what === what);
  const sent = (what: Page["what"]) =>
    of(what).flatMap(({ location }) => elsewhere(path, location));
  const portal = sent("nowhere").find((host) => sent("target").includes(host));
  if (portal !== undefined) return sentOn(portal);
  const isServed = (what: Page["what"]) => of(what).some(({ status }) => isPage(status));
  const foreign = isForeign(path);
  if (isServed("target") && isServed("nowhere")) {
    if (foreign) return PAGE_AND_CERTIFICATE;
    if (shut && ["target", "nowhere"].every((what) => hasPage(of, what))) return SERVED;
  }
  const name = everyNameLeadsHere(path);
  // One that signs for every name, as an inspection does, sends whoever asks for a page to its own.
  const isSent = isUntrusted(path) && sent("target").length > 0;
  return name !== null && isServed("target") && (foreign || shut || isSent) ? byNames(name) : null;
}

function hasPage(of: (what: Page["what"]) => readonly Page[], what: string): boolean {
  return (
    (what === "target" || what === "nowhere") && of(what).some(({ status }) => status === PAGE)
  );
}

function isPage(status: number | null): boolean {
  return status !== null && status >= PAGE && status < CLIENT_ERROR;
}

/** The certificate is for other names than the target's: not one that an inspection made for it. */
function isForeign(path: Path): boolean {
  const host = path.run?.target.host ?? "";
  const names = defaultAttempt(path)?.certificate?.names ?? [];
  return isUntrusted(path) && !names.some((name) => isFor(name, host));
}

/** For another reason than its dates, which a clock explains. */
function isUntrusted(path: Path): boolean {
  const problem = defaultAttempt(path)?.certificate?.problem ?? null;
  return problem !== null && problem !== "expired" && problem !== "not-yet-valid";
}

/** RFC 9525 s.6.3: an asterisk stands for one label. */
function isFor(name: string, host: string): boolean {
  const [first = "", ...rest] = name.toLowerCase().split(".");
  const [label = "", ...domain] = host.toLowerCase().split(".");
  return rest.join(".") === domain.join(".") && (first === "*" || first === label);
}

/** A name that cannot exist has the very address that the target's name has; null where it does not. */
function everyNameLeadsHere({ wildcard, connections }: Path): string | null {
  const address = connections.default.at(-1)?.address;
  if (wildcard === null || address === undefined) return null;
  return wildcard.addresses.includes(address) ? wildcard.name : null;
}

/** RFC 6585 s.6. */
const LOGIN_REQUIRED = 511;
const PAGE = 200;
const CLIENT_ERROR = 400;

const LOGIN_STATUS = {
  confidence: "exact",
  shown: { by: "status", status: LOGIN_REQUIRED },
} as const;
function sentOn(portal: string) {
  return { confidence: "measured", shown: { by: "redirect", portal } } as const;
}

/** Who answers for an address that no host has, and has a certificate of other names, is not the target. */
const PAGE_AND_CERTIFICATE = { confidence: "measured", shown: { by: "certificate" } } as const;
function byNames(name: string) {
  return { confidence: "measured", shown: { by: "names", name } } as const;
}

/** A filter that serves its refusal in plain HTTP and shuts every other port looks the same. */
const SERVED = {
  confidence: "candidate",
  shown: { by: "page" },
} as const;

/** The host that a Location leads to, where that is not the target's own. */
function elsewhere({ run }: Path, location: string | null): readonly string[] {
  if (location === null || !URL.canParse(location)) return [];
  const { hostname } = new URL(location);
  return hostname === "" || hostname === run?.target.host ? [] : [hostname];
}

// A captive portal answers for every address and redirects to its own page: the network requires a login first.

import { attemptState } from "../../../facts/connection/attempt.ts";
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
    const required = reported.find(({ status }) => status === LOGIN_REQUIRED);
    const of = (what: "target" | "nowhere") =>
      reported
        .filter((one) => one.what === what)
        .flatMap(({ location }) => elsewhere(path, location));
    const portal = of("nowhere").find((host) => of("target").includes(host));
    const pages = reported.filter(({ status }) => status === PAGE);
    const shut = reach.connect !== "passed" && reach.connect !== "none";
    const served =
      shut && ["target", "nowhere"].every((of) => pages.some(({ what }) => what === of));
    const how =
      required !== undefined
        ? LOGIN_STATUS
        : portal !== undefined
          ? sentOn(portal)
          : served
            ? SERVED
            : null;
    if (how === null) {
      return rejected(say("nowhereSilent"), evidence);
    }
    return fires({
      confidence: how.confidence,
      segment: null,
      between: null,
      direction: null,
      summary: say("found", { shown: how.shown }),
      evidence,
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

/** RFC 6585 s.6. */
const LOGIN_REQUIRED = 511;
const PAGE = 200;

const LOGIN_STATUS = {
  confidence: "exact",
  shown: { by: "status", status: LOGIN_REQUIRED },
} as const;
function sentOn(portal: string) {
  return { confidence: "measured", shown: { by: "redirect", portal } } as const;
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

// A captive portal answers for every address and redirects to its own page: the network requires a login first.

import { attemptState } from "../../../facts/connection/attempt.ts";
import type { Path } from "../../../model/path.ts";
import { cause } from "../../cause.ts";
import { candidate, exact, measured } from "../../confidence.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";

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
    if (reported.length === 0) return notChecked("no answer in plain HTTP was seen");
    const evidence = reported.map(({ id }) => id);
    if (attempt.certificate?.authorized === true && attemptState(attempt, "http") === "passed") {
      return rejected("the target itself answered, with a certificate that verifies", evidence);
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
      return rejected("an unassigned address is not answered", evidence);
    }
    return fires({
      confidence: how.confidence,
      segment: null,
      between: null,
      direction: null,
      summary: `${how.words}: the network requires a login first`,
      evidence,
      fixes: [
        {
          where: "windows",
          title: "Log in with a browser in Windows",
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
  confidence: exact(0.95),
  words: `the answer is ${LOGIN_REQUIRED}, "Network Authentication Required"`,
};
const sentOn = (portal: string) => ({
  confidence: measured(0.93),
  words: `requests to the target and to an unassigned address are both redirected to ${portal}`,
});
/** A filter that serves its refusal in plain HTTP and shuts every other port looks the same. */
const SERVED = {
  confidence: candidate(0.7),
  words:
    "the port is closed, and port 80 of the target and of an unassigned address both serve a page",
};

/** The host that a Location leads to, where that is not the target's own. */
function elsewhere({ run }: Path, location: string | null): readonly string[] {
  if (location === null || !URL.canParse(location)) return [];
  const { hostname } = new URL(location);
  return hostname === "" || hostname === run?.target.host ? [] : [hostname];
}

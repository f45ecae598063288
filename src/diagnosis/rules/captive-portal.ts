// Somebody answers for every address and sends the user to a page of his own: a network that wants a login first.

import type { Path } from "../../model/path.ts";
import { fires, notChecked, type Rule, rejected } from "../rule.ts";

export const captivePortal: Rule = {
  cause: "captive-portal",
  lookAlikes: ["tls-inspection-untrusted-ca", "tls-middlebox-reset", "dns-answer-forged"],
  judge: ({ attempt, path }) => {
    if (attempt === undefined) return notChecked("nothing was connected to");
    const said = [
      ...(attempt.answer === null ? [] : [{ ...attempt.answer, what: "target" as const }]),
      ...path.portalChecks,
    ];
    if (said.length === 0) return notChecked("no answer in plain HTTP was seen");
    const evidence = said.map(({ id }) => id);
    const required = said.find(({ status }) => status === LOGIN_REQUIRED);
    const of = (what: "target" | "nowhere") =>
      said.filter((one) => one.what === what).flatMap(({ location }) => elsewhere(path, location));
    const portal = of("nowhere").find((host) => of("target").includes(host));
    if (required === undefined && portal === undefined) {
      return rejected("nobody answers for an address that no host has", evidence);
    }
    const how =
      required === undefined
        ? `requests to the target and to an address that no host has are both sent on to ${portal}`
        : `the answer is ${LOGIN_REQUIRED}, "Network Authentication Required"`;
    return fires({
      confidence: required === undefined ? 0.93 : 0.95,
      segment: null,
      between: null,
      direction: null,
      summary: `${how}: the network wants a login first`,
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
};

/** RFC 6585 s.6. */
const LOGIN_REQUIRED = 511;

/** The host that a Location leads to, where that is not the target's own. */
function elsewhere({ run }: Path, location: string | null): readonly string[] {
  if (location === null || !URL.canParse(location)) return [];
  const { hostname } = new URL(location);
  return hostname === "" || hostname === run?.target.host ? [] : [hostname];
}

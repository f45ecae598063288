// What the rules above TCP say: TLS, login pages, clocks, QUIC.

import { SIZE_UNKNOWN } from "./application.ts";
import type { AreaSentences } from "./sentence.ts";

export const WEB_SENTENCES = {
  "tls-middlebox-reset": {
    noHello: "no ClientHello was sent",
    smallerMssAnswered: "the same ClientHello is answered when a smaller MSS is offered",
    finished: "the handshake finished",
    noTls: "the port does not speak TLS",
    alert: "the refusal is a TLS alert",
    sizeUnknown: SIZE_UNKNOWN,
    noOtherName: "no handshake with another server name was attempted",
    otherNameFails: ({ name }) => `a handshake with the name ${name} fails as well`,
    answeredLater: "the same name was answered later",
    severalWays: "the server closes the connection itself, or fails in more than one way",
    found: ({ host, isReset, otherName }) =>
      `the ClientHello for ${host} ${isReset ? "is reset" : "gets no answer at any size"}, twice, while one for ${otherName} to the same address is answered in between: a middlebox reads the name`,
  },
  "tls-large-hello-lost": {
    notSent: "no ClientHello of two segments was sent",
    answered: "a ClientHello of two segments is answered, or one of a single segment fails too",
    sizesUnknown: "whether packets of the size of its segments get out is not known",
    tooLarge: ({ packetBytes, below }) =>
      `its first packet has ${packetBytes} bytes, and none of ${below} or more gets out`,
    found: ({ address, port, count, end, acknowledged }) =>
      `a ClientHello of two small segments, as a post-quantum key share makes it, ${HELLO_ENDS[end]} at ${address} port ${port}, ${count} of ${count} times, while one of a single segment is answered each time in between${formatAcknowledged(acknowledged)}: the server, or a filter in front of it, takes only hellos of one segment. Browsers, Go programs and those on OpenSSL 3.5 send such hellos`,
    smallHello:
      "Have Go programs of this shell send a small ClientHello; others have their own setting",
  },
  "tls-inspection-untrusted-ca": {
    noCertificate: "no certificate was received",
    verifies: "the certificate verifies",
    authorityKnown: ({ problem }) =>
      `its authority is known; the certificate is ${PROBLEMS[problem]}`,
    unproven: ({ issuer, error }) =>
      `the certificate of ${issuer} does not verify (${error}); whether TLS is intercepted on the path or the server uses a private CA does not follow from the chain alone`,
    found: ({ issuer, name }) =>
      `"${issuer}", which the distro does not trust, signed for the target, and at the same address another certificate for ${name}: TLS is intercepted and re-signed on the path`,
  },
  "clock-skew": {
    noOtherClock: "no other clock was seen (HTTP Date, Windows)",
    agrees: "the distro's clock agrees with another",
    othersDisagree: "the other clocks disagree",
    invalidAnyway: "the certificate is not valid by the other clocks either",
    found: ({ clocks, certificate }) => {
      const off = clocks.map(({ of, aheadMs }) => `${CLOCKS[of]} is ${formatSpan(aheadMs)}`);
      const validity =
        certificate === null
          ? ""
          : `: by it the certificate of ${certificate.subject} is valid, and by the distro's it is ${certificate.late ? PROBLEMS.expired : PROBLEMS["not-yet-valid"]}`;
      return `${off.join(" and ")} of the distro's${validity}`;
    },
    setClock: "Set the clock from the host's",
    keepRight: "Keep it right (distros with systemd)",
  },
  "captive-portal": {
    noPlainAnswer: "no answer in plain HTTP was seen",
    targetAnswered: "the target itself answered, with a certificate that verifies",
    nowhereSilent: "an unassigned address is not answered",
    found: ({ shown }) => `${formatPortal(shown)}: the network requires a login first`,
    logIn: "Log in with a browser in Windows",
  },
  "quic-blocked": {
    noAnswer: "no answer over TCP could offer HTTP/3",
    notOffered: "the server's answer offers no HTTP/3, so a missing answer would mean nothing",
    notSent: "no QUIC packet was sent",
    answers: "the server answers in QUIC",
    found: ({ port, sent, error, tcpPort }) =>
      `the server offers HTTP/3 on UDP port ${port}, and ${error === null ? `${sent} QUIC packets to it are unanswered` : `QUIC packets to it are refused (${error})`}, while TCP to port ${tcpPort} passes: programs fall back to TCP`,
  },
} satisfies AreaSentences<"web">;

const PROBLEMS = {
  expired: "expired",
  "not-yet-valid": "not valid yet",
  "wrong-name": "for another name",
} as const;

const HELLO_ENDS = {
  reset: "is reset",
  closed: "is answered by the end of the connection",
  silent: "gets no answer",
  mixed: "is reset or gets no answer",
} as const;

function formatAcknowledged(acknowledged: boolean | null): string {
  if (acknowledged === null) return "";
  return acknowledged ? "; all of it is acknowledged" : "; part of it is not even acknowledged";
}

const CLOCKS = { server: "the server's Date", windows: "Windows' clock" } as const;

const MS_PER_MINUTE = 60_000;
const MINUTES_PER_DAY = 1440;

function formatSpan(aheadMs: number): string {
  const minutes = Math.round(Math.abs(aheadMs) / MS_PER_MINUTE);
  const span =
    minutes < 2 * MINUTES_PER_DAY
      ? `${minutes} minutes`
      : `${Math.round(minutes / MINUTES_PER_DAY)} days`;
  return `${span} ${aheadMs > 0 ? "ahead" : "behind"}`;
}

/** What shows that somebody else answers for every address. */
type Portal =
  | { readonly by: "status"; readonly status: number }
  | { readonly by: "redirect"; readonly portal: string }
  | { readonly by: "certificate" }
  | { readonly by: "names"; readonly name: string }
  | { readonly by: "page" };

function formatPortal(shown: Portal): string {
  switch (shown.by) {
    case "status":
      return `the answer is ${shown.status}, "Network Authentication Required"`;
    case "redirect":
      return `requests to the target and to an unassigned address are both redirected to ${shown.portal}`;
    case "certificate":
      return "port 80 of the target and of an unassigned address is answered with a page, and the target's own port with a certificate for other names";
    case "names":
      return `the name server gives the target's address for ${shown.name} too, a name that cannot exist, and what answers there is not the target`;
    case "page":
      return "the port is closed, and port 80 of the target and of an unassigned address both serve a page";
  }
}

// What the rules about proxies say.

import type { AreaSentences } from "./sentence.ts";

const NO_PROXY = "no proxy of the environment applies";
const NOT_PROBED = "the proxy was not probed";

const UNSET = "Use no proxy in this shell";
const PASSES_PROXY = "the request passes through the proxy";
const FIND_IT = "Find where it is set, and take it out there";

const BEHIND = {
  "not-tls": "what answers behind it does not speak TLS",
  silent: "nothing comes back through it, at any size",
  closed: "the connection ends without an answer",
} as const;

/** @param works null where the request was not sent without the proxy */
function formatDirect(works: boolean | null): string {
  if (works === null) return "";
  return works ? "; without it the same request is answered" : "; without it the request fails too";
}

export const PROXY_SENTENCES = {
  "proxy-localhost-not-mirrored": {
    notOnLoopback: "Windows' proxy is not on its loopback",
    sameAddresses: "the distro shares the host's addresses",
    relationUnknown: "how the distro is connected to the host is not known",
    otherProxy: ({ proxy }) => `the environment names another proxy, ${proxy}`,
    notProbed: NOT_PROBED,
    ownLoopbackAnswers: "something answers on the distro's own loopback",
    found: ({ port, variable }) =>
      `Windows' programs use a proxy on its own loopback, port ${port}, which the distro behind NAT does not reach; ${
        variable === null
          ? "its environment names none"
          : `${variable} sends programs to that port of the distro's own loopback, where nothing answers`
      }`,
    mirror: "Mirror Windows' network, loopback included (Windows 11 22H2 or later)",
    listenOnSwitch: "Or have the proxy listen on WSL's switch too, and name the host in this shell",
    unset: UNSET,
    findIt: FIND_IT,
  },
  "autoproxy-stale": {
    noProxy: NO_PROXY,
    notProbed: NOT_PROBED,
    answers: "the proxy answers",
    notWsl2: "only WSL2 copies Windows' proxy",
    switchedOff: ".wslconfig has autoProxy=false",
    oldSnapshot: ({ age }) => `the snapshot is ${age} older than this run, and proxies come and go`,
    script: "Windows' proxy is chosen by a script, which was not run",
    sameProxy: "Windows uses the same proxy",
    found: ({ variable, proxy, reported, now }) =>
      `${variable} names ${proxy}, which does not answer (${reported}), and Windows now uses ${now ?? "no proxy"}: WSL copies the setting only when a program starts`,
    restart: "Restart the distro, which reads Windows' setting again",
    copyNone: "Or have WSL copy no proxy",
  },
  "proxy-required-but-unset": {
    proxyNamed: "the environment names a proxy",
    directWorks: "the direct connection works",
    noWindowsProxy: "Windows uses no proxy for this target",
    script: "a script chooses Windows' proxy, and was not run",
    notProbed: "Windows' proxy was not probed from here",
    failsToo: "through Windows' proxy the request fails as well",
    found: ({ address, port, proxy }) =>
      `connecting to ${address} port ${port} fails, and the same request through Windows' proxy ${proxy} is answered from the distro; no variable configures its programs to use it`,
    useHere: "Use the proxy in this shell",
    useAlways: "Use it at every login",
  },
  "proxy-set-but-dead": {
    noProxy: NO_PROXY,
    notProbed: ({ proxy }) => `the proxy ${proxy} was not probed`,
    works: PASSES_PROXY,
    answers: ({ reported }) => `the proxy answers: ${reported}`,
    found: ({ variable, proxy, reported, direct }) =>
      `${variable} sends programs to ${proxy}, which does not answer (${reported})${formatDirect(direct)}`,
    unusable: ({ variable, reported }) =>
      `${variable} names no proxy that a program could take (${reported}): curl fails with it before it sends anything, while the direct way is not taken`,
    unset: UNSET,
    findIt: FIND_IT,
  },
  "proxy-refuses": {
    noProxy: NO_PROXY,
    notFollowed: "the default attempt does not go through the proxy",
    notProbed: NOT_PROBED,
    works: PASSES_PROXY,
    dead: ({ reported }) => `the proxy does not answer (${reported})`,
    smallerPass: "the same request passes through the proxy when a smaller MSS is offered",
    refused: ({ variable, proxy, target, reported, direct }) =>
      `${variable} sends programs to ${proxy}, which does not connect them to ${target}: ${reported}${formatDirect(direct)}`,
    nothingBehind: ({ variable, proxy, target, how, direct }) =>
      `${variable} sends programs to ${proxy}, which takes the request for ${target}, and ${BEHIND[how]}${formatDirect(direct)}`,
    unset: UNSET,
    findIt: FIND_IT,
  },
} satisfies AreaSentences<"proxy">;

// What the rules about names say, in Chinese.

import type { SomeSentences } from "../sentence.ts";
import { factIn } from "./facts.ts";

export const CHINESE_NAMES = {
  "nrpt-only-vpn-dns": {
    addressGiven: "给出的是地址，没有查询名字",
    noResolverQueried: "没有查询任何域名服务器",
    ownResolves: ({ server }) => `发行版自己配置的 ${server ?? "解析器"} 能解析这个名字`,
    forged: "查询发往发行版的服务器，而应答的是另一个系统",
    noNrpt: ({ reason }) => `看不到 NRPT：${reason ?? "没有主机快照"}`,
    noRule: ({ name }) => `没有带服务器的 NRPT 规则覆盖 ${name}`,
    nobodyAnswers: ({ servers }) =>
      `从这里查询 NRPT 里的服务器也解析不了这个名字：${servers.map(({ server, reported }) => `${server} ${factIn(reported ?? "was not queried")}`).join("；")}`,
    found: ({ servers, name, namespace, file, configured }) => {
      const inFile = file ?? "resolv.conf";
      const others =
        configured.length === 0
          ? `${inFile} 里没有写服务器`
          : `${inFile} 里写的是：${formatReports(configured)}`;
      return `${servers.join("、")} 能解析 ${name}，但只写在 Windows 的 NRPT 里（规则 "${namespace}"），发行版不读 NRPT；${others}`;
    },
  },
  "dns-server-unreachable": {
    allAnswer: "resolv.conf 里的服务器都有应答",
    afterOne: "没有应答的服务器排在有应答的后面",
  },
  "dns-server-refuses": {
    noneRefuses: "resolv.conf 里没有服务器拒绝查询",
    afterOne: "拒绝查询的服务器排在有应答的后面",
    found: ({ servers, next }) =>
      `${formatReports(servers)}${next === null ? "" : `；程序会立即改用 ${next}`}`,
  },
  "dns-name-does-not-exist": {
    noneAnswered: "没有服务器应答",
    resolves: "这个名字能解析",
    forged: "这个否定应答不是服务器自己发的",
    found: ({ server, reported, name, exists }) =>
      `查询 ${name}，${server} ${factIn(reported)}${exists ? "；而 Windows 的服务器有这个名字：发行版查询的服务器没有它" : ""}`,
  },
  "dns-tcp-blocked": {
    noneFailed: "没有应答需要走 TCP 而失败",
    found: ({ servers, other }) =>
      `${formatReports(servers)}${other === null ? "" : `；${other} 有应答`}`,
  },
  "dns-answer-forged": {
    noneAnswered: "resolv.conf 里没有服务器应答",
    agree: "没有查询得到两次应答，UDP 与 TCP 的应答也不矛盾",
  },
  "dns-suffix-missing": {
    notShort: ({ name }) => `${name} 不是短主机名`,
    notDenied: "没有服务器应答说这个名字不存在",
  },
  "dns-v6-query-delay": { bothAnswered: "一次解析的两个查询都有应答" },
  "dns-server-fails": { noneFails: "resolv.conf 里没有服务器处理失败" },
} satisfies SomeSentences<"names">;

function formatReports(
  servers: readonly { readonly server: string; readonly reported: string }[],
): string {
  return servers.map(({ server, reported }) => `${server} ${factIn(reported)}`).join("；");
}

export const CHINESE_RESOLVER_FILE = {
  "resolvconf-missing-or-dangling": {
    namesServers: ({ file, servers }) => `${file} 里写了 ${servers.join("、")}`,
    noneNeeded: "不需要域名服务器",
  },
  "hosts-file-override": { notInFile: "/etc/hosts 里没有这个名字" },
} satisfies SomeSentences<"resolver-file">;

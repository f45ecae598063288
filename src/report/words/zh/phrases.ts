// What a trace says, in Chinese.

import { duration } from "../../duration.ts";
import type { Came, TracePhrases, Whom, WindowsView } from "../../trace/phrases.ts";
import { factIn } from "./facts.ts";
import { CHINESE_GROUPS } from "./groups.ts";
import { CHINESE_TEXTS } from "./texts.ts";

export const CHINESE_PHRASES: TracePhrases = {
  ...CHINESE_GROUPS,
  semicolon: "；",
  machine: { tried: "读取了本机的网卡", proves: "本机有一块能用且有地址的网卡" },
  interfaceUp: ({ device, address, mtu }) => `${device} 已启用，地址 ${address}，MTU ${mtu}`,
  proxyTried: ({ variable }) => `读取了代理设置（${variable}）`,
  proxyNamed: ({ proxy }) => `程序走代理 ${proxy}`,
  proxyProves: "报文发往代理，而不是目标：以下各步说的都是代理",

  resolveTried: ({ name, servers }) =>
    servers.length === 0
      ? `查找能解析 ${name} 的域名服务器`
      : `向 ${servers.join("、")} 查询 ${name} 的地址`,
  resolved: ({ server, addresses, ms }) =>
    `${server} 应答 ${addresses.join("、")}${ms === null ? "" : `，用时 ${duration(ms)}`}`,
  serverSaid: ({ server, status }) => `${server} ${factIn(status)}`,
  noServer: "没有可以查询的域名服务器",
  resolveProves: {
    ok: "程序能得到这个名字的地址",
    failed: "名字解析失败：程序得不到地址，到这一步就停了",
  },
  libcFindsNothing: ({ name }) => `getent ahosts ${name} 查不到地址`,
  wentOnWith: ({ server }) => `后续各步用的是 ${server} 的应答`,

  routeTried: ({ address }) => `向内核查询到 ${address} 的路由`,
  routed: ({ gateway, device, source, mtu }) =>
    `${gateway === null ? "直连" : `经 ${gateway}`}，网卡 ${device}，源地址 ${source}，MTU ${mtu}`,
  noRoute: ({ error, refused }) =>
    refused ? `有路由或规则拒绝它（${error}）` : `没有路由（${error}）`,
  routeProves: { ok: "报文有路由离开本机", failed: "报文根本没有离开本机" },

  hopsTried: ({ address, largestTtl }) => `向 ${address} 发出小报文，TTL 最大 ${largestTtl}`,
  hopsCame: ({ routers, target }) =>
    [
      ...(routers.length === 0 ? [] : [`有应答的路由器：第 ${listed(routers)}`]),
      target === null ? "目标没有应答" : `目标在第 ${target} 跳应答`,
    ].join("；"),
  hopsProve: ({ ttl, from, atTarget }) =>
    atTarget ? "小报文能到目标，应答也能回来" : `小报文能到第 ${ttl} 跳的 ${from}，应答也能回来`,
  reachTried: ({ address, count }) => `向 ${address} 发出 ${count} 个小报文`,
  reachSilent: "路由器和目标都没有应答",
  reachFailsProves: "路径上没有任何一处表明收到过报文",

  connectTried: ({ address, port }) => `请求与 ${address} 端口 ${port} 建立 TCP 连接`,
  tlsTried: ({ name }) => `在这个连接上开始 ${name} 的 TLS 握手`,
  httpTried: ({ scheme }) =>
    scheme === "https" || scheme === "http"
      ? "在这个连接上发出 HTTP 请求"
      : `在这个连接上开始 ${scheme} 会话`,
  datagramTried: ({ address, port, request }) =>
    port === null
      ? `向 ${address} 发出回显请求`
      : `向 ${address} 的 UDP 端口 ${port} 发出${request === null ? "一个数据报" : ` ${request}`}`,
  stageCame: formatCame,
  stageProves: ({ stage, ok }) => PROVEN[stage][ok ? "ok" : "failed"],

  sizeTried: ({ outbound, largest }) =>
    `${outbound ? "发出不同长度的报文" : "用不同的 MSS 建立连接，请对方发来不同长度的报文"}${largest > 0 ? `，最大 ${largest} 字节` : ""}`,
  sizeCame: ({ estimate: { atLeast, below, silent, basis }, largest }) => {
    const passes = `${atLeast ?? "很小"}${atLeast === null ? "的报文" : " 字节"}能通过`;
    if (silent && below !== null) return `${passes}，${below} 字节及以上的全部丢失`;
    if (basis === "icmp" && below !== null) {
      return `${passes}，${below} 字节的收到 ICMP 报错，其中给出了能通过的长度`;
    }
    return `${largest ?? atLeast ?? "很小"}${(largest ?? atLeast) === null ? "的报文" : " 字节"}能通过`;
  },
  sizeProves: ({ outbound, how }) => {
    const way = outbound ? "出方向" : "入方向";
    if (how === "full") return `${way}上，两端所发的最大报文都能通过`;
    return how === "told"
      ? `${way}有长度限制，发送方会得到通知，TCP 因此不会超过它`
      : `${way}有长度限制，但没有任何通知（黑洞）：发得更大的一方只能一直等`;
  },

  lossTried: ({ sent }) => `发出 ${sent} 个相同的建立连接请求`,
  lossCame: ({ sent, lost }) => (lost === 0 ? "全部有应答" : `${sent} 个中有 ${lost} 个没有应答`),
  lossProves: ({ how }) => LOSS[how],

  kernelTried: () => "建立连接时监视了本机内核",
  kernelFlow: ({ device, sent, received }) =>
    `${device ?? "网卡"} 发出这个连接的 ${sent} 个报文，收到 ${received} 个`,
  kernelDropped: ({ drop, count }) => `本机丢弃了其中 ${count} 个报文：${drop}`,
  kernelProves: ({ dropped, sent, received }) => {
    if (dropped) return "本机内核丢弃了这个连接的报文，原因如它所示";
    if (!sent) return "这个连接没有一个报文离开本机";
    return received
      ? "这个连接的报文离开了本机，也有报文回到本机"
      : "这个连接的报文离开了本机，但没有一个回来";
  },

  windowsTried: "在 Windows 上做了同样的尝试，或读取了它的快照",
  windowsSaw: ({ what, state, reason }) =>
    `${VIEWS[what]}：${state === "yes" ? "是" : "否"}，${factIn(reason)}`,
  windowsProves: ({ reaches, smaller }) => {
    if (smaller !== null) {
      const { adapter, mtu, device, deviceMtu } = smaller;
      return `Windows 自己的连接从 ${adapter} 发起，只请求 ${mtu} 字节以内的报文，所以不受影响；发行版的连接从 ${device} 发起，请求的是 ${deviceMtu} 字节以内的报文`;
    }
    if (reaches === null) return "由此可以区分 Windows 之后的各段";
    return reaches
      ? "Windows 自己到得了那里，因此从 Windows 往外的路径至少能传这么多"
      : "Windows 自己也到不了那里";
  },

  conclusionTried: "用以上全部证据逐一核对每一种已知原因",
  conclusionCame: ({ causes, open }) =>
    `${causes.length === 0 ? "没有一种符合" : `符合的有 ${causes.length} 种${causes.length === 1 ? "" : `（${causes.join("、")}）`}`}${open ? "；有些无法检查，见报告中的列表" : ""}`,
  concluded: ({ title, place, towards, confidence }) =>
    `${title}；位置：${place}${towards === null ? "" : `，${towards}`}（置信度 ${confidence.toFixed(2)}）`,
  thereButWrong: "有结果，但问题就在这里：见“决定性证据”一步",
  seeProof: "见下一行",
  accepted: "连接已建立",
  noFault: "没有发现故障",
  open: "尚无定论",
  atProxy: ({ proxy }) => `代理 ${proxy}`,
  place: ({ segment, between, name }) => {
    if (segment !== null)
      return `${segment}${name === null || name === segment ? "" : `（${name}）`}`;
    if (between !== null) return `${between[0]} 与 ${between[1]} 之间`;
    return "本机与目标之间的某处，现有证据无法确定";
  },
  direction: ({ direction }) =>
    ({ inbound: "入方向", outbound: "出方向", both: "两个方向" })[direction],
  mendedBy: ({ whom, cause }) =>
    `这里没有命令可以修复：${MENDED_BY[whom]}（wsl-trace explain ${cause}）`,
  afterwards: ({ stage }) => AFTERWARDS[stage ?? "verdict"] ?? "有应答",
  verdictNow: ({ verdict, cause }) =>
    `结论为${verdictIn(verdict)}${cause === null ? "" : `，原因 ${cause}`}`,
};

function verdictIn(verdict: string): string {
  const known: Readonly<Record<string, string>> = CHINESE_TEXTS.verdicts;
  return known[verdict] ?? verdict;
}

const PROVEN = {
  datagram: { ok: "目标有应答：小报文双向都通", failed: "没有应答回来" },
  connect: { ok: "端口有应答：小报文双向都通", failed: "连接建立不起来" },
  tls: { ok: "握手完成：服务器的那一部分完整到达", failed: "握手没有完成" },
  http: { ok: "收到协议的应答：这次尝试成功", failed: "没有收到协议的应答" },
} as const;

const LOSS = {
  none: "路径上不丢小报文",
  some: "丢包太少，或者丢的是别的报文，不足以解释任何现象",
  much: "小报文有丢包",
} as const;

const VIEWS: Readonly<Record<WindowsView, string>> = {
  name: "名字解析",
  target: "目标",
  tls: "目标的 TLS",
  firstRouter: "第一跳路由器",
  endpoint: "VPN 服务器",
  tunnel: "隧道",
};

const MENDED_BY: Readonly<Record<Whom, string>> = {
  user: "要改的在这个发行版里",
  windows: "要改的在 Windows 里",
  link: "请检查这台电脑的网线或 Wi-Fi",
  resolver: "要靠域名服务器的管理员，请把报告发给他们",
  domain: "如果名字没有写错，要靠这个域名的管理员，请把报告发给他们",
  vpn: "要靠 VPN 的管理员，请把报告发给他们",
  lan: "要靠本地网络路由器的管理员，请把报告发给他们",
  provider: "要靠那台路由器的运营方，请把报告发给他们",
  server: "要靠服务器的管理员，请把报告发给他们",
  "far-end": "要靠服务器（或代它接受连接的设备）的管理员，请把报告发给他们",
  proxy: "要靠代理的管理员，请把报告发给他们",
  filter: "要靠途中检查或过滤 TLS 的一方（常常是公司的 IT 部门），请把报告发给他们",
  path: "要靠故障所在那一段路径的运营方，请把报告发给他们",
  open: "观察到的一切都不能说明原因，报告里有全部证据",
};

const AFTERWARDS: Readonly<Record<string, string>> = {
  verdict: "结论为正常",
  resolve: "得到地址",
  route: "得到路由",
  connect: "有应答",
};

function formatCame(came: Came): string {
  switch (came.kind) {
    case "ok":
      return `${came.detail}，用时 ${duration(came.ms)}`;
    case "no-reply":
      return `${duration(came.ms)} 内什么都没有收到`;
    case "failed":
      return came.detail === "" || came.detail === came.code
        ? came.code
        : `${came.detail}（${came.code}）`;
    case "other-protocol":
      return came.detail;
  }
}

const SHOWN_ROUTERS = 6;

/** "1 跳 10.0.0.1", of a long path its ends. */
function listed(routers: readonly string[]): string {
  const shown = routers.map((router) => router.replace(" ", " 跳 "));
  if (shown.length <= SHOWN_ROUTERS) return shown.join("，第 ");
  const half = SHOWN_ROUTERS / 2;
  return `${shown.slice(0, half).join("，第 ")}……第 ${shown.slice(-half).join("，第 ")}`;
}

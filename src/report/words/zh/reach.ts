// What the rules about reaching the target say, in Chinese, and why a rule was not asked.

import type { SharedSaid } from "../../../diagnosis/causes/said.ts";
import type { SaidOfNeeds } from "../../../diagnosis/needs/needs.ts";
import type { SaidOfScope } from "../../../diagnosis/scope.ts";
import type { SentencesFor, SomeSentences } from "../sentence.ts";
import { factIn } from "./facts.ts";

export const CHINESE_REACH = {
  "gateway-unreachable": {
    beyondAnswers: "本机之外有应答",
    noNeighbourFailure: "什么应答都没有，而内核没有报告邻居解析失败",
    onLink: "目标就在本地链路上",
    noNeighbours: ({ device }) => `${device} 不需要邻居发现`,
    found: ({ gateway, others }) =>
      `网关 ${gateway} 不应答 ARP 或邻居发现${others.length === 0 ? "" : `；其他默认路由指向 ${others.join("、")}`}`,
  },
  "routing-loop": { noRepeat: "没有路由器在更大的 TTL 上重复应答" },
  "admin-prohibited": { established: "连接已建立", noError: "没有报告它的 ICMP 错误" },
  "upstream-unreachable": {
    reasonReported: "有主机报告了报文为什么不能再往前",
    routersAnswer: ({ ttl }) => `到第 ${ttl} 跳都有路由器应答`,
    silent: ({ router, address }) =>
      `第一跳路由器 ${router} 有应答，往 ${address} 的路径上它之后什么应答都没有`,
  },
  "destination-down": {
    connectAnswered: "目标应答建立连接的请求",
    reasonReported: "另一台主机报告了报文为什么不能再往前",
    nothingBeyond: ({ ttl }) => `第 ${ttl} 跳之后没有路由器应答`,
    onOwnLink: ({ address, device }) =>
      `${address} 就在 ${device} 的链路上，而它不应答 ARP 或邻居发现`,
    silent: ({ from, ttl, address }) =>
      `第 ${ttl} 跳的 ${from} 有应答，之后什么应答都没有：${address} 或它前面的路由器停机，或者丢弃一切报文`,
  },
  "port-refused": { noReset: "没有 RST 应答 SYN" },
  "port-filtered": {
    answered: ({ code }) => (code === null ? "SYN 有应答" : `连接以 ${code} 失败`),
    othersAnswered: "到这个端口的其他连接有应答",
    anotherAnswered: "到这个端口的另一个建立连接的请求有应答",
    nothingAnswers: "目标什么都不应答",
    datagramAnswered: "数据报有应答",
  },
  "path-loss": {
    bySize: "失败的都比能通过的大",
    repaired: ({ ms }) => `丢失的报文在 ${ms} ms 内重传成功`,
    answered: ({ answered, sent }) => `${sent} 个建立连接的请求中有 ${answered} 个有应答`,
  },
} satisfies SomeSentences<"reach">;

export const CHINESE_ROUTE = {
  "no-default-route": {
    hasRoute: ({ address }) => `内核有到 ${address} 的路由`,
    hasDefault: "有默认路由",
  },
} satisfies SomeSentences<"route">;

export const CHINESE_WEB = {
  "tls-middlebox-reset": {
    smallerMssAnswered: "给出较小的 MSS 时，同样的 ClientHello 有应答",
    finished: "握手完成了",
    alert: "拒绝是以 TLS 告警的形式",
    otherNameFails: ({ name }) => `用名字 ${name} 的握手同样失败`,
  },
  "captive-portal": { nowhereSilent: "没有人使用的地址没有应答" },
} satisfies SomeSentences<"web">;

export const CHINESE_APPLICATION = {
  "server-silent": { answered: "请求有应答" },
  "connection-closed": { notEnded: "连接没有被关闭" },
} satisfies SomeSentences<"application">;

export const CHINESE_NEEDS = {
  noConnection: "没有尝试建立连接",
  nothingConnected: "没有建立任何连接",
  nothingTried: "没有尝试任何连接",
  comesAbout: "连接还是建立起来了",
  noQuery: "没有查询名字",
  noServerQueried: "没有查询 resolv.conf 里的服务器",
  fileNotRead: "没有读取 resolv.conf",
  noServer: "resolv.conf 里没有写服务器",
  noTunnel: "resolv.conf 里写的不是 WSL 的 DNS 隧道",
  noHostProxy: "resolv.conf 里写的不是网关上的主机 DNS 代理",
  gatewayNotAsked: "没有向网关查询名字",
  serverReported: ({ server, reported }) => `${server} ${factIn(reported)}`,
  noOtherServer: "从这里没有别的服务器应答：路径可能不通",
  noSnapshot: ({ reason }) => (reason === null ? "没有主机快照" : factIn(reason)),
  noCardsOfHost: "看不到主机的网卡：没有快照",
  noRoutesOfHost: "看不到主机的路由：没有快照",
  notBehindNat: "发行版不在主机的 NAT 之后",
  notBehindHost: "发行版不在 Windows 主机之后",
  noHostOnPath: "路径上没有 Windows 主机",
  notMirrored: "不是镜像模式",
  networkCarries: "没有迹象表明 WSL 给的网络不通",
  notWsl2: "不是 WSL2",
  vpnUnknown: "没有快照，不知道路径上是否有 VPN",
  noRouteToFollow: "没有可以沿着走的路由",
  noRoute: "没有可以检查的路由",
  notLoopback: "目标不是 127.0.0.0/8 的地址",
  userModeNat: "用户态 NAT 不转发 TTL 和 ICMP",
  ownSwitch: "主机到发行版的路由走的是它自己的虚拟交换机",
  repliesArrive: "应答能到发行版",
  noArp: "主机连 ARP 都不应答",
  noData: "这个连接上没有收到数据",
  noDataPossible: "没有建立任何连接，不可能收到数据",
  noStall: "服务器的应答收到了，没有停顿",
  recovered: ({ ms }) => `停顿在 ${ms} ms 后恢复：服务器得到了长度限制的通知`,
  smallerSegments: "停顿的连接用较小的报文段恢复：服务器得到了长度限制的通知",
  everySizeStalls: "小报文段也停顿，因此与长度无关",
  sizesMixed: "能通过的长度与丢失的长度分不开",
  tcpStaysBelow: ({ largest }) => `这里 TCP 发出的不超过 ${largest} 字节，因此没有传输受影响`,
  sendersNotified: ({ largest }) =>
    `超过 ${largest} 字节的报文会收到“需要分片”（IPv6：报文过大），发送方得到了通知`,
  noSizeAnswered: ({ reason }) => (reason === null ? "出方向没有一个长度有应答" : factIn(reason)),
  sizePasses: ({ bytes }) => `${bytes} 字节的报文在出方向能通过`,
  targetReached: "目标到得了",
  targetAnswers: "目标本身有应答",
  noneTried: "没有尝试任何连接",
  getsThrough: "默认的连接通过了本机内核",
  eventsLost: ({ lost }) => `丢失了 ${lost} 个内核事件，它可能就在其中`,
  notStopped: ({ reason }) => `本机内核没有以 ${reason} 拦下这次连接`,
  dropsOfOthers: ({ count, reason }) =>
    `运行期间有 ${count} 个报文以 ${reason} 被丢弃，无法知道是谁的`,
  noService: "由 wsl-trace inbound 检查",
  serviceAlone: "这次运行只看本机的服务，不追踪出去的路径",
  sendsNothing: "这次运行不发送任何报文",
  namesAlone: "这次运行只查询名字",
  asReported: ({ reason }) => factIn(reason),
} satisfies SentencesFor<SharedSaid<"needs"> | SaidOfNeeds | SaidOfScope>;

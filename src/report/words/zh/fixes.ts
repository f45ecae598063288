// What fixes do, in Chinese: those of several causes, and each cause's own.

import type { SharedSaid } from "../../../diagnosis/causes/said.ts";
import type { SentencesFor, SomeSentences } from "../sentence.ts";

export const CHINESE_FIXES = {
  limitLink: ({ device, mtu, atEveryStart }) =>
    `让 ${device} 发送和请求的报文不超过 ${mtu} 字节${atEveryStart ? "，发行版每次启动时生效" : ""}`,
  limitVpn: "在 Windows 里给 VPN 网卡设上这个限制，WSL 的 MTU 由它而来",
  queryVpnServer: "在 WSL 重写该文件之前，查询 VPN 的域名服务器",
  queryWindowsServers: "在 WSL 重写该文件之前，查询 Windows 的域名服务器",
  askFirst: ({ server }) => `在 WSL 重写该文件之前，先查询有应答的 ${server}`,
  keepFile: "保留这个文件：让 WSL 不再重写它（然后在 Windows 里运行 wsl --shutdown）",
  wslWritesFile: "让 WSL 重新生成这个文件（然后在 Windows 里运行 wsl --shutdown）",
  windowsResolves: "让 Windows 替 WSL2 解析名字（Windows 11 22H2 或更新），包括 NRPT 和 TCP",
  letIn: "放行来自发行版的报文（组策略忽略本地规则时，通过组策略设置）",
  renewNetwork: "让 WSL 在主机网络服务里重新建立它的网络",
  renewRule: "让主机网络服务（HNS）重新生成它的 DNS 规则",
  seeFilters: "查看是 Windows 的哪个过滤器在丢包，属于哪个产品",
  countDrops: "再跑一次跟踪，同时统计 Windows 各组件的丢包",
} satisfies SentencesFor<SharedSaid<"fixes">>;

const OPTIONS = {
  timestamps: "TCP 时间戳",
  windowScaling: "TCP 窗口扩大选项",
  sack: "选择性确认（SACK）",
  ecn: "ECN",
} as const;

function formatCure(option: keyof typeof OPTIONS): string {
  return `关闭 ${OPTIONS[option]}，到下次启动为止`;
}

function formatCandidate(option: keyof typeof OPTIONS): string {
  return `${formatCure(option)}，再试一次：它只是可能的原因`;
}

const UNSET = "在这个终端里不使用代理";
const FIND_IT = "找到设置代理的地方，把它去掉";
const RESTART = "重启 WSL，";

export const FIXES_OF_NAMES = {
  "dns-edns-dropped": { leaveOut: "在 WSL 重写该文件之前，去掉选项 edns0" },
  "dns-suffix-missing": { searchToo: "在 WSL 重写该文件之前，把那个域名也加入搜索列表" },
  "dns-v6-query-delay": {
    fourOnly: "在 WSL 重写该文件之前，只查询 IPv4 地址（glibc 2.36 或更新）",
    oneByOne: "在 WSL 重写该文件之前，两个查询先后发出，各用一个套接字",
  },
} satisfies SomeSentences<"names">;

export const FIXES_OF_WSL_DNS = {
  "dns-proxy-stalls": { restart: `${RESTART}连同它的 DNS 代理` },
  "dns-tunneling-off-or-unsupported": { update: "把 WSL 更新到最新版本并重启" },
  "dns-tunneling-strict-edns": { passThem: "让隧道放过它不支持的查询" },
  "dns-tunneling-vpn-conflict": { switchOff: "关闭 DNS 隧道，直接查询 VPN 真正的域名服务器" },
  "dns-tunneling-local-delay": {
    shorten: "在 WSL 重写该文件之前缩短超时；更好的办法是用完整域名",
  },
} satisfies SomeSentences<"wsl-dns">;

export const FIXES_OF_RESOLVER_FILE = {
  "systemd-resolved-stub-without-upstream": { withoutStub: "不经存根，直接查询 WSL 找到的服务器" },
  "hosts-file-override": {
    takeOut: "从发行版的 hosts 文件里去掉这一行，并让 WSL 下次启动时不再复制 Windows 的 hosts 文件",
    takeOutOfWindows: "或者从 Windows 的 hosts 文件里去掉它，WSL 启动时会复制那个文件",
  },
  "libc-resolves-otherwise": { askServers: "让 C 库去查询域名服务器" },
} satisfies SomeSentences<"resolver-file">;

export const FIXES_OF_ROUTE = {
  "multiple-host-nics": {
    preferOther: ({ name }) => `调大 ${name} 那条默认路由的跃点数（要保留 ${name} 时，改另一条）`,
  },
  "no-default-route": { restart: `${RESTART}它会重新设置发行版的地址和路由` },
  "network-manager-took-address": {
    keepNetworkManagerOff: ({ device }) =>
      `使用 NetworkManager 时：让它不管理 ${device}，然后运行 wsl --shutdown`,
    keepNetworkdOff: ({ device }) =>
      `使用 systemd-networkd 时：让它不管理 ${device}，然后运行 wsl --shutdown`,
    keepIfupdownOff: ({ device }) =>
      `使用 ifupdown 或 dhcpcd 时：不要让它在 ${device} 上启动，然后运行 wsl --shutdown`,
    restart: `然后${RESTART}它会重新设置地址`,
  },
  "nat-fallback-changed-mode": {
    seeError: "查看原因：WSL 重新启动时会打印错误码",
    restartWindows: "重启 Windows，多数报告里重启后就能建立",
    useNat: "在能建立之前先用 NAT 模式",
  },
  "route-blocks": {
    deleteRoute: "如果没有人需要这条路由就删掉它，报文会改走下一条匹配的路由",
    deleteRule: ({ priority }) => `如果没有人需要，就删掉优先级为 ${priority} 的规则`,
  },
  "vpn-metric-steals-wsl-subnet": {
    worseMetric: ({ name }) => `把 ${name} 的跃点数设得比 WSL 的虚拟交换机大（VPN 重连前有效）`,
  },
  "vpn-more-specific-route": { deleteRoute: "删掉这条路由（VPN 再次设置之前有效）" },
  "nat-subnet-overlap": {
    sameMask: ({ host }) => `给发行版设上与 Windows 虚拟交换机相同的掩码 /${host}`,
    move: "把 WSL 的网段换成这里没有使用的网段",
  },
  "docker-bridge-overlap": { otherRanges: "给 Docker 换别的网段（会重启它的容器）" },
  "mirrored-routes-lost": { restart: `${RESTART}它会重新镜像路由` },
  "mirrored-wrong-source-address": { rightAddress: "用正确的源地址发往这个目标" },
  "mirrored-local-policy-routing": { ignorePort: "镜像时排除这个端口" },
} satisfies SomeSentences<"route">;

export const FIXES_OF_STACK = {
  "checksum-offload-corruption": {
    switchOff: ({ device }) => `让 Linux 自己计算和检查 ${device} 的校验和`,
  },
  "ephemeral-port-exhaustion": {
    seeHere: "查看有多少连接、多少可用端口",
    seeInWindows: "在 Windows 里同样查看，它的端口也可能用尽",
  },
  "conntrack-full": { enlarge: "加大连接跟踪表" },
  "linux-firewall-in-distro": {
    findRule: "找到这条规则；所有 WSL2 发行版共用一个网络，别的发行版的规则同样起作用",
  },
  "rp-filter-drop": {
    loosen: "只要有任意一块网卡能应答就接收（宽松模式，RFC 3704）",
    keep: "重启后也保留",
  },
  "mirrored-port-range": {
    useReserved: "使用 Windows 保留的端口，到 WSL 重启为止",
    findSetting: "找到设置了另一个范围的文件，去掉那一行",
  },
} satisfies SomeSentences<"stack">;

export const FIXES_OF_HOST = {
  "host-forwarding-blocked": {
    restart: `${RESTART}它会重建网络和 NAT`,
    seeForwarding: "查看 WSL 的虚拟交换机是否打开了转发",
  },
} satisfies SomeSentences<"host">;

export const FIXES_OF_REACH = {
  "port-refused": {
    seeListeners: ({ port }) => `查看有哪些程序在哪里监听，并启动应当服务端口 ${port} 的那一个`,
  },
  "gateway-unreachable": {
    takeOut: "从路由里去掉没有应答的下一跳",
    restart: `${RESTART}它会重建虚拟交换机`,
  },
  "some-addresses-dead": {
    useOne: ({ address }) => `在其他地址恢复应答之前使用 ${address}`,
  },
  "ecn-lost": { cure: () => formatCure("ecn") },
  "port-filtered": { withoutEcn: () => formatCandidate("ecn") },
  "new-connections-lost": { withoutEcn: () => formatCandidate("ecn") },
  "path-loss": { withoutEcn: () => formatCandidate("ecn") },
} satisfies SomeSentences<"reach">;

export const FIXES_OF_PROXY = {
  "proxy-localhost-not-mirrored": {
    mirror: "镜像 Windows 的网络，包括环回地址（Windows 11 22H2 或更新）",
    listenOnSwitch: "或者让代理也在 WSL 的虚拟交换机上监听，并在这个终端里写主机的地址",
    unset: UNSET,
    findIt: FIND_IT,
  },
  "autoproxy-stale": {
    restart: "重启发行版，让它重新读取 Windows 的设置",
    copyNone: "或者让 WSL 不复制代理",
  },
  "proxy-required-but-unset": { useHere: "在这个终端里使用代理", useAlways: "每次登录都使用它" },
  "proxy-set-but-dead": { unset: UNSET, findIt: FIND_IT },
  "proxy-refuses": { unset: UNSET, findIt: FIND_IT },
} satisfies SomeSentences<"proxy">;

export const FIXES_OF_SIZES = {
  "docker-mtu-above-eth0": {
    clamp: "转发时降低容器通告的大小；/etc/docker/daemon.json 里的 `mtu` 可长期生效",
  },
  "nat-mtu-too-low": { seeMtus: "查看哪块网卡的最小，调大或断开它" },
  "nat-mtu-sync-stale": { copyAgain: "让 WSL 在下次启动时重新复制" },
  "pmtu-cached": {
    flush: "清除缓存的路径 MTU，然后重新诊断",
    flushLeft: "恢复到这次运行之前：不保留缓存的路径 MTU",
  },
  "lso-on-vethernet": {
    cutHere: ({ device }) => `让 Linux 自己切分 ${device} 的报文段，再试一次上传`,
    switchOff: "在 Windows 里关闭它，直到网卡重新建立",
  },
} satisfies SomeSentences<"sizes">;

const USE_NAT = "改用 NAT 模式，它不依赖镜像";

export const FIXES_OF_MIRRORED = {
  "mirrored-vpn-arp-regression": {
    readNeighbour: "在 Windows 里读出下一跳的链路层地址，用 ip neigh replace 写成静态条目",
    useNat: USE_NAT,
  },
  "mirrored-host-address-loopback": { switchOn: "让发行版能用 Windows 自己的地址访问 Windows" },
  "mirrored-tcp-dead-icmp-alive": {
    seeDriver: "查看网卡的驱动程序，装上厂商最新的版本",
    useNat: USE_NAT,
  },
  "mirrored-jumbo-blackhole": {
    lowerLink: ({ device }) => `让 ${device} 只收发以太网能承载的大小`,
    lowerAdapter: "在 Windows 里给网卡设上这个 MTU，WSL 照搬的就是它",
  },
} satisfies SomeSentences<"mirrored">;

export const FIXES_OF_WEB = {
  "tls-large-hello-lost": {
    smallHello: "让这个终端里的 Go 程序发较小的 ClientHello；其他程序有各自的设置",
  },
  "clock-skew": {
    setClock: "按主机的时钟校准",
    keepRight: "保持时钟准确（使用 systemd 的发行版）",
  },
  "captive-portal": { logIn: "在 Windows 里用浏览器登录" },
} satisfies SomeSentences<"web">;

export const FIXES_OF_IPV6 = {
  "ipv6-preferred-but-dead": {
    preferIpv4: "优先使用 IPv4（对使用 getaddrinfo 的程序有效）",
    switchOff: "关闭 IPv6，到发行版重新启动为止",
  },
  "ipv6-disabled-by-registry": { enable: "在 Windows 里重新启用 IPv6（然后重启 Windows）" },
} satisfies SomeSentences<"ipv6">;

export const FIXES_OF_APPLICATION = {
  "server-silent": {
    tryInWindows:
      "在 Windows 里试同样的请求：有应答说明是本机上的什么代服务器接受了连接，否则是服务器或它的网络不应答",
  },
  "transfer-stalls": {
    switchOff: ({ option }) => formatCandidate(option),
    cure: ({ option }) => formatCure(option),
  },
} satisfies SomeSentences<"application">;

export const FIXES_OF_WSL_NETWORK = {
  "networking-none": {
    useNat: "改用 NAT 模式，而不是无网络",
    seeError: "如果没有人要求无网络：查看 WSL 打印的错误码",
  },
  "nat-service-disabled": { enable: "让 Windows 在 WSL 需要时启动该服务" },
  "missing-or-stale-netnat": { remove: "如果没有别的用途，删除这个 NAT 对象" },
  "fse-porttracker-missing": { remove: "删除这个值，并重启 Windows" },
  "bridged-without-switch": { useMirrored: "改用不需要交换机的镜像模式" },
} satisfies SomeSentences<"wsl-network">;

export const FIXES_OF_WINDOWS_FILTER = {
  "hyperv-firewall-blocks-outbound": {
    allowByDefault: "如果策略允许：默认放行发行版发起的连接",
    disableRule: "如果策略允许：停用这条规则",
  },
  "windows-firewall-blocks-guest-to-host": {
    seeListener: "查看那里是否有程序在监听",
    openPort: "在 WSL 的交换机上放行到该端口的连接",
  },
} satisfies SomeSentences<"windows-filter">;

export const FIXES_OF_INBOUND = {
  "guest-bound-to-loopback": { findProgram: "找到该程序，让它监听 0.0.0.0（通常用 --host 选项）" },
  "excluded-port-range": {
    dealAnew: "让 Windows 重新分配排除的端口范围",
    reserve: "在 Windows 分配范围之前保留该端口",
  },
  "localhost-forwarding-broken": {
    switchOn: "从 [wsl2] 中去掉 localhostForwarding=false，并重启 WSL",
    restart: "重启 WSL：它在 Windows 一侧的转发程序已经不在",
    noFastStart: "关闭快速启动：它之后转发程序常常不在",
  },
  "hyperv-firewall-blocks-inbound": {
    letIn: "允许其他机器访问该端口",
    showRules: "查看 WSL 有哪些规则",
  },
  "mirrored-port-conflict": {
    findHolder: "找到 Windows 里占用该端口的程序",
    takeOut: "从 [experimental] 的 ignoredPorts 中去掉该端口，并重启 WSL",
    ignore: "换一个端口，或用 ignoredPorts 把它只留给 Windows",
  },
  "portproxy-to-old-address": { pointAnew: "让它指向发行版现在的地址" },
} satisfies SomeSentences<"inbound">;

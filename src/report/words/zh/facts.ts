// What facts say in a few English words, in Chinese; what is not known here stays as it is.

/** Each from its beginning to its end: half a sentence in another language helps nobody. */
const KNOWN: readonly (readonly [RegExp, string])[] = [
  [/^did not answer within (\d+) ms$/, "在 $1 ms 内没有应答"],
  [/^refused: nobody serves DNS there$/, "拒绝：那里没有 DNS 服务"],
  [/^cannot be reached \((.+)\)$/, "到不了（$1）"],
  [/^answered with something else \((.+)\)$/, "应答的不是 DNS（$1）"],
  [/^answered that the name has no address$/, "应答说这个名字没有地址"],
  [/^answered ([A-Z]+)$/, "应答 $1"],
  [/^answered (.+)$/, "应答 $1"],
  [/^was not (?:asked|queried)$/, "没有被查询"],
  [/^cuts its answer short over UDP$/, "在 UDP 上截断了应答"],
  [/^Windows itself connects to (\S+) port (\d+)$/, "Windows 自己能连上 $1 端口 $2"],
  [
    /^Windows itself connects to (\S+) port (\d+), through the tunnel of (.+)$/,
    "Windows 自己经 $3 的隧道能连上 $1 端口 $2",
  ],
  [/^Windows itself cannot connect to (\S+) port (\d+)$/, "Windows 自己连不上 $1 端口 $2"],
  [/^(\S+) answers an echo from Windows$/, "$1 应答 Windows 的回显请求"],
  [/^Windows itself gets the server's handshake$/, "Windows 自己收得到服务器的握手"],
  [/^Windows itself gets no handshake \((.+)\)$/, "Windows 自己收不到握手（$1）"],
  [/^Windows resolves (\S+) to (.+)$/, "Windows 把 $1 解析为 $2"],
  [/^Windows itself does not resolve (\S+) \((.+)\)$/, "Windows 自己也解析不了 $1（$2）"],
  [/^Windows resolved (\S+) in this run$/, "这次运行中 Windows 解析了 $1"],
  [
    /^Windows resolved (\S+) when the snapshot was made \((.+)\)$/,
    "采集快照时（$2）Windows 解析了 $1",
  ],
  [
    /^Windows reached (\S+) port (\d+) when the snapshot was made \((.+)\)$/,
    "采集快照时（$3）Windows 连上了 $1 端口 $2",
  ],
  [/^what is behind the first router (\S+) answers$/, "第一跳路由器 $1 后面有应答"],
  [/^the first router (\S+) answers$/, "第一跳路由器 $1 有应答"],
  [
    /^the default attempt got its answer, and no fault was found$/,
    "默认的连接得到了应答，没有发现故障",
  ],
  [/^the name resolves, and no fault was found$/, "名字能解析，没有发现故障"],
  [/^whether the connection recovers by itself was not awaited$/, "没有等待连接是否自行恢复"],
  [
    /^(\S+) on (.+) on-link \(metric (\d+)\) has a lower metric than (\S+) on (.+) \(metric (\d+)\)$/,
    "$2 上的 $1（直连，跃点数 $3）比 $5 上的 $4（跃点数 $6）优先",
  ],
  [
    /^(.+) is a VPN adapter: Get-VpnConnection lists "(.+)" \((.+)\)$/,
    "$1 是 VPN 网卡：Get-VpnConnection 里有“$2”（$3）",
  ],
  [
    /^(.+) carries packets up to (\d+) bytes \(NlMtu of IPv(\d)\)$/,
    "$1 最大能传 $2 字节的报文（IPv$3 的 NlMtu）",
  ],
  [
    /^the routes send every IPv(\d) address into (.+) unless a longer prefix leads elsewhere$/,
    "除非有更长的前缀指向别处，路由把所有 IPv$1 地址都送进 $2",
  ],
  [/^its profile has SplitTunneling (\w+)$/, "它的配置里 SplitTunneling 为 $1"],
  [/^the name was not resolved$/, "名字没有解析出来"],
  [/^there is no host snapshot$/, "没有主机快照"],
];

export function factIn(text: string): string {
  const known = KNOWN.find(([pattern]) => pattern.test(text));
  return known === undefined ? text : text.replace(known[0], known[1]);
}

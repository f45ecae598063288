// What a trace says of events that are told together, in Chinese.

import type { CountGroup, Group, ReadThing, TracePhrases } from "../../trace/phrases.ts";

type Groups = Pick<
  TracePhrases,
  "queries" | "connections" | "probes" | "hostProbes" | "requests" | "transfers" | "drops" | "read"
>;

export const CHINESE_GROUPS: Groups = {
  queries: {
    tried: ({ count, names, servers }) =>
      `向 ${shortened(servers)} 发出 ${count} 个 DNS 查询（${shortened(names)}）`,
    came: ({ answered, silent, refused, failed }) =>
      parts([
        [answered, "个有应答"],
        [silent, "个没有应答"],
        [refused, "个被拒绝"],
        [failed, "个失败"],
      ]),
  },
  connections: {
    tried: ({ count, mss }) => `建立 ${count} 个 TCP 连接${formatMss(mss)}`,
    came: ({ finished, silent, failed, failures }) =>
      parts([
        [finished, "个得到了所请求的内容"],
        [silent, "个一直等不到"],
        [failed, `个失败（${failures.join("；")}）`],
      ]),
  },
  probes: {
    tried: ({ count, protocols, sizes: [least, most] }) =>
      `用 ${protocols.join("、")} 发出 ${count} 个探测，长度 ${least === most ? least : `${least} 到 ${most}`} 字节`,
    came: ({ answered, silent, errors }) =>
      parts([
        [answered, `个有应答${errors.length === 0 ? "" : `，其中 ${shortened(errors)}`}`],
        [silent, "个没有应答"],
      ]),
  },
  hostProbes: counted("个由 Windows 发出的探测"),
  requests: counted("个对照请求"),
  transfers: counted("个长应答"),
  drops: {
    tried: () => "监视了本机内核",
    came: ({ details }) => details.join("；"),
  },
  read: {
    tried: ({ things }) => `读取了${things.map((thing) => THINGS[thing]).join("、")}`,
    came: ({ details }) => details.join("；"),
  },
};

function formatMss(mss: readonly [number, number] | null): string {
  if (mss === null) return "";
  const [least, most] = mss;
  return least === most ? `，MSS 为 ${least}` : `，MSS 为 ${least} 到 ${most}`;
}

function counted(what: string): Group<CountGroup> {
  return {
    tried: ({ count }) => `${count} ${what}`,
    came: ({ count, good, details }) => `${count} 个中有 ${good} 个成功（${details.join("；")}）`,
  };
}

const THINGS: Readonly<Record<ReadThing, string>> = {
  snapshot: " Windows 对自身的描述",
  routes: "路由表",
  rules: "策略路由规则",
  route: "内核选的路由",
  "resolver-file": "resolv.conf",
  vantage: "本机的类型",
  interfaces: "网卡",
  neighbour: "内核所知的网关链路层地址",
  other: "这次运行的其他观察",
  conntrack: "连接跟踪表",
  listener: "本机的监听端口",
  "proxy-settings": "代理设置",
  counters: "内核计数器",
};

function parts(results: readonly (readonly [count: number, what: string])[]): string {
  return results.flatMap(([count, what]) => (count === 0 ? [] : [`${count} ${what}`])).join("，");
}

const SHOWN = 4;

function shortened(all: readonly string[]): string {
  const more = all.length - SHOWN;
  return more <= 0 ? all.join("、") : `${all.slice(0, SHOWN).join("、")} 等 ${all.length} 个`;
}

// Several targets side by side, in Chinese.

import type { ComparisonTexts } from "../../compare.ts";
import { CHINESE_TEXTS } from "./texts.ts";

const { verdicts } = CHINESE_TEXTS;

export const CHINESE_COMPARISON: ComparisonTexts = {
  compared: "对比：",
  rows: { shared: "共同", behind: "之后", fault: "故障", sizes: "长度" },
  verdict: (verdict) => verdicts[verdict],
  from: ({ host, netns }) => `${host}（从 ${netns} 看）`,
  failsAt: (stage) => `失败的阶段：${stage}`,
  size: ({ size, atLeast, silent }) =>
    `${atLeast ? "至少 " : ""}${size}${silent ? "（更大的会丢失）" : ""}`,
  sizes: ({ out, into }) => `出方向 ${out}，入方向 ${into}`,
  noAddress: "没有地址",
  noneShared: "没有一个应答过的路由器在所有路径上",
  noneElse: "之后没有路由器应答",
  beyond: ({ host, hop }) => `${host}：${hop}`,
  hop: ({ ttl, address }) => `第 ${ttl} 跳 ${address}`,
  hops: (hops) => `各跳 ${hops}`,
  separator: "；",
  all: "全部目标",
  only: (hosts) => `只有 ${hosts.join("、")}`,
  well: (hosts) => `${hosts.join("、")} 正常`,
  notShared: ({ way, bytes, larger, limited }) =>
    `${way === "inbound" ? "入方向" : "出方向"}：到 ${larger} 有 ${bytes} 字节的报文通过，所以 ${limited} 的限制不在共同的链路上${way === "inbound" ? "（前提是回程与去程相同）" : ""}`,
};

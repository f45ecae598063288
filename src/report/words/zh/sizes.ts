// What the rules about packet sizes say, in Chinese.

import type { inboundAtInterface, inboundSeen } from "../../../diagnosis/causes/sizes/inbound.ts";
import type { LimitOwner } from "../../../facts/size/limit-owner.ts";
import type { PmtuEstimate } from "../../../schema/verdict.ts";
import type { SomeSentences } from "../sentence.ts";
import { factIn } from "./facts.ts";

export const CHINESE_SIZES = {
  "vpn-mtu-inbound-blackhole": {
    ownerUnknown: ({ reason }) => factIn(reason),
    notOfVpn: ({ because }) => factIn(because),
    found: ({ adapter, mtu, carriesLess, carrier, estimate, sweep, kernel }) =>
      `${formatTunnel({ name: adapter, mtu, carriesLess, carrier })}；服务器发来的更大的报文在入方向丢失（实测上限 ${formatLimit(estimate)}）：${formatSweep(sweep)}${formatKernel(kernel)}`,
  },
  "vpn-mtu-outbound-blackhole": {
    ownerUnknown: ({ reason }) => factIn(reason),
    notOfVpn: ({ because }) => factIn(because),
    found: ({ adapter, mtu, carriesLess, carrier, estimate, balanced }) =>
      `${formatTunnel({ name: adapter, mtu, carriesLess, carrier })}；发往服务器的更大的报文在出方向丢失，且没有 ICMP 报错（实测上限 ${formatLimit(estimate)}）${balanced === null ? "" : SOME_PATHS}`,
  },
  "pmtu-inbound-blackhole": {
    ofVpn: ({ because }) => `限制来自 VPN 网卡：${because.map(factIn).join("；")}`,
    found: ({ estimate, sweep, kernel, owner }) =>
      `服务器发来的超过 ${formatLimit(estimate)} 的报文在入方向丢失：${formatSweep(sweep)}${formatKernel(kernel)}；${formatOwner(owner)}`,
  },
  "pmtu-outbound-blackhole": {
    ofVpn: ({ because }) => `限制来自 VPN 网卡：${because.map(factIn).join("；")}`,
    found: ({ estimate, vanishes, owner, balanced }) =>
      `发往服务器的超过 ${formatLimit(estimate)} 的报文在出方向丢失，且没有 ICMP 报错${balanced === null ? formatVanishes(vanishes) : SOME_PATHS}；${formatOwner(owner)}`,
  },
  "pmtu-cached": {
    refused: "这里读不到内核的路径 MTU，因此它可能缓存了一个",
    noneCached: "运行之前没有缓存的路径 MTU",
    found: ({ cachedPmtu, address, linkMtu }) =>
      `内核为 ${address} 缓存的路径 MTU 是 ${cachedPmtu} 字节（链路 MTU 是 ${linkMtu}）；过期之前，连接用的报文段较小，会掩盖大报文的故障`,
    left: ({ cachedPmtu, address, linkMtu }) =>
      `这次运行中 TCP 数据收到了给出长度的 ICMP 报错，内核因此为 ${address} 缓存了 ${cachedPmtu} 字节的路径 MTU（链路 MTU 是 ${linkMtu}）；十分钟内过期`,
  },
  "mss-clamped": {
    noSilentLimit: "出方向没有不作通知的长度限制",
    fullSize: "TCP 发出的报文和链路允许的一样大",
    found: ({ estimate, largest }) =>
      `超过 ${formatLimit(estimate)} 的 UDP 报文在出方向丢失；按对方给出的 MSS，TCP 最多发 ${largest} 字节，因此不受影响`,
  },
} satisfies SomeSentences<"sizes">;

const SOME_PATHS = "，只发生在几条负载均衡路径中的一部分上";
const MS_PER_SECOND = 1000;

function formatLimit({ exact, bytes, atLeast, below }: PmtuEstimate): string {
  if (exact && bytes !== null) return `${bytes} 字节`;
  if (below === null) return `${bytes ?? "未知"} 字节`;
  return atLeast === null ? `不到 ${below} 字节` : `${atLeast} 到 ${below - 1} 字节之间`;
}

function formatSweep(sweep: ReturnType<typeof inboundSeen>): string {
  const { passed, failed, outOfOrder, balanced } = sweep;
  if (balanced !== null) {
    const { tried, limited } = balanced;
    return `${tried} 个连接中有 ${limited} 个遇到它${SOME_PATHS}；${formatDefault(sweep)}`;
  }
  const sign = outOfOrder ? "，而其后较小的报文段收到了" : "";
  return `请求最大 ${passed} 字节报文的连接能完成，请求 ${failed} 字节的丢掉了所有满长报文段${sign}；${formatDefault(sweep)}`;
}

/** What became of the connection as a program makes it. */
function formatDefault({
  hangs,
  hungIn,
  isLonger,
  otherPort,
  recoveredAfterMs,
  hiddenByCache,
}: ReturnType<typeof inboundSeen>): string {
  if (!hangs) return "默认方式建立的连接走了没有这个限制的路径";
  const longer = otherPort === null ? "更长的应答" : `端口 ${otherPort} 的应答`;
  const answer = isLonger ? `应答很短，而${longer}` : "应答";
  const stage = hungIn === "tls" && !isLonger ? "TLS 握手" : answer;
  const hang =
    recoveredAfterMs === null
      ? `${stage}始终没有收到`
      : `${stage}过了 ${(recoveredAfterMs / MS_PER_SECOND).toFixed(1)} s 才收到`;
  return hiddenByCache ? `用内核缓存的路径 MTU 时正常，不用时${hang}` : `按默认方式连接时，${hang}`;
}

function formatKernel(kernel: ReturnType<typeof inboundAtInterface>["seen"]): string {
  if (kernel === null) return "";
  const { device, largest } = kernel;
  return `；${device ?? "网卡"} 本身收到的这个连接的报文都不超过 ${largest} 字节`;
}

type OfVpn = Pick<
  Extract<LimitOwner, { readonly kind: "vpn" }>,
  "name" | "mtu" | "carriesLess" | "carrier"
>;

function formatTunnel({ name, mtu, carriesLess, carrier }: OfVpn): string {
  const has = `${name} 的 MTU 是 ${mtu}`;
  if (!carriesLess) return has;
  const because =
    carrier === null
      ? ""
      : `：承载它的 ${carrier.name} 是 ${carrier.mtu}，隧道自己的头部还要占空间`;
  return `${has}，而它的隧道实际能传的更小${because}`;
}

function formatOwner(owner: Exclude<LimitOwner, { readonly kind: "vpn" }>): string {
  return owner.kind === "other"
    ? factIn(owner.because)
    : `不知道是哪一段链路的限制（${factIn(owner.reason)}）`;
}

function formatVanishes(
  hops: { readonly afterTtl: number; readonly beforeTtl: number } | null,
): string {
  if (hops === null) return "";
  return hops.afterTtl === 0
    ? `，在第 ${hops.beforeTtl} 跳之前`
    : `，在第 ${hops.afterTtl} 跳与第 ${hops.beforeTtl} 跳之间`;
}

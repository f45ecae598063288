// How the root-cause trace is laid out as plain text, in Chinese.

import type { ExplanationTexts } from "../../text-trace.ts";
import { lastingOf } from "../lasts.ts";
import { CHINESE_TEXTS } from "./texts.ts";

const { labels, verdicts, steps, shells, lasts, more } = CHINESE_TEXTS;

export const CHINESE_EXPLANATION: ExplanationTexts = {
  labels: { ...labels, check: "验证" },
  head: ({ target, verdict, reason }) => [`${target}：`, `${verdicts[verdict]}。${reason}`],
  step: (kind) => steps[kind],
  ruledOut: ({ cause, because }) => `${cause}，因为${/^\w|^\//.test(because) ? " " : ""}${because}`,
  fix: (fix) => `${fix.title}（${shells[fix.where]}；${lasts[lastingOf(fix)]}）：`,
  check: ({ now, afterwards }) => `${labels.now}：${now}；${labels.afterwards}：${afterwards}`,
  more: (shown, count) => `${shown} ${more(count)}`,
  direction: (direction) =>
    direction === "both" ? `${labels.outbound}、${labels.inbound}` : labels[direction],
};

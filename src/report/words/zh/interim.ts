// What a pipe is told while a run still waits, in Chinese.

import type { InterimTexts } from "../../interim.ts";
import { CHINESE_EXPLANATION } from "./explanation.ts";
import { CHINESE_PHRASES } from "./phrases.ts";
import { CHINESE_TEXTS } from "./texts.ts";

const { labels, verdicts } = CHINESE_TEXTS;

export const CHINESE_INTERIM: InterimTexts = {
  soFar: ({ elapsed, verdict, reason }) => [
    `目前（${elapsed}）：`,
    `${verdicts[verdict]}。${reason}`,
  ],
  cause: ({ cause, segment, between, direction, confidence }) => {
    const place = CHINESE_PHRASES.place({ segment, between, name: null });
    const towards = direction === null ? "" : `，${CHINESE_PHRASES.direction({ direction })}`;
    const sure = `${labels.confidence} ${confidence.toFixed(2)}`;
    return [
      `${labels.cause}：`,
      `${cause}；${labels.place}：${place}${towards}；${sure}。详见 wsl-trace explain ${cause}`,
    ];
  },
  fix: CHINESE_EXPLANATION.fix,
  waiting: ({ until, hangs }) => [
    "等待中：",
    `看${hangs ? "连接会不会自行恢复" : "有没有域名服务器应答"}，${until === null ? "到运行结束为止" : `最多到运行的第 ${until}`}`,
  ],
};

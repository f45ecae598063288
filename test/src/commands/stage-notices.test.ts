// What a run says stage by stage to whoever waits at a pipe.

import { expect, it } from "vitest";
import { createStageNotices } from "../../../src/commands/stage-notices.ts";
import { readEvents } from "../../recordings/files.ts";

function noticesOf(recording: string): readonly string[] {
  const lines: string[] = [];
  const notice = createStageNotices((text) => lines.push(text));
  for (const event of readEvents(recording)) notice(event);
  return lines;
}

it("tells each stage of the default attempt as it ends, and a hang while it lasts", () => {
  const lines = noticesOf("wsl2-vpn.root.ndjson.gz");
  expect(lines.map((text) => text.split(":")[0])).toEqual(["resolve", "connect", "tls", "tls"]);
  expect(lines.at(-2)).toContain("waiting");
  expect(lines.at(-1)).toMatch(/^tls: no answer in \d+ ms$/);
});

it("tells nothing of the other connections of a run", () => {
  expect(noticesOf("wsl1-nrpt.root.ndjson.gz").length).toBeLessThanOrEqual(4);
});

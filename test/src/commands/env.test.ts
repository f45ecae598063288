// What `wsl-trace env --json` prints.

import { expect, it } from "vitest";
import { env } from "../../../src/commands/env.ts";
import { parseTarget } from "../../../src/target.ts";
import {
  BEHIND_NAT,
  hostSnapshot,
  interfaces,
  numbered,
  runStarted,
  vantage,
} from "../../builders/events.ts";
import { snapshotOf } from "../host/example.ts";

const SEEN = numbered([
  { ...runStarted(), command: "env" },
  vantage(),
  interfaces(BEHIND_NAT),
  hostSnapshot(snapshotOf({ "Get-NetAdapter": [{ Name: "E\u009b\u202e", ifIndex: 9 }] }), null),
]);

it("neither drives a terminal nor turns its direction, and is read back as it was", async () => {
  const printed: string[] = [];
  const code = await env(
    {
      target: parseTarget("192.0.2.1", undefined),
      options: runStarted().options,
      json: true,
      recordFile: null,
      redaction: { applied: false, target: false },
    },
    {
      trace: async function* (_target, _options, record) {
        for (const event of SEEN) record(event);
        yield* [];
      },
      openFile: () => {
        throw new Error("no file is asked for");
      },
      show: null,
      print: (text) => printed.push(text),
    },
  );
  const text = printed.join("");
  expect(code).toBe(0);
  expect(text).toContain('"E\\u009b\\u202e"');
  expect(JSON.parse(text)).toMatchObject({ host: { adapters: [{ name: "E\u009b\u202e" }] } });
});

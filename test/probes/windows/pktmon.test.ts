// Counting in Windows: the counters that are read, and helper.ps1 with a shell script instead of pktmon.

import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readAnswer } from "../../../probes/windows/helper-protocol.ts";
import { readCounters } from "../../../probes/windows/pktmon.ts";
import { overStandardInput } from "../../../probes/windows/script-command.ts";
import { readHelper } from "../../../probes/windows/script-file.ts";
import { ENGINE_FORMS, runEngine, whyNotRun } from "../../builders/engine.ts";

const side = (Packets: number | string, Bytes: number | string = 0) => ({ Packets, Bytes });
const flow = {
  Name: "Upper",
  Type: "Flow",
  Inbound: side(4, 400),
  Outbound: side("1,800", "2,700,000"),
};
const drops = {
  Name: "Lower",
  Type: "Drops",
  Inbound: side(0),
  Outbound: side(12, 18168),
  "Last Drop Reason": "MTU Mismatch",
};

describe("counters", () => {
  test("give packets once for each component, and drops with their reason", () => {
    const text = JSON.stringify([
      {
        Group: "Intel(R) Wi-Fi",
        Components: [
          { Name: "Intel(R) Wi-Fi", Counters: [flow, { ...flow, Name: "Lower" }, drops] },
          { Name: "idle", Counters: [{ ...flow, Inbound: side(0), Outbound: side(0) }] },
        ],
      },
    ]);
    expect(readCounters(`\ufeffsome words\n${text}`)).toEqual({
      kind: "read",
      components: [
        {
          group: "Intel(R) Wi-Fi",
          name: "Intel(R) Wi-Fi",
          received: { packets: 4, bytes: 400 },
          sent: { packets: 1800, bytes: 2_700_000 },
          drops: [{ way: "sent", packets: 12, bytes: 18168, reason: "MTU Mismatch" }],
        },
      ],
    });
  });

  test("are read where one element stands without its list, and a reason is missing", () => {
    const one = { Type: "Drops", Inbound: side(2) };
    const read = readCounters(JSON.stringify({ Components: { Name: "x", Counters: one } }));
    expect(read).toMatchObject({
      components: [{ group: "x", drops: [{ way: "received", packets: 2, reason: null }] }],
    });
  });

  test.each(["", "Packet Monitor is not running.", "[1,2]", '{"a":', "null", '[{"Components":3}]'])(
    "%j is said to be unread",
    (text) => expect(readCounters(text)).toMatchObject({ kind: "unread" }),
  );
});

const folder = mkdtempSync(join(tmpdir(), "wsl-trace-pktmon-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const log = join(folder, "log");
const program = (name: string, body: string) => {
  writeFileSync(join(folder, name), `#!/bin/sh\n${body}\n`);
  chmodSync(join(folder, name), 0o755);
};

interface Round {
  readonly filters?: string;
  readonly status?: string;
  readonly start?: string;
}

/** Prints as Windows does in English; each look at the filters begins a round. Its arguments are in the log. */
function pktmon(...rounds: readonly Round[]): void {
  writeFileSync(log, "");
  program("whoami.exe", `printf '"Mandatory Label","Label","S-1-16-12288",""\\r\\n'`);
  const cases = rounds.map(
    (
      { filters = "    None", status = "", start = "true" },
      n,
    ) => `  "${n + 1} filter list") printf 'Packet Filters:\\r\\n%s\\r\\n' '${filters}' ;;
  "${n + 1} status") printf 'Packet Monitor is not running.\\r\\n${status}' ;;
  "${n + 1} start"*) ${start} ;;`,
  );
  program(
    "pktmon.exe",
    `echo "$*" >> '${log}'
case "$(grep -c '^filter list' '${log}') $*" in
${cases.join("\n")}
  *"counters --json") echo '[{"Group":"B\u00fcro","Components":[]}]' ;;
esac`,
  );
}

const TABLE = "     # Name      IP Address\n     - ----      ----------\n";
const WATCH = '{"token":"w","ask":"watch","addresses":["192.0.2.80","2001:db8::80"]}';
const UNWATCH = '{"token":"u","ask":"unwatch"}';
const ADDED = ["filter add wsl-trace -i 192.0.2.80", "filter add wsl-trace -i 2001:db8::80"];
const LOOK = ["filter list", "status"];
const START = "start --capture --counters-only";
const STOP = ["stop", "filter remove"];

async function ask(variables: Readonly<Record<string, string>>, ...lines: readonly string[]) {
  // biome-ignore lint/style/noProcessEnv: the engine needs the PATH it was found in
  const path = `${folder}:${process.env.PATH}`;
  const { args, head } = overStandardInput(await readHelper());
  const printed = runEngine(args, `${head}${lines.join("\n")}\n`, { ...variables, PATH: path });
  const answers = printed.trim().split(/\r?\n/).map(readAnswer);
  return { answers, asked: readFileSync(log, "utf8").trim().split("\n") };
}

const LIMIT_MS = 60_000;

test.for(ENGINE_FORMS)(
  "helper.ps1, $form, counts, is read, and stops when told and with its input",
  { timeout: LIMIT_MS },
  async ({ variables }, { skip }) => {
    const why = whyNotRun(variables);
    skip(why !== null, why ?? "");
    pktmon({}, {});
    const questions = ['{"token":"h","ask":"hello"}', WATCH, '{"token":"c","ask":"counters"}'];
    const { answers, asked } = await ask(variables, ...questions, UNWATCH, WATCH);
    expect(answers).toMatchObject([{ elevated: true }, ...Array(4).fill({ ok: true })]);
    expect(readCounters(answers[2]?.counters ?? "")).toEqual({ kind: "read", components: [] });
    const begun = [...LOOK, ...ADDED, START];
    expect(asked).toEqual([...begun, "counters --json", ...STOP, ...begun, ...STOP]);
  },
);

test(
  "somebody else's filters and capture are left alone, a failed start and a killed run are cleaned up",
  async ({ skip }) => {
    const { variables } = ENGINE_FORMS[3];
    const why = whyNotRun(variables);
    skip(why !== null, why ?? "");
    pktmon(
      { filters: `${TABLE}     1 mine      192.0.2.1\n     2 wsl-trace 192.0.2.2` },
      { status: "Collected data:\\n" },
      { start: "echo Unknown parameter; exit 87" },
      { filters: `${TABLE}     1 wsl-trace 192.0.2.80` },
    );
    const odd = '{"token":"o","ask":"watch","addresses":["192.0.2.1 -p 1"]}';
    const { answers, asked } = await ask(variables, odd, WATCH, WATCH, WATCH, WATCH, UNWATCH);
    const no = (words: string) => ({ ok: false, error: expect.stringContaining(words) });
    expect(answers).toMatchObject([
      no("no address"),
      no("filters of somebody else"),
      no("capturing"),
      no("(87)"),
      { ok: true },
      { ok: true },
    ]);
    expect(asked).toEqual([
      "filter list",
      ...LOOK,
      ...LOOK,
      ...ADDED,
      START,
      "filter remove",
      "filter list",
      ...STOP,
      "status",
      ...ADDED,
      START,
      ...STOP,
    ]);
  },
  LIMIT_MS,
);

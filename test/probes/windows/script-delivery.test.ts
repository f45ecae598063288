// The collector's whole way into the real PowerShell engine, and what becomes of it where standard input does not arrive.

import { afterEach, describe, expect, test } from "vitest";
import { readCollector } from "../../../probes/windows/script-file.ts";
import { sourceStates } from "../../../src/host/source-list.ts";
import { ENGINE_FORMS, whyNotRun } from "../../builders/engine.ts";
import { type FakeWindows, fakeWindows } from "../../builders/fake-windows.ts";
import { plainHost } from "../../builders/host.ts";

let windows: FakeWindows | null = null;
afterEach(() => windows?.remove());

/** @param body the shell script that starts the engine */
async function collect(
  variables: Readonly<Record<string, string | undefined>>,
  body: string,
  script: string,
) {
  const settings = Object.entries(variables).map(([name, text]) => `export ${name}=${text}`);
  const size = 'printf "%s " "$@" | wc -c >> "$here/sizes"';
  windows = fakeWindows({ "powershell.exe": `${settings.join("\n")}\n${size}\n${body}` });
  const answer = await windows.ask([{ kind: "reach", host: "127.0.0.1", port: 1 }], {
    readScript: async () => script,
  });
  return { answer, sizes: windows.read("sizes").trim().split("\n").map(Number) };
}

const whole = await readCollector();
/** Ahead of the collector, whose answer shows that all of it has arrived. */
const filler = Array.from({ length: 1000 }, (_, n) => `function Get-Part${n} { 'part ${n}' }\n`);
const long = `${filler.join("")}${whole}`;
/** Its extras alone have no room. */
const withLongExtras = whole.replace("#region extras\n", `$&${filler.join("")}`);

const ENGINE = 'exec pwsh "$@"';
/** Windows' standard input is empty at the first start. */
const NO_INPUT = `case "$*" in *-EncodedCommand*) ${ENGINE};; *) ${ENGINE} </dev/null;; esac`;
const HALF_INPUT = `case "$*" in *-EncodedCommand*) ${ENGINE};; *) head -c 5000 | pwsh "$@";; esac`;
const REACHED = { sources: { reach: [{ address: "127.0.0.1", port: 1, ok: false }] } };
const LIMIT_MS = 60_000;

describe.each(ENGINE_FORMS)("the collector, $form", ({ form, variables }) => {
  const languageMode = form.includes("Constrained") ? "ConstrainedLanguage" : "FullLanguage";
  const snapshot = { languageMode, ...REACHED };

  test(
    "arrives over standard input at three times its size, behind a short command line",
    async ({ skip }) => {
      const why = whyNotRun(variables);
      skip(why !== null, why ?? "");
      expect(long.length).toBeGreaterThan(3 * whole.length);
      const { answer, sizes } = await collect(variables, `echo '#< CLIXML' >&2\n${ENGINE}`, long);
      expect(answer).toMatchObject({ kind: "snapshot", note: null, snapshot });
      expect(sizes).toEqual([expect.any(Number)]);
      expect(sizes[0]).toBeLessThan(300);
    },
    LIMIT_MS,
  );

  test(
    "goes on the command line where nothing came over standard input",
    async ({ skip }) => {
      const why = whyNotRun(variables);
      skip(why !== null, why ?? "");
      const { answer, sizes } = await collect(variables, NO_INPUT, whole);
      expect(answer).toMatchObject({ kind: "snapshot", note: null, snapshot });
      expect(sizes).toHaveLength(2);
    },
    LIMIT_MS,
  );
});

describe("where the script has no room on the command line", () => {
  const { variables } = ENGINE_FORMS[3];

  test(
    "half a script runs nothing, and the extras are left out and reported",
    async ({ skip }) => {
      const why = whyNotRun(variables);
      skip(why !== null, why ?? "");
      const { answer } = await collect(variables, HALF_INPUT, withLongExtras);
      expect(answer).toMatchObject({
        kind: "snapshot",
        note: expect.stringMatching(
          /^PowerShell ran nothing from its standard input \(.* is empty/,
        ),
        snapshot: REACHED,
      });
      const states = answer.kind === "snapshot" ? sourceStates(answer.snapshot) : [];
      const left = states.filter(({ state }) => state === "not-collected").map(({ name }) => name);
      expect(left).toEqual(
        expect.arrayContaining(["Get-NetNat", "Get-NetAdapterLso", "Get-HnsNetwork"]),
      );
      expect(left).not.toContain("Get-NetRoute");
    },
    LIMIT_MS,
  );

  test("a script that is too long even so is not sent again, and the reason stays", async () => {
    const { answer, sizes } = await collect({}, "echo blocked >&2; exit 5", long);
    expect(sizes).toHaveLength(1);
    expect(answer).toMatchObject({
      kind: "none",
      code: "host-no-snapshot",
      reason: expect.stringContaining("exit code 5; it printed: blocked"),
    });
  });
});

test("a collector that printed something on standard input's way is not started again", async () => {
  const half = JSON.stringify(plainHost).slice(0, 700);
  const { answer, sizes } = await collect({}, `cat >/dev/null; echo '${half}'`, whole);
  expect(sizes).toHaveLength(1);
  expect(answer).toMatchObject({ kind: "none", code: "host-no-snapshot" });
});

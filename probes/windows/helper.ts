// A PowerShell that stays, so that probes from Windows can be timed together with probes from the distro.

import type { Clock } from "../../src/clock.ts";
import { messageOf } from "../../src/errors.ts";
import { type HelperAnswer, type HelperQuestion, readAnswer } from "./helper-protocol.ts";
import { loadExeca } from "./load-execa.ts";
import { endGroup } from "./run-bounded.ts";
import type { ScriptCommand } from "./script-command.ts";

export interface HelperDeps {
  readonly clock: Clock;
  debug(line: string): void;
}

export type HelperReply =
  | { readonly kind: "answered"; readonly answer: HelperAnswer }
  /** No answer: it did not start, has ended, or was silent for too long. */
  | { readonly kind: "failed"; readonly reason: string; readonly silent?: boolean };

export interface HostHelper {
  /** Never rejects. One that is silent for too long is ended, since it answers one line after another. */
  ask(question: HelperQuestion, limitMs: number): Promise<HelperReply>;
  /** Several at once: what can run beside others does. Each answer comes on its own. */
  askAll(questions: readonly HelperQuestion[], limitMs: number): readonly Promise<HelperReply>[];
  /** Ends it, and everything that it has started. Questions without an answer fail. */
  close(): void;
}

type Settle = (reply: HelperReply) => void;

/** No answer is longer, pktmon's counters of every component included; more without a line end is garbage. */
const MAX_LINE_CHARS = 1_000_000;
const SHOWN_CHARS = 200;
/** For pktmon to stop and to lose its filters. */
const GENTLE_MS = 5000;

/**
 * @param file the absolute path of powershell.exe
 * @param command runs helper.ps1
 * @param environment added to our own
 */
export async function startHelper(
  deps: HelperDeps,
  file: string,
  command: ScriptCommand,
  environment: Readonly<Record<string, string>> = {},
): Promise<HostHelper> {
  const execa = await loadExeca();
  const child = execa(file, command.args, {
    reject: false,
    detached: true,
    buffer: false,
    stdin: "pipe",
    stderr: "ignore",
    env: environment,
  });
  deps.debug(`started ${file} to stay, its script over ${command.over}`);
  const waiting = new Map<string, Settle>();
  let asked = 0;
  let over: Extract<HelperReply, { kind: "failed" }> | null = null;
  const gone = new AbortController();
  let counting = false;
  const fail = (reason: string, silent: boolean) => {
    over ??= { kind: "failed", reason, silent };
    for (const settle of [...waiting.values()]) settle(over);
  };
  const end = (reason: string, silent = false) => {
    endGroup(child.pid, "SIGKILL");
    child.stdin?.destroy();
    child.stdout?.destroy();
    fail(reason, silent);
  };
  /** What it has begun in Windows ends with its input; killed it could not end that. */
  const endGently = (reason: string) => {
    child.stdin?.end();
    fail(reason, false);
    deps.clock.sleep(GENTLE_MS, gone.signal).then(
      () => end(reason),
      () => undefined,
    );
  };
  readLines(child.stdout, (line) => {
    const answer = readAnswer(line);
    const settle = answer === null ? undefined : waiting.get(answer.token ?? "");
    if (answer === null || settle === undefined) {
      deps.debug(`not an answer: ${line.slice(0, SHOWN_CHARS)}`);
    } else settle({ kind: "answered", answer });
  }).then(
    () => end("the helper in Windows printed a line without an end"),
    (error: unknown) => end(`the helper in Windows cannot be read (${messageOf(error)})`),
  );
  // A pipe whose reader has gone fails here, and the end of the process gives the reason.
  child.stdin?.on("error", () => undefined);
  child.stdin?.write(command.head);
  child.finally(() => gone.abort()).catch(() => undefined);
  child.then(
    ({ exitCode, code }) =>
      end(`the helper in Windows has ended (${exitCode ?? code ?? "killed"})`),
    (error: unknown) => end(messageOf(error)),
  );

  const expect = (token: string, limitMs: number): Promise<HelperReply> => {
    if (over !== null) return Promise.resolve(over);
    return new Promise((resolve) => {
      const timer = new AbortController();
      waiting.set(token, (reply) => {
        waiting.delete(token);
        timer.abort();
        resolve(reply);
      });
      deps.clock.sleep(limitMs, timer.signal).then(
        () => end(`the helper in Windows gave no answer in ${limitMs} ms`, true),
        () => undefined,
      );
    });
  };
  const nextToken = (): string => {
    asked += 1;
    return `q${asked}`;
  };
  const write = (line: unknown) => {
    if (over === null) child.stdin?.write(`${JSON.stringify(line)}\n`);
  };

  return {
    ask: (question, limitMs) => {
      const token = nextToken();
      const reply = expect(token, limitMs);
      write({ token, ...question });
      return reply;
    },
    askAll: (questions, limitMs) => {
      if (questions.some(({ ask }) => ask === "watch")) counting = true;
      const marked = questions.map((question) => ({ token: nextToken(), ...question }));
      const replies = marked.map(async ({ token, ask }) => {
        const reply = await expect(token, limitMs);
        if (ask === "unwatch" && reply.kind === "answered") counting = false;
        return reply;
      });
      write({ questions: marked });
      return replies;
    },
    close: () => {
      const reason = "the helper in Windows was closed";
      if (counting && over === null) endGently(reason);
      else end(reason);
    },
  };
}

/** Resolves when a line gets too long; at the end of the stream it stays pending: the end of the process gives the reason. */
function readLines(
  stream: NodeJS.ReadableStream | null,
  take: (line: string) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let rest = "";
    stream?.setEncoding("utf8");
    stream?.on("error", reject);
    stream?.on("data", (chunk: string) => {
      const lines = `${rest}${chunk}`.split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line.trim() !== "") take(line.trim());
      if (rest.length > MAX_LINE_CHARS) resolve();
    });
  });
}

// Drops of everybody through a tracefs instance of the tool's own: no cookie, no namespace, but the kernel's reasons.

import { createInterface } from "node:readline";
import { isBenignDrop } from "./benign-drops.ts";
import { nameReason } from "./drop-reasons.ts";
import { baseName, createSymbolSource } from "./symbols.ts";
import { parseTracefsLine, type TracefsDrop } from "./tracefs-lines.ts";
import { startTracefs } from "./tracefs-process.ts";
import { END, READY } from "./tracefs-script.ts";

/** A drop of anybody's packet. */
export interface AnonymousDrop {
  readonly monotonicMs: number;
  readonly reason: string | null;
  /** It follows from the location: Debian's 6.1 prints none there, and kernels before 5.17 have none. */
  readonly inferred: boolean;
  readonly symbol: string | null;
}

export interface TracefsTrace {
  readonly kind: "trace";
  readonly drops: AsyncIterable<AnonymousDrop>;
  /** Events for which the kernel's buffer had no room. */
  lost(): number;
  /** Takes the instance away; what was reported before can still be read. */
  close(): Promise<void>;
}

export interface TracefsUnavailable {
  readonly kind: "unavailable";
  readonly reason: string;
}

/** Two instances of one process must not meet. */
let instances = 0;

/** Needs root: CAP_SYS_ADMIN for the mount namespace, and the right to write below tracefs. */
export async function createTracefsTrace(): Promise<TracefsTrace | TracefsUnavailable> {
  instances += 1;
  const name = `wsl-trace-${process.pid}-${instances}`;
  const child = await startTracefs(name);
  if (typeof child === "string") return { kind: "unavailable", reason: reasonOf(child) };
  const { stdin, stdout, stderr, ended } = child;
  // It may be gone before what is written reaches it.
  stdin.on("error", () => undefined);
  let complaint = "";
  stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint += text;
  });
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  for (;;) {
    const next = await lines.next();
    if (next.done) {
      await ended;
      return { kind: "unavailable", reason: reasonOf(complaint) };
    }
    if (next.value === READY) break;
  }
  let lost = 0;
  let closing: Promise<unknown> | undefined;
  const symbols = createSymbolSource();
  async function* read(): AsyncGenerator<AnonymousDrop> {
    for (let next = await lines.next(); !next.done; next = await lines.next()) {
      // The kernel's own mark: everything before it has been read.
      if (next.value.includes(END)) stdin.end();
      const event = parseTracefsLine(next.value);
      if (event?.kind === "lost") lost += event.count;
      if (event?.kind !== "drop") continue;
      const drop = named(event, await symbolOf(event));
      if (!isHarmless(drop)) yield drop;
    }
  }
  async function symbolOf({ location }: TracefsDrop): Promise<string | null> {
    if (location === null) return null;
    if ("symbol" in location) return baseName(location.symbol);
    const call = location.address - 1;
    await symbols.lookUp([call]);
    const found = symbols.find(call);
    return found === undefined ? null : baseName(found.symbol);
  }
  return {
    kind: "trace",
    drops: read(),
    lost: () => lost,
    close: async () => {
      closing ??= new Promise((resolve) => {
        stdin.write("\n", resolve);
      });
      await closing;
    },
  };
}

function named({ monotonicMs, reason }: TracefsDrop, symbol: string | null): AnonymousDrop {
  if (reason !== null) return { monotonicMs, reason, inferred: false, symbol };
  const device = { reason: null, location: symbol, family: null, icmpSent: null, tcpFlags: null };
  const name = nameReason(new Map(), device)?.name ?? null;
  return { monotonicMs, reason: name, inferred: name !== null, symbol };
}

function isHarmless({ reason, symbol }: AnonymousDrop): boolean {
  const nothing = { protocol: 0, icmpType: null, tcpFlags: null, quoted: false, answersSyn: false };
  return isBenignDrop({ reason, location: symbol, ...nothing });
}

function reasonOf(complaint: string): string {
  // mount(8) ends with a line of advice, which is no reason.
  const lines = complaint.split("\n").map((text) => text.trim());
  const line = lines.filter((text) => text !== "" && !text.startsWith("dmesg(1)")).at(-1) ?? "";
  return line === "" ? "tracefs: no instance could be made" : `tracefs: ${line}`;
}

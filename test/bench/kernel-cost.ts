// What watching the kernel costs traffic that is not the tool's: the sender's slowdown, beside bpftrace with the same filter.
//
// Run with `npm run bench:kernel [rounds]` as root. Prints medians with their spread; asserts nothing. A packet meets four
// hooks here: queued and sent by the sender's interface, received by the other one, dropped there by a rule.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { createAssembler, openBpf, readKernelBtf } from "ebpf-ts-bindings";
import { createKernelTrace, type KernelTraceOptions } from "../../probes/kernel/kernel-trace.ts";
import { COOKIE_MAGIC } from "../../probes/packet/cookie.ts";
import { createNet, link, type Net } from "../lab/independent/net.ts";

const ROUNDS = Number(process.argv[2] ?? 9);
const PACKETS = 100_000;
const HOOKS = 4;
const PORT = 7777;
const SENDER = fileURLToPath(new URL("kernel-sender.ts", import.meta.url));
const STAGES = ["drop", "queued", "sent", "received", "icmp-sent"] as const;

interface Contender {
  readonly name: string;
  /** Puts it on; what it gives takes it off again. Null where it is not to be had. */
  attach(): Promise<(() => Promise<void>) | null>;
}

/** As the kernel holds the magic in memory. */
const MAGIC = Buffer.from(COOKIE_MAGIC.toString(16), "hex").readUInt32LE();
const IS_OURS = `$l = $p + (*$p & 15) * 4; if (*($p + 9) == 17 && *(uint32 *)($l + 8) == ${MAGIC}) { @ = count(); }`;
const BPFTRACE = `
tracepoint:skb:kfree_skb, tracepoint:net:net_dev_queue, tracepoint:net:net_dev_start_xmit {
  $skb = (struct sk_buff *)args->skbaddr; $p = (uint8 *)($skb->head + $skb->network_header); ${IS_OURS}
}
tracepoint:net:netif_receive_skb { $skb = (struct sk_buff *)args->skbaddr; $p = (uint8 *)$skb->data; ${IS_OURS} }
`;

function ours(name: string, options: Partial<KernelTraceOptions>, withFlow: boolean): Contender {
  return {
    name,
    attach: async () => {
      const trace = await createKernelTrace({ session: 1, stages: STAGES, ...options });
      if (trace.kind === "unavailable") throw new Error(trace.reason.text);
      if (withFlow) {
        const ends = { localAddress: "192.0.2.77", localPort: 40_000, remotePort: 443 };
        trace.addFlow({ protocol: "tcp", remoteAddress: "198.51.100.7", ...ends }, 1);
      }
      return trace.close;
    },
  };
}

const CONTENDERS: readonly Contender[] = [
  { name: "nothing", attach: async () => async () => undefined },
  ours("wsl-trace, of this namespace", { ownNetns: true }, false),
  ours("wsl-trace, of every namespace", {}, false),
  ours("wsl-trace, with a connection in hand", {}, true),
  { name: "bpftrace, same filter", attach: startBpftrace },
];

async function startBpftrace(): Promise<(() => Promise<void>) | null> {
  // It looks tracepoints up in tracefs, which need not be mounted here.
  const script = 'mount -t tracefs none /sys/kernel/tracing && exec bpftrace -e "$0"';
  const child = spawn("unshare", ["--mount", "sh", "-c", script, BPFTRACE], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (text) => {
    said += String(text);
  });
  const on = await Promise.race([
    once(child.stdout, "data").then(() => true),
    once(child, "close").then(() => false),
    once(child, "error").then(() => false),
  ]).catch(() => false);
  if (!on) {
    process.stderr.write(`bpftrace is left out: ${said.trim() || "it is not installed"}\n`);
    return null;
  }
  return async () => {
    child.kill("SIGINT");
    await once(child, "close");
  };
}

interface Sender {
  burst(): Promise<number>;
  readonly child: ChildProcess;
}

async function startSender(net: Net): Promise<Sender> {
  const args = ["--import", "tsx", SENDER, "192.0.2.2", String(PORT), String(PACKETS)];
  const argv = ["netns", "exec", net.name("c"), process.execPath, ...args];
  const child = spawn("ip", argv, { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  await lines.next();
  return {
    child,
    burst: async () => {
      child.stdin.write("\n");
      return Number((await lines.next()).value);
    },
  };
}

/** What each program takes by itself, as the kernel counts it; the counting adds to the sender's time, so it is apart. */
async function printPrograms(sender: Sender): Promise<void> {
  const bpf = await openBpf();
  const trace = await createKernelTrace({ session: 1, stages: STAGES, ownNetns: true });
  if (trace.kind === "unavailable") return;
  // The kernel's counting alone, on one more hook.
  const target = readKernelBtf().tracepoint("net_dev_queue");
  if (target === undefined) return;
  const instructions = createAssembler().mov("r0", 0).exit().assemble();
  const options = { name: "wt_nothing", kind: "tp_btf", target, instructions } as const;
  const nothing = bpf.loadProgram(options).attach();
  const statistics = bpf.enableStatistics();
  await sender.burst();
  const programs = bpf
    .listPrograms()
    .filter(({ name, runCount }) => name.startsWith("wt_") && runCount > 0n);
  statistics.close();
  nothing.close();
  await trace.close();
  for (const { name, runCount, runTimeNs } of programs) {
    process.stdout.write(
      `  ${name.padEnd(38)} ${(Number(runTimeNs) / Number(runCount)).toFixed(0)} ns by itself\n`,
    );
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function quartiles(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (part: number) => sorted[Math.floor((sorted.length - 1) * part)]?.toFixed(0);
  return `${at(0.25)}..${at(0.75)}`;
}

async function main(): Promise<void> {
  const net = await createNet(["c", "r"]);
  try {
    await link(net, ["c", "c0"], ["r", "r0"], 1500);
    await net.ip("c", "addr", "add", "192.0.2.1/24", "dev", "c0");
    await net.ip("r", "addr", "add", "192.0.2.2/24", "dev", "r0");
    const rule = `udp dport ${PORT} drop`;
    await net.nft(
      "r",
      `table ip t { chain c { type filter hook prerouting priority -300; ${rule}; }; }`,
    );
    const sender = await startSender(net);
    const taken = new Map<string, number[]>();
    const absent = new Set<string>();
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const { name, attach } of CONTENDERS) {
        if (absent.has(name)) continue;
        const detach = await attach();
        if (detach === null) {
          absent.add(name);
          continue;
        }
        const ns = await sender.burst();
        await detach();
        taken.set(name, [...(taken.get(name) ?? []), ns]);
      }
    }
    print(taken);
    await printPrograms(sender);
    sender.child.kill();
  } finally {
    await net.remove();
  }
}

/** Differences are taken round by round: what else the machine does changes slower than that. */
function print(taken: ReadonlyMap<string, readonly number[]>): void {
  const base = taken.get("nothing") ?? [];
  process.stdout.write(
    `${PACKETS} packets a burst, ${ROUNDS} rounds, ns a packet (median, quartiles)\n`,
  );
  for (const [name, values] of taken) {
    const more = values.map((ns, round) => (ns - (base[round] ?? Number.NaN)) / HOOKS);
    const cost =
      name === "nothing" ? "" : `, ${median(more).toFixed(0)} an event (${quartiles(more)})`;
    const words = `${median(values).toFixed(0)} (${quartiles(values)})${cost}`;
    process.stdout.write(`  ${name.padEnd(38)} ${words}\n`);
  }
}

await main();

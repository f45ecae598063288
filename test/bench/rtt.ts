// The round-trip time of ICMP echo as the tool measures it, beside ping's, in one run, turn by turn.
//
// Run with `npm run bench -- rtt`. Prints medians, their difference and the spread; asserts nothing.

import { performance } from "node:perf_hooks";
import { Box, Text } from "ink";
import { render } from "ink-testing-library";
import { createElement } from "react";
import { loadLibc } from "../../probes/native/libc.ts";
import { openPingTransport } from "../../probes/native/ping-transport.ts";
import { cookieOf } from "../../probes/packet/cookie.ts";
import { inside } from "../lab/independent/inside.ts";
import type { Net } from "../lab/independent/net.ts";
import { createOffice, OFFICE } from "../lab/independent/office.ts";

/** A round is so many turns of each. */
const TURNS = 4;
const PER_TURN = 20;
const GAP_MS = 10;
/** For the answer to the last one. */
const LAST_MS = 200;
const FRAME_MS = 33;

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const sorted = (values: readonly number[]) => [...values].sort((a, b) => a - b);
const quantile = (values: readonly number[], share: number) =>
  sorted(values)[Math.floor((values.length - 1) * share)] ?? Number.NaN;

async function ownTurn(net: Net): Promise<readonly number[]> {
  const libc = await loadLibc();
  return inside(net, "guest", async () => {
    const transport = openPingTransport(libc, { family: 4, address: OFFICE.site4 });
    const rtts: number[] = [];
    const drain = () => {
      for (const { outcome } of transport.drain()) {
        if (outcome.kind === "reply") rtts.push(outcome.rttMs);
      }
    };
    try {
      for (let n = 1; n <= PER_TURN; n++) {
        transport.send({ ttl: 64, sizeBytes: 84, cookie: cookieOf(0x5a5a, n) });
        await until(() => false, GAP_MS, drain);
      }
      await until(() => rtts.length >= PER_TURN, LAST_MS, drain);
    } finally {
      transport.close();
    }
    return rtts;
  });
}

async function until(isOver: () => boolean, limitMs: number, turn: () => void): Promise<void> {
  for (const endMs = performance.now() + limitMs; performance.now() < endMs && !isOver(); ) {
    await sleep(1);
    turn();
  }
}

async function pingTurn(net: Net): Promise<readonly number[]> {
  const argv = ["-n", "-c", String(PER_TURN), "-i", String(GAP_MS / 1000), OFFICE.site4];
  const stdout = await net.run("guest", "ping", ...argv);
  return [...stdout.matchAll(/time=([\d.]+) ms/g)].map(([, ms]) => Number(ms));
}

/** A screen that is drawn anew as often as a terminal is worth it. */
function redraw(): () => void {
  const lines = (n: number) =>
    createElement(
      Box,
      { flexDirection: "column" },
      ...Array.from({ length: 30 }, (_, row) =>
        createElement(
          Text,
          { key: row, color: "green" },
          `hop ${row} ${"=".repeat((n + row) % 60)}`,
        ),
      ),
    );
  const app = render(lines(0));
  let frame = 0;
  const timer = setInterval(() => {
    frame += 1;
    app.rerender(lines(frame));
  }, FRAME_MS);
  return () => {
    clearInterval(timer);
    app.unmount();
  };
}

async function compare(title: string, net: Net, turns: number, busy: boolean): Promise<void> {
  const own: number[] = [];
  const ping: number[] = [];
  for (let turn = 0; turn < turns; turn++) {
    const stop = busy ? redraw() : () => undefined;
    own.push(...(await ownTurn(net).finally(stop)));
    ping.push(...(await pingTurn(net)));
  }
  const told = (values: readonly number[]) =>
    `median ${quantile(values, 0.5).toFixed(3)} ms (quartiles ${quantile(values, 0.25).toFixed(3)}..${quantile(values, 0.75).toFixed(3)}, n=${values.length})`;
  const differenceUs = (quantile(own, 0.5) - quantile(ping, 0.5)) * 1000;
  const percent = (100 * differenceUs) / 1000 / quantile(ping, 0.5);
  process.stdout.write(
    `${title}\n  wsl-trace ${told(own)}\n  ping      ${told(ping)}\n  difference ${differenceUs.toFixed(0)} microseconds, ${percent.toFixed(1)} %\n`,
  );
}

async function withOffice(delayMs: number | undefined, work: (net: Net) => Promise<void>) {
  const net = await createOffice({
    tunnelMtu: 1500,
    ...(delayMs === undefined ? {} : { delayMs, exactDelay: true }),
  });
  try {
    await net.run("guest", "sysctl", "-qw", "net.ipv4.ping_group_range=0 2147483647");
    await work(net);
  } finally {
    await net.remove();
  }
}

export async function compareRtt(rounds: number): Promise<void> {
  const turns = TURNS * rounds;
  await withOffice(undefined, async (net) => {
    await compare("veth links", net, turns, false);
    await compare("veth links, while the screen is redrawn", net, turns, true);
  });
  // Below 10 ms ping tells hundredths, above it tenths alone.
  await withOffice(2.5, async (net) => {
    await compare("5 ms there and back", net, turns, false);
    await compare("5 ms there and back, while the screen is redrawn", net, turns, true);
  });
}

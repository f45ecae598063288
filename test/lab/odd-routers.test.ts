// Routers that answer oddly: original datagrams of 8 bytes, duplicates, late, reordered, and answers to other people's probes.
//
//   guest ---- r1 ---- r2 ---- site        r1 keeps its own messages, a program answers instead

import { afterEach, describe, expect, it } from "vitest";
import {
  checkedRawSockets,
  koffiEngine,
  type ProbeEngine,
  rawEngine,
} from "../../probes/native/engine.ts";
import { loadLibc } from "../../probes/native/libc.ts";
import type { Answer, Transport } from "../../probes/native/transport.ts";
import { cookieOf } from "../../probes/packet/cookie.ts";
import { createProbeSender } from "../../probes/probe-sender.ts";
import { systemClock } from "../../src/clock.ts";
import { testContext } from "../builders/context.ts";
import { createChain, SITE } from "./independent/chain.ts";
import { inside } from "./independent/inside.ts";
import type { Net } from "./independent/net.ts";

const libc = await loadLibc();
const SESSION = 0x5b5b;
const now = () => performance.now();
const koffi = koffiEngine({ libc, session: SESSION, now });
const raw = rawEngine({ libc, session: SESSION, sockets: await checkedRawSockets(), now });
const ENGINES = [koffi, raw];
const FAMILIES = [4, 6] as const;
const PROTOCOLS = ["udp", "icmp", "tcp"] as const;
const R1 = { 4: "10.91.0.2", 6: "2001:db8:91:0::2" } as const;
const SHOWN = { 4: R1[4], 6: "2001:db8:91::2" } as const;
/** Attempts after which a late answer is taken for lost. */
const MORE_BATCHES = 100;
const ROUTER = new URL("./independent/odd-router.mjs", import.meta.url).pathname;

let net: Net | undefined;
afterEach(async () => {
  await net?.remove();
  net = undefined;
});

async function chainWith(habit: string, family: 4 | 6): Promise<Net> {
  ({ net } = await createChain([1500, 1500, 1500]));
  await net.run("guest", "sysctl", "-qw", "net.ipv4.ping_group_range=0 2147483647");
  // The kernel's own messages belong to no user, and do not leave.
  const types = ["icmp type time-exceeded", "icmpv6 type time-exceeded"];
  const rules = types.flatMap((type) => [`${type} meta skuid 0 accept`, `${type} drop`]);
  const hook = "type filter hook output priority 0; policy accept;";
  const table = ["table inet own {", "chain out {", hook, ...rules, "}", "}", ""].join("\n");
  await net.nft("r1", table);
  await net.serve("r1", process.execPath, ROUTER, "i0", String(family), R1[family], habit);
  return net;
}

function open(engine: ProbeEngine, protocol: Transport["protocol"], family: 4 | 6): Transport {
  const to = { family, address: SITE[family] };
  if (protocol === "udp") return engine.udp({ ...to, port: 33_434 });
  return protocol === "icmp" ? engine.echo(to) : engine.syn({ ...to, port: 443 });
}

/** All at once; what came back until nothing more was expected. */
function exchange(
  on: Net,
  transport: () => Transport,
  ttls: readonly number[],
  expected: number,
): Promise<readonly Answer[]> {
  return inside(on, "guest", async () => {
    const opened = transport();
    try {
      for (const [n, ttl] of ttls.entries()) {
        const cookie = cookieOf(SESSION, n + 1);
        expect(opened.send({ ttl, sizeBytes: opened.smallestBytes, cookie })).toBeNull();
      }
      const answers: Answer[] = [];
      for (let attempts = 0; attempts < 300 && answers.length < expected; attempts++) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        answers.push(...opened.drain());
      }
      return answers;
    } finally {
      opened.close();
    }
  });
}

const cookies = (answers: readonly Answer[]) => answers.map(({ cookie }) => cookie);
const cookie = (n: number) => cookieOf(SESSION, n);

describe.each(FAMILIES)("over IPv%i", (family) => {
  describe.each(PROTOCOLS)("%s", (protocol) => {
    it("is known again by raw packets in an original datagram of 8 bytes", async () => {
      const on = await chainWith("8", family);
      const answers = await exchange(on, () => open(raw, protocol, family), [1, 1, 1], 3);
      expect(cookies(answers)).toEqual([cookie(1), cookie(2), cookie(3)]);
      for (const { outcome, quote } of answers) {
        expect(outcome).toMatchObject({ kind: "time-exceeded", from: SHOWN[family] });
        const quotedBytes = (family === 4 ? 20 : 40) + 8;
        expect(quote).toMatchObject({ ttl: 1, quotedBytes, mss: null, rewritten: [] });
      }
    });

    it("takes no answer that is about somebody else's probe", async () => {
      const on = await chainWith("foreign", family);
      const answers = await exchange(on, () => open(raw, protocol, family), [1, 2], 2);
      expect(answers.map((answer) => [answer.cookie, answer.outcome])).toMatchObject([
        [cookie(2), { kind: "time-exceeded" }],
      ]);
    });

    it.each(ENGINES)(
      "is told each answer with its own mark, whatever their order: $name",
      async (engine) => {
        const on = await chainWith("reversed", family);
        const answers = await exchange(
          on,
          () => open(engine, protocol, family),
          [1, 1, 1, 1, 1],
          5,
        );
        expect([...cookies(answers)].sort()).toEqual([1, 2, 3, 4, 5].map(cookie));
        if (engine === raw) expect(cookies(answers)).toEqual([5, 4, 3, 2, 1].map(cookie));
      },
    );
  });
});

describe.each(ENGINES)("a batch over $name", (engine) => {
  /** Two probes to r1, then two to r2, as a sweep sends them; then more to r2 until `late` answers came. */
  async function twoBatches(habit: string, waitMs: number, late = 0) {
    const on = await chainWith(habit, 4);
    return inside(on, "guest", async () => {
      const context = testContext([], systemClock);
      const transport = open(engine, "udp", 4);
      let marks = 0;
      const nextCookie = () => {
        marks += 1;
        return cookie(marks);
      };
      const options = { address: SITE[4], nextCookie, runStartMs: systemClock.now() };
      const send = createProbeSender(transport, context, options);
      const sizeBytes = transport.smallestBytes;
      const batch = (ttl: number) => {
        const probe = { purpose: "hop" as const, ttl, sizeBytes };
        return send([probe, probe], waitMs);
      };
      try {
        const near = await batch(1);
        const far = await batch(2);
        // r1's program answers when it gets round to it; what it brought late is read with a later batch.
        const lateOnes = () => context.events.filter(({ kind }) => kind === "late-reply").length;
        await batch(2);
        for (let more = 0; more < MORE_BATCHES && lateOnes() < late; more++) await batch(2);
        return { near, far, events: context.events };
      } finally {
        transport.close();
      }
    });
  }

  const FROM_R1 = { outcome: { kind: "time-exceeded", from: R1[4] } };
  const FROM_R2 = { outcome: { kind: "time-exceeded", from: "10.91.1.2" } };

  it("is not changed by duplicates", async () => {
    const { near, far, events } = await twoBatches("twice", 2000);
    expect(near).toMatchObject([FROM_R1, FROM_R1]);
    expect(far).toMatchObject([FROM_R2, FROM_R2]);
    expect(events.map(({ kind }) => kind)).toEqual(Array(6).fill("probe"));
  });

  it("takes no late answer for that of a later probe, and reports whose it was", async () => {
    const { near, far, events } = await twoBatches("late", 150, 2);
    expect(near.map(({ outcome }) => outcome.kind)).toEqual(["no-reply", "no-reply"]);
    expect(far).toMatchObject([FROM_R2, FROM_R2]);
    expect(events.filter(({ kind }) => kind === "late-reply")).toMatchObject([
      { cookie: cookie(1), ...FROM_R1 },
      { cookie: cookie(2), ...FROM_R1 },
    ]);
  });
});

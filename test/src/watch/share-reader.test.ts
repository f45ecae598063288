// One reader of the network for all targets that are watched together.

import { expect, it } from "vitest";
import { type NetworkState, stateOfLines } from "../../../src/watch/network-state.ts";
import { shareReader } from "../../../src/watch/share-reader.ts";

const { signal } = new AbortController();
const at = (mtu: number) => stateOfLines("route", `default via 192.0.2.1 dev eth0 mtu ${mtu}`);

it("tells everybody of each change once, whoever asked first", async () => {
  const found: (NetworkState | null)[] = [at(1500), null, at(1400)];
  const readers = shareReader(async () => found.shift() ?? null);
  const [one, other] = [readers(), readers()];
  expect(await one(signal)).toEqual(at(1500));
  expect(await other(signal)).toEqual(at(1500));
  expect(await other(signal)).toEqual(at(1400));
  expect(await one(signal)).toEqual(at(1400));
  expect([await one(signal), await other(signal)]).toEqual([null, null]);
});

it("reads once for all who ask at the same time", async () => {
  let reads = 0;
  const readers = shareReader(async () => {
    reads += 1;
    return at(1500);
  });
  const states = await Promise.all([readers(), readers(), readers()].map((read) => read(signal)));
  expect(states).toEqual([at(1500), at(1500), at(1500)]);
  expect(reads).toBe(1);
});

// The short form of `npm run trust -- load`: a machine that has little left makes no verdict wrong, and no exact size.

import { expect, it } from "vitest";
import { inLab } from "../trust/judged.ts";
import { loaded } from "../trust/load/bench.ts";
import { CIRCUMSTANCES } from "../trust/load/circumstances.ts";

/** Room for one after the other on a machine that is busy anyway. */
const CHOSEN = ["files", "memory", "disk"];

it("a silent limit has its own cause, with few files, little memory and a full disk", async () => {
  const came = await inLab("wsl2-vpn", AbortSignal.timeout(170_000), async (lab) => {
    const all = [];
    for (const one of CIRCUMSTANCES.filter(({ name }) => CHOSEN.includes(name))) {
      all.push(...(await loaded(lab, one)));
    }
    return all;
  });
  const wrong = came.filter(({ outcome, exact }) => outcome !== "right" || exact === false);
  expect(came.map(({ circumstance }) => circumstance)).toEqual(CHOSEN);
  expect(wrong).toEqual([]);
});

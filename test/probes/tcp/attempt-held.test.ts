// An attempt whose acknowledgements are held back, and what is kept of the segments that it saw.

import { expect, test } from "vitest";
import type { AttemptInput } from "../../../probes/tcp/attempt-input.ts";
import { ANSWERED, ASKED, at, connected, GAP, HTTPS, run, watched } from "./attempt-inputs.ts";

test("while acknowledgements are held back nothing stalls, and the wait begins with their release", () => {
  const held = (ms: number, on: boolean): AttemptInput => ({
    kind: "talked",
    talked: { kind: "held", held: on },
    ...at(ms, ASKED),
  });
  const asked = [
    connected(10),
    watched(11, ASKED),
    held(12, true),
    watched(112, GAP),
    watched(500, GAP),
  ];
  expect(run(HTTPS, asked).progress).toMatchObject({ stalled: false, decided: false });
  const released = [...asked, held(501, false)];
  expect(run(HTTPS, [...released, watched(590, ASKED)]).progress.stalled).toBe(false);
  expect(run(HTTPS, [...released, watched(592, ASKED)]).lines.at(-1)).toBe("592 tls stalled");
});

test("the largest segment that came is kept, whatever smaller ones come behind it", () => {
  const small = { ...ANSWERED, rcvMss: 700 };
  const large = { ...ANSWERED, rcvMss: 1448 };
  const { progress } = run(HTTPS, [connected(10), watched(12, large), watched(13, small)]);
  expect(progress.latest?.rcvMss).toBe(1448);
});

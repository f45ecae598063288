// Sentences are written out from a key and values: of the cause, of a need, of a shared fix.

import { expect, test } from "vitest";
import { say, sayFix, sayNeed } from "../../../../src/diagnosis/words.ts";
import { writtenOut } from "../../../../src/report/words/words.ts";

test("a cause's sentence has its values in it", () => {
  const words = say("entriesLeft", { count: 3, max: 65_536 });
  expect(writtenOut("conntrack-full", words)).toBe("3 of 65536 entries are taken");
});

test("what causes share is the same sentence for each of them", () => {
  const texts = ["path-loss", "clock-skew"].map((cause) =>
    writtenOut(cause, sayNeed("noConnection")),
  );
  expect(texts).toEqual(["no connection was attempted", "no connection was attempted"]);
  const fix = sayFix("limitLink", { device: "eth0", mtu: 1400, atEveryStart: false });
  expect(writtenOut("path-loss", fix)).toBe("Let eth0 offer and send no more than 1400 bytes");
});

test("a key that has no sentence, as of another version, is shown itself", () => {
  expect(writtenOut("conntrack-full", say("madeUp"))).toBe("madeUp");
  expect(writtenOut("made-up", say("found"))).toBe("found");
});

// What once went wrong, and must not again. design.md: `path-loss` is a warning, "fault when the attempt fails". The rule
// never raises it: a default attempt that never got its answer is "degraded".
import { expect, test } from "vitest";
import { diagnosisOf as diagnose } from "../../src/report/diagnosis.ts";
import { pathOf } from "../builders/events.ts";
import { run } from "../builders/runs.ts";
import { hanging, passing } from "../builders/tcp.ts";

test("loss that stops the default attempt is a fault", () => {
  const tcp = [
    ...hanging("t1"),
    ...hanging("s1", { offered: 576 }),
    ...passing("s2", { offered: 1499 }),
    ...passing("s3", { offered: 1500 }),
  ];
  expect(diagnose(pathOf(...run({ tcp }))).verdict).toBe("fault");
});

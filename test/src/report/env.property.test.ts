// The env report of a host with odd values.

import fc from "fast-check";
import { expect, test } from "vitest";
import { envText } from "../../../src/report/text-env.ts";
import { envReport } from "../../../src/schema/env-report.ts";
import { envOf } from "../../builders/env.ts";
import { propertyRuns } from "../../builders/property-runs.ts";

test("is a report of its schema, printable, whatever a snapshot holds", () => {
  const sources = fc.dictionary(
    fc.constantFrom("Get-NetAdapter", "Get-NetRoute", "Get-NetIPInterface", "Get-NetIPAddress"),
    fc.anything(),
  );
  fc.assert(
    fc.property(sources, (given) => {
      const plain: unknown = JSON.parse(JSON.stringify(given));
      const report = envOf({ schema: "wsl-trace.host/1", sources: plain });
      expect(envReport.parse(report)).toEqual(report);
      expect(envText(report).replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
    }),
    { numRuns: propertyRuns(100) },
  );
});

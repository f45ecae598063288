// The BTF reader over data that are changed or made up: an answer or a BtfError, whatever comes.

import fc from "fast-check";
import { describe, it } from "vitest";
import { makeBtf } from "../../builders/btf.ts";
import { propertyRuns } from "../../builders/property-runs.ts";
import { askEverything, SMALL_KERNEL } from "../../builders/small-kernel.ts";

describe("data that are damaged", () => {
  it("end in an answer or a BtfError whatever is changed", () => {
    const whole = makeBtf(SMALL_KERNEL);
    const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), (changes) => {
        const data = Buffer.from(whole);
        for (const [at, value] of changes) data.writeUInt8(value, at);
        askEverything(data);
      }),
      { numRuns: propertyRuns(5000) },
    );
  });

  it("end in an answer or a BtfError whatever is made up", () => {
    const word = fc.oneof(fc.nat(20), fc.nat(), fc.constantFrom("s", "e", "x", ""));
    const type = fc.record({
      name: fc.constantFrom("s", "e", "f", "btf_trace_t", ""),
      kind: fc.nat(19),
      kindFlag: fc.boolean(),
      vlen: fc.nat(6),
      sizeOrType: fc.nat(20),
      following: fc.array(word, { maxLength: 18 }),
    });
    fc.assert(
      fc.property(fc.array(type, { maxLength: 20 }), (types) => askEverything(makeBtf(types))),
      { numRuns: propertyRuns(5000) },
    );
  });
});

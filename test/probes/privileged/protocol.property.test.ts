// The helper's protocol: what was written is read again, and whatever else comes is no message.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decodeFrame,
  decodeList,
  decodeOutcome,
  encodeFrame,
  encodeList,
  encodeOutcome,
  KIND,
} from "../../../probes/privileged/protocol.ts";
import { propertyRuns } from "../../builders/property-runs.ts";

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
const fields = fc.array(bytes, { maxLength: 16 });
const kind = fc.constantFrom(...Object.values(KIND));
const int = fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff });

describe("a message", () => {
  it("has the same fields behind the wire, and none where a byte is missing or too many", () => {
    const property = fc.property(kind, fields, bytes, (of, given, more) => {
      const wire = encodeFrame({ kind: of, fields: given }) ?? Buffer.alloc(0);
      expect(decodeFrame(wire)).toEqual({ kind: of, fields: given });
      for (let end = 0; end < wire.length; end += 7) {
        expect(decodeFrame(wire.subarray(0, end))).toBeNull();
      }
      if (more.length > 0) expect(decodeFrame(Buffer.concat([wire, more]))).toBeNull();
    });
    fc.assert(property, { numRuns: propertyRuns(500) });
  });

  it("of any bytes is one of the seven kinds or an answer, or none", () => {
    const property = fc.property(fc.uint8Array({ maxLength: 64 }), (array) => {
      const frame = decodeFrame(Buffer.from(array));
      expect([null, undefined, ...Object.values(KIND)]).toContain(frame?.kind);
      decodeOutcome(Buffer.from(array));
      decodeList(Buffer.from(array));
    });
    fc.assert(property, { numRuns: propertyRuns(5000) });
  });
});

describe("an answer", () => {
  it("keeps result, errno and what was written", () => {
    const property = fc.property(
      int,
      int,
      fc.array(bytes, { maxLength: 3 }),
      (result, errno, written) => {
        const wire = encodeOutcome({ result, errno, written }) ?? Buffer.alloc(0);
        expect(decodeOutcome(wire)).toEqual({ result, errno, written });
      },
    );
    fc.assert(property, { numRuns: propertyRuns(500) });
  });

  it("that is too long for a message is none", () => {
    expect(encodeOutcome({ result: 0, errno: 0, written: [Buffer.alloc(200_000)] })).toBeNull();
  });
});

it("a list is read as it was written", () => {
  const property = fc.property(fields, (given) => {
    expect(decodeList(encodeList(given))).toEqual(given);
  });
  fc.assert(property, { numRuns: propertyRuns(500) });
});

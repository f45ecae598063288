// Damaged snapshots: a clear error or a partial snapshot, never a row that nobody wrote.

import fc from "fast-check";
import { expect, test } from "vitest";
import { TraceError } from "../../../src/errors.ts";
import { addressOf } from "../../../src/host/address.ts";
import { readHost } from "../../../src/host/host.ts";
import { rowsOf } from "../../../src/host/sources.ts";
import { type HostSnapshot, parseHostSnapshotText } from "../../../src/schema/host-snapshot.ts";
import { propertyRuns } from "../../builders/property-runs.ts";
import { ikev2Host, snapshotOf } from "./example.ts";

const WHOLE = ikev2Host();
const TEXT = JSON.stringify(WHOLE);

const readAll = (snapshot: HostSnapshot) => [
  ...rowsOf(readHost(snapshot).adapters),
  ...rowsOf(readHost(snapshot).ipAddresses),
  ...rowsOf(readHost(snapshot).routes),
];
const ROWS = readAll(WHOLE).map((row) => JSON.stringify(row));

function parsed(text: string): HostSnapshot | TraceError {
  try {
    return parseHostSnapshotText(text, "host.json");
  } catch (error) {
    if (error instanceof TraceError) return error;
    throw error;
  }
}

test("every truncation is an error that names the file", () => {
  for (let length = 0; length < TEXT.length; length += 1) {
    const result = parsed(TEXT.slice(0, length));
    expect(result).toBeInstanceOf(TraceError);
    expect(result).toMatchObject({ message: expect.stringContaining("host.json") });
  }
});

test("a piece that is lost or changed gives an error, or rows that are all well-formed", () => {
  const damage = fc.record({
    at: fc.nat(TEXT.length),
    length: fc.nat(40),
    put: fc.oneof(
      fc.constant(""),
      fc.string({ maxLength: 6 }),
      fc.constantFrom('"', "}", "]", ","),
    ),
  });
  fc.assert(
    fc.property(damage, ({ at, length, put }) => {
      const result = parsed(TEXT.slice(0, at) + put + TEXT.slice(at + length));
      if (result instanceof TraceError) return;
      for (const row of rowsOf(readHost(result).ipAddresses)) {
        expect(addressOf(row.address)).toMatchObject({ family: row.family });
      }
      for (const row of rowsOf(readHost(result).routes)) {
        expect(row.nextHop === null || addressOf(row.nextHop) !== null).toBe(true);
      }
    }),
    { numRuns: propertyRuns(3000) },
  );
});

test("a value that is replaced changes no row but its own", () => {
  const keys = ["Get-NetAdapter", "Get-NetIPAddress", "Get-NetRoute"];
  fc.assert(
    fc.property(
      fc.constantFrom(...keys),
      fc.nat(20),
      fc.nat(20),
      fc.jsonValue(),
      (key, i, j, value) => {
        const sources: Record<string, unknown> = JSON.parse(JSON.stringify(WHOLE.sources));
        const rows: Record<string, unknown>[] = JSON.parse(JSON.stringify(sources[key]));
        const row = rows[i % rows.length] ?? {};
        const property = Object.keys(row)[j % Object.keys(row).length] ?? "";
        row[property] = value;
        const changed = readAll(snapshotOf({ ...sources, [key]: rows })).map((r) =>
          JSON.stringify(r),
        );
        const strange = changed.filter((text) => !ROWS.includes(text));
        expect(strange.length).toBeLessThanOrEqual(1);
        expect(changed.length).toBeGreaterThanOrEqual(ROWS.length - 1);
      },
    ),
  );
});

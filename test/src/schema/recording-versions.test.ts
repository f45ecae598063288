// A recording of every version of its schema opens for good, and is diagnosed as it was.

import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { makeReport } from "../../../src/report/make.ts";
import { parseRecording } from "../../../src/schema/recording.ts";
import { RECORDING_SCHEMA } from "../../../src/schema/recording-lines.ts";
import { outcomeOf } from "../../recordings/outcome.ts";

const FOLDER = new URL("../../fixtures/", import.meta.url);
const RECORDING = /^recording-(\d+)\.ndjson$/;
const textOf = (file: string) => readFileSync(new URL(file, FOLDER), "utf8");

const versions = readdirSync(FOLDER).flatMap((file) => RECORDING.exec(file)?.[1] ?? []);

it("each version has one", () => {
  const current = Number(RECORDING_SCHEMA.split("/").at(-1));
  expect(versions.map(Number)).toEqual(Array.from({ length: current }, (_, n) => n + 1));
});

it.each(versions)("one of version %s, of the first builds that wrote it, opens", (version) => {
  const file = `recording-${version}.ndjson`;
  const outcome = outcomeOf(makeReport(parseRecording(textOf(file), file)));
  expect(outcome).toEqual(JSON.parse(textOf(`recording-${version}.json`)));
});

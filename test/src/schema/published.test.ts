// The published schemas: current, and of use to a validator that is not ours.

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { jsonReport } from "../../../src/report/json.ts";
import { jsonSchema } from "../../../src/schema/published.ts";
import { indentedJson } from "../../../src/schema/recording-lines.ts";
import { SCHEMA_NAMES } from "../../../src/schema/schema-names.ts";
import { envOf } from "../../builders/env.ts";
import { vpnHost } from "../../builders/host.ts";
import { complaints, validatorOf } from "../../builders/json-schema.ts";
import { blackholeReport } from "../report/sample-report.ts";

const ROOT = new URL("../../../", import.meta.url);
const HOSTS = new URL("test/cases/hosts/", ROOT);

const textOf = (file: URL) => readFileSync(file, "utf8");
const readJson = (file: URL): object => JSON.parse(textOf(file));
const written = (value: object): unknown => JSON.parse(indentedJson(value));

it.each(SCHEMA_NAMES)("docs/schema/%s.json is what npm run schema writes", (name) => {
  expect(textOf(new URL(`docs/schema/${name}.json`, ROOT))).toBe(jsonSchema(name));
});

it("docs/schema holds nothing else", () => {
  const files = readdirSync(new URL("docs/schema/", ROOT)).sort();
  expect(files).toEqual(SCHEMA_NAMES.map((name) => `${name}.json`).sort());
});

it("has names that stay", () => {
  const ids = SCHEMA_NAMES.map((name) => JSON.parse(jsonSchema(name)).$id);
  expect(ids).toEqual([
    "urn:wsl-trace:schema:report:1",
    "urn:wsl-trace:schema:event:1",
    "urn:wsl-trace:schema:host:1",
    "urn:wsl-trace:schema:env:1",
  ]);
});

describe("host", () => {
  const validate = validatorOf("host");

  it.each(readdirSync(HOSTS))("%s is one", (file) => {
    expect(complaints(validate, readJson(new URL(file, HOSTS)))).toEqual([]);
  });

  it("is nothing without sources, and nothing of another schema", () => {
    expect(complaints(validate, { schema: "wsl-trace.host/1" })).toHaveLength(1);
    expect(complaints(validate, { schema: "wsl-trace.host/2", sources: {} })).toHaveLength(1);
  });
});

describe("env", () => {
  const validate = validatorOf("env");

  it.each([
    ["with a VPN", vpnHost()],
    ["without Windows", null],
  ])("a report %s is one", (_, snapshot) => {
    expect(complaints(validate, written(envOf(snapshot)))).toEqual([]);
  });

  it("is nothing without the chain", () => {
    const { chain: _, ...rest } = envOf(null);
    expect(complaints(validate, written(rest)).join()).toContain("chain");
  });
});

describe("report", () => {
  const validate = validatorOf("report");
  const whole: object = JSON.parse(jsonReport(blackholeReport));

  it("is one, also with what a later version adds", () => {
    expect(complaints(validate, whole)).toEqual([]);
    expect(complaints(validate, { ...whole, later: 1 })).toEqual([]);
  });

  it.each([
    ["verdict", "unwell"],
    ["packetsSent", 1.5],
    ["chain", [{}]],
    ["events", [{ id: "e1", atMs: 0, kind: "unknown-kind" }]],
  ])("is none with another %s", (key, value) => {
    expect(complaints(validate, { ...whole, [key]: value }).join()).toContain(`/${key}`);
  });
});
